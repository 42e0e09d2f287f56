"""Which rows and columns of a table are shown."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.errors import UserError
from snnrun.sweep.table.collect import collect
from snnrun.sweep.table.selection import select


@pytest.fixture
def table(fake_sweep):
    """Two values of g, one of tau, three seeds; the last point is missing."""
    sweep = fake_sweep({"g": [3, 4], "tau": ["10 ms"]}, seeds=3)
    for index, (rate, regime) in enumerate([(10.0, "AI"), (12.0, "SI"), (14.0, "AI"), (7.0, "AI"), (np.nan, np.nan)]):
        sweep.finish(index, mean_rate=(rate, "Hz"), regime=(regime, ""))
    return collect(sweep.plan, sweep.folder)


def shown(table, **choices):
    return {each.column.name: each for each in select(table, **choices)}


def test_only_what_varies_is_shown_with_the_measures(table):
    assert list(shown(table)) == ["point", "g", "replicate", "status", "exc.mean_rate", "exc.regime"]
    done = table.taken(table.status == "done")
    assert "status" not in shown(done)


def test_a_column_that_is_asked_for_is_shown_even_if_it_does_not_vary(table):
    assert list(shown(table, columns=["tau", "seed"])) == ["tau", "seed"]


def test_the_plan_says_which_measures_are_shown(table):
    assert "exc.regime" not in shown(table, measures=["exc.mean_rate"])


def test_rows_are_chosen(table):
    assert shown(table, where=["g=3", "replicate=1"])["exc.mean_rate"].column.data.tolist() == [12.0]
    assert len(shown(table, where=["status=missing"])["point"].column.data) == 1
    assert len(shown(table, where=["exc.regime=AI"])["point"].column.data) == 3
    assert len(shown(table, where=["g=99"])["point"].column.data) == 0


def test_rows_are_sorted_up_and_down_and_undefined_ones_come_last(table):
    up = shown(table, sort="exc.mean_rate")["exc.mean_rate"].column.data
    down = shown(table, sort="-exc.mean_rate")["exc.mean_rate"].column.data
    np.testing.assert_equal(up, [7, 10, 12, 14, np.nan, np.nan])
    np.testing.assert_equal(down, [14, 12, 10, 7, np.nan, np.nan])


def test_equal_rows_keep_their_order(table):
    by_g = shown(table, sort="-g")
    assert by_g["g"].column.data.tolist() == [4, 4, 4, 3, 3, 3]
    assert by_g["replicate"].column.data.tolist() == [0, 1, 2, 0, 1, 2]


def test_seeds_are_folded_to_mean_standard_deviation_and_number(table):
    folded = shown(table, fold=True)
    rate = folded["exc.mean_rate"]
    assert folded["g"].column.data.tolist() == [3, 4]
    assert rate.column.data.tolist() == [12, 7]
    np.testing.assert_equal(rate.sd, [np.std([10, 12, 14], ddof=1), np.nan])
    assert rate.n.tolist() == [3, 1]
    assert folded["done"].column.data.tolist() == [3, 2]
    assert [part.name for part in rate.apart()] == ["exc.mean_rate", "exc.mean_rate.sd", "exc.mean_rate.n"]


def test_of_texts_the_most_frequent_is_told_with_its_number(table):
    regime = shown(table, fold=True)["exc.regime"]
    assert regime.column.data.tolist() == ["AI", "AI"]
    assert regime.n.tolist() == [2, 1]


def test_folding_comes_after_choosing(table):
    rate = shown(table, fold=True, where=["replicate=0"], sort="-g")["exc.mean_rate"]
    assert (rate.column.data.tolist(), rate.n.tolist()) == ([7, 10], [1, 1])


def test_unknown_columns_are_refused_with_the_nearest(table):
    with pytest.raises(UserError, match=r"--sort -exc\.mean_rat: .* Did you mean 'exc\.mean_rate'"):
        select(table, sort="-exc.mean_rat")
    with pytest.raises(UserError, match=r"--columns exc\.mean_rat: "):
        select(table, columns=["exc.mean_rat"])
    with pytest.raises(UserError, match=r"--where exc\.mean_rat=3: "):
        select(table, where=["exc.mean_rat=3"])
