"""The table of a sweep: columns, rows, replicates."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.errors import UserError
from snnrun.results.csv_text import csv_text
from snnrun.results.sweep_table import Column, SweepTable


def table_of(g, rates):
    n = len(g)
    texts = np.array([f"{index}" for index in range(n)])
    return SweepTable(
        experiment="net",
        title="",
        ids=texts,
        run_ids=texts,
        status=np.array(["done"] * n),
        replicate=np.arange(n),
        seed=np.arange(n),
        axes=(Column("g", "1", np.array(g, float)),),
        measures=(Column("exc.mean_rate", "Hz", np.array(rates, float)), Column("exc.regime", "", texts)),
        errors=np.array([""] * n),
        recordings=np.array([""] * n),
    )


def test_replicates_are_folded_as_numpy_would_fold_them():
    rng = np.random.default_rng(1)
    g = rng.integers(0, 5, 200)
    rates = rng.normal(size=200)
    rates[rng.random(200) < 0.2] = np.nan
    folded = table_of(g, rates).folded
    for index, value in enumerate(folded.axes[0].data):
        own = rates[g == value]
        assert folded.mean["exc.mean_rate"][index] == pytest.approx(np.nanmean(own), rel=1e-12)
        assert folded.sd["exc.mean_rate"][index] == pytest.approx(np.nanstd(own, ddof=1), rel=1e-12)
        assert folded.n["exc.mean_rate"][index] == np.count_nonzero(~np.isnan(own))


def test_one_replicate_has_no_spread_and_none_no_mean():
    folded = table_of([1, 2], [5, np.nan]).folded
    np.testing.assert_equal(folded.mean["exc.mean_rate"], [5, np.nan])
    np.testing.assert_equal(folded.sd["exc.mean_rate"], [np.nan, np.nan])
    assert folded.n["exc.mean_rate"].tolist() == [1, 0]


def test_sets_stand_in_the_order_in_which_they_come_first():
    folded = table_of([7, 3, 7, 5], [1, 2, 3, 4]).folded
    assert folded.axes[0].data.tolist() == [7, 3, 5]
    assert [rows.tolist() for rows in folded.rows] == [[0, 2], [1], [3]]
    assert "exc.regime" not in folded.mean


def test_some_rows_are_a_table():
    taken = table_of([1, 2, 3], [4, 5, 6]).taken(np.array([2, 0]))
    assert taken.ids.tolist() == ["2", "0"]
    assert taken.column("exc.mean_rate").data.tolist() == [6, 4]


def test_it_is_shown_in_a_line():
    assert repr(table_of([1, 2], [4, 5])) == "SweepTable(net: 2 of 2 points done, axes g, 2 measures)"


def test_an_unknown_column_is_told_with_the_nearest():
    with pytest.raises(UserError, match=r"Did you mean 'exc\.mean_rate'"):
        table_of([1], [1]).column("exc.meanrate")


def test_csv_has_units_quotes_and_the_very_same_numbers():
    columns = [
        Column("g", "1", np.array([3.0, 0.1 + 0.2])),
        Column("exc.mean_rate", "Hz", np.array([np.nan, 1e-9])),
        Column("error", "", np.array(['it said "no", \nand left', ""])),
        Column("seed", "1", np.array([2**60, 1])),
    ]
    assert csv_text(columns) == (
        'g,exc.mean_rate [Hz],error,seed\r\n3,,"it said ""no"", \nand left",1152921504606846976\r\n'
        "0.30000000000000004,1e-09,,1\r\n"
    )
