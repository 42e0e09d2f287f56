"""Values as users write them become columns."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.errors import UserError
from snnrun.results.sweep_table import Column
from snnrun.sweep.table.columns import axis_columns, rows_where


def column_of(fake_sweep, values):
    return axis_columns(fake_sweep({"x": values}).plan)[0]


@pytest.mark.parametrize(
    ("values", "unit", "numbers"),
    [
        ([3, 4.5], "1", [3, 4.5]),
        ([0.1 + 0.2, 1], "1", [0.30000000000000004, 1]),
        (["0.12345678901234567 s"], "s", [0.12345678901234567]),
        (["10 ms", "20 ms"], "ms", [10, 20]),
        (["0.3 s", "1000 ms"], "s", [0.3, 1.0]),
        (["300 ms", "0.7 s"], "ms", [300, 700]),
        (["1e-3 mV/ms", "2 mV/ms"], "mV/ms", [1e-3, 2]),
    ],
)
def test_numbers_stand_in_the_unit_of_the_first(fake_sweep, values, unit, numbers):
    column = column_of(fake_sweep, values)
    assert column.unit == unit
    assert column.data.tolist() == numbers


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["lif", "adex"], ["lif", "adex"]),
        ([True, False], ["true", "false"]),
        (["10 ms", "10 mV"], ["10 ms", "10 mV"]),
        ([1, "2*J"], ["1", "2*J"]),
        ([{"rule": "one_to_one"}], ['{"rule": "one_to_one"}']),
    ],
)
def test_what_is_no_number_or_of_two_kinds_stays_text(fake_sweep, values, texts):
    column = column_of(fake_sweep, values)
    assert column.unit == ""
    assert column.data.tolist() == texts


def test_rows_are_found_by_value_in_any_unit(fake_sweep):
    columns = {"x": column_of(fake_sweep, ["0.3 s", "0.9 s"])}
    for text in ("0.3", "0.3 s", "300 ms"):
        assert rows_where(columns, [f"x={text}"], "--where").tolist() == [True, False]


def test_a_step_of_a_range_is_found_as_it_is_printed(fake_sweep):
    column = column_of(fake_sweep, np.linspace(0, 1, 11).tolist())
    assert rows_where({"x": column}, ["x=0.3"], "--where").sum() == 1  # which is 0.30000000000000004


def test_of_seeds_every_digit_counts():
    seeds = Column("seed", "1", np.array([2**47, 2**47 + 1]))
    assert rows_where({"seed": seeds}, [f"seed={2**47 + 1}"], "--where").tolist() == [False, True]


def test_unknown_names_and_values_of_another_kind_are_refused(fake_sweep):
    columns = {"tau": column_of(fake_sweep, ["10 ms"])}
    with pytest.raises(UserError, match="Did you mean 'tau'"):
        rows_where(columns, ["tua=3"], "--where")
    with pytest.raises(UserError, match="--where tau=3 mV: the column 'x' has values in ms, and '3 mV' is none"):
        rows_where(columns, ["tau=3 mV"], "--where")
    with pytest.raises(UserError, match="--where tau=fast: the column 'x' has values in ms, and 'fast' is none"):
        rows_where(columns, ["tau=fast"], "--where")
    with pytest.raises(UserError, match="--where g=3 mV: the column 'x' has plain numbers, and '3 mV' is none"):
        rows_where({"g": column_of(fake_sweep, [3, 4])}, ["g=3 mV"], "--where")
    with pytest.raises(UserError, match="NAME=VALUE"):
        rows_where(columns, ["tau"], "--where")
    with pytest.raises(UserError, match=r"^tua=3: there is no column 'tua'"):
        rows_where(columns, ["tua=3"], "")
