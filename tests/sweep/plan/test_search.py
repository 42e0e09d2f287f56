"""The search for the best point: told by results alone, in rounds."""

from __future__ import annotations

import itertools
import sys

import numpy as np
import pytest

from snnrun.designs.optimise import Optimise
from snnrun.errors import UserError
from snnrun.results.analysis import Analysis, Measurement
from snnrun.results.point_result import PointResult
from snnrun.results.store.points import write_point
from snnrun.sweep.files.failures import Failure, write_failure
from snnrun.sweep.plan.planning import plan_sweep
from snnrun.sweep.plan.search import best_of, objective, sets_left
from snnrun.sweep.table.collect import collect


@pytest.fixture
def search(tmp_path, cells_file):
    """Plans the next round of a search for a current and a threshold."""
    text = cells_file.replace("model: lif}", "model: lif, v_thresh: theta}").replace("300 pA", "300 pA, theta: -50 mV")
    (tmp_path / "cells.yaml").write_text(text)

    def planned(*words, axes=("drive=0.2 nA:0.6 nA", "theta=-60 mV:-40 mV")):
        return plan_sweep(
            tmp_path / "cells.yaml",
            [*axes, "design=optimise", *words],
            parameters={},
            settings={},
            output=tmp_path / "results",
        )

    return planned


def finish(made, rate_of):
    """Write results: rates that a test makes up, None for a failure."""
    made.write()
    for point in made.plan.points:
        rate = rate_of(*(float(str(value).split()[0]) for value in point.values))
        if rate is None:
            write_failure(made.folder, point.id, Failure.of(UserError("no"), "1"))
            continue
        analysis = Analysis(point.run_id, (0.0, 1.0), {"cells": {"mean_rate": Measurement(rate, "Hz", 1)}}, {})
        result = PointResult(point.id, point.run_id, 1.0, analysis, {}, {}, is_summary=True)
        write_point(result, made.folder.result(point.id))


def hill(drive, theta):
    """A smooth hill of 100 Hz at 0.5 nA and -55 mV."""
    return 100 * float(np.exp(-(((drive - 0.5) / 0.1) ** 2) - ((theta + 55) / 5) ** 2))


def in_rounds(search, rate_of, *words, **axes):
    return all_rounds(search, rate_of, *words, **axes)[-1]


def all_rounds(search, rate_of, *words, **axes):
    """Every plan until nothing is added."""
    found = [search(*words, **axes)]
    while len(found) < 2 or found[-1].plan.points != found[-2].plan.points:
        finish(found[-1], rate_of)
        found.append(search(*words, **axes))
    return found[:-1]


def test_the_first_round_fills_the_space_evenly(search):
    made = search("points=32", "round=8", "maximise=cells.mean_rate")
    assert len(made.plan.points) == 8
    drives = sorted(float(point.values[0].split()[0]) for point in made.plan.points)
    assert [int((drive - 0.2) / 0.05) for drive in drives] == list(range(8))  # one in each eighth


def test_nothing_new_is_proposed_while_a_round_is_on(search):
    made = search("points=32", "round=8", "maximise=cells.mean_rate")
    made.write()
    assert sets_left(made.plan) == 24
    assert search("points=32", "round=8", "maximise=cells.mean_rate").plan.points == made.plan.points


def test_each_round_adds_points_until_there_are_enough(search):
    made = in_rounds(search, hill, "points=20", "round=8", "maximise=cells.mean_rate")
    assert len(made.plan.points) == 20
    first = search("points=20", "round=8", "maximise=cells.mean_rate").plan.points[:8]
    assert made.plan.points[:8] == first


def test_it_climbs_a_hill_better_than_even_points(search):
    words = ("points=40", "round=8", "maximise=cells.mean_rate")
    made = in_rounds(search, hill, *words)
    rates = [hill(*(float(value.split()[0]) for value in point.values)) for point in made.plan.points]
    assert max(rates) > 90
    # Half of what it proposes lies higher than all but the best tenth of even points do.
    even = in_rounds(search, hill, "points=64", "round=64", "maximise=cells.mean_rate", "seed=3")
    evenly = [hill(*(float(value.split()[0]) for value in point.values)) for point in even.plan.points]
    assert np.median(rates[20:]) > np.quantile(evenly, 0.8)


def test_it_finds_a_target(search):
    made = in_rounds(search, hill, "points=40", "round=8", "target={cells.mean_rate: 30 Hz}")
    rates = [hill(*(float(value.split()[0]) for value in point.values)) for point in made.plan.points]
    assert min(abs(rate - 30) for rate in rates) < 3
    assert best_of(made.plan, collect(made.plan, made.folder)).startswith("cells.mean_rate = ")


def test_points_that_failed_do_not_hold_it_up(search):
    made = in_rounds(
        search,
        lambda drive, theta: None if drive > 0.4 else hill(drive, theta),
        "points=24",
        "maximise=cells.mean_rate",
    )
    assert len(made.plan.points) == 24


def test_the_same_results_lead_to_the_same_proposals(search):
    words = ("points=16", "round=8", "maximise=cells.mean_rate")
    finish(search(*words), hill)
    assert search(*words).plan.points == search(*words).plan.points


def test_more_points_go_on_where_fewer_ended(search):
    fewer = in_rounds(search, hill, "points=16", "round=8", "maximise=cells.mean_rate")
    more = search("points=24", "round=8", "maximise=cells.mean_rate")
    assert more.plan.points[:16] == fewer.plan.points
    assert len(more.plan.points) == 24


class TestFewValues:
    """Where the axes have few values, the best ones are proposed again and again; what was tried is not tried again."""

    WHOLE = "simulation.trials=int:1:20"
    LISTED = ("drive=200 pA,250 pA,300 pA,350 pA", "theta=-50 mV,-55 mV")

    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize("n_round", [3, 8])
    def test_each_round_is_full_of_new_ones(self, search, n_round, seed):
        words = ("points=15", f"round={n_round}", f"seed={seed}", "maximise=cells.mean_rate")
        found = all_rounds(search, lambda trials: -((trials - 7) ** 2), *words, axes=[self.WHOLE])
        numbers = [len({point.values for point in made.plan.points}) for made in found]
        assert numbers == [*range(n_round, 15, n_round), 15]

    @pytest.mark.parametrize("seed", [1, 2, 3])
    @pytest.mark.parametrize(("n_points", "n_round"), [(8, 2), (8, 8), (40, 3)])
    def test_all_of_them_are_tried_once(self, search, n_points, n_round, seed):
        words = (f"points={n_points}", f"round={n_round}", f"seed={seed}", "maximise=cells.mean_rate")
        made = in_rounds(search, lambda drive, _: drive, *words, axes=self.LISTED)
        tried = [point.values for point in made.plan.points]
        assert len(tried) == len(set(tried)) == 8
        assert sets_left(made.plan) == 0

    def test_the_first_round_is_full_as_well(self, search):
        # Nine of Sobol's points lie in six to eight of nine squares.
        axes = ("drive=200 pA,250 pA,300 pA", "theta=-50 mV,-55 mV,-60 mV")
        for seed in range(1, 6):
            made = search("points=20", "round=9", f"seed={seed}", "maximise=cells.mean_rate", axes=axes)
            assert len({point.values for point in made.plan.points}) == 9

    def test_where_nothing_new_is_proposed_chance_decides(self, search, monkeypatch):
        monkeypatch.setattr("snnrun.sweep.plan.search._proposals", lambda *_: itertools.repeat((0.0, 0.0)))
        words = ("points=8", "round=3", "maximise=cells.mean_rate")
        finish(search(*words, axes=self.LISTED), lambda drive, _: drive)
        one, other = (search(*words, axes=self.LISTED).plan.points for _ in range(2))
        assert len({point.values for point in one}) == 6 and one == other

    def test_it_is_said_that_there_are_not_more(self, search):
        for n_points, said in ((8, None), (9, "The axes have 8 sets of values: the search ends with these")):
            remark = search(f"points={n_points}", "maximise=cells.mean_rate", axes=self.LISTED).remark
            assert remark is None if said is None else said in remark
        assert search("points=9", "maximise=cells.mean_rate").remark is None

    def test_the_best_are_still_tried_first(self, search):
        words = ("points=40", "round=8", "maximise=cells.mean_rate")
        made = in_rounds(search, lambda n: -((n - 70) ** 2), *words, axes=["simulation.trials=int:1:100"])
        later = np.array([point.values[0] for point in made.plan.points[20:]])
        # Of 1 … 100 the half is nearer than 25; the 40 nearest, tried from the middle outwards, would give 15.
        assert np.median(np.abs(later - 70)) < 16

    def test_the_same_results_lead_to_the_same_proposals(self, search):
        words = ("points=8", "round=3", "maximise=cells.mean_rate")
        finish(search(*words, axes=self.LISTED), lambda drive, _: drive)
        one, other = (search(*words, axes=self.LISTED).plan.points for _ in range(2))
        assert len(one) == 6 and one == other


def test_another_aim_begins_anew(search):
    in_rounds(search, hill, "points=16", "round=8", "maximise=cells.mean_rate")
    assert len(search("points=16", "round=8", "minimise=cells.mean_rate").plan.points) == 8


def test_a_measure_that_does_not_exist_is_suggested(search):
    words = ("points=16", "round=8", "maximise=cells.mean_rat")
    finish(search(*words), hill)
    with pytest.raises(UserError, match=r"no column 'cells\.mean_rat'.*Did you mean 'cells\.mean_rate'"):
        search(*words)


def test_without_optuna_one_is_told_how_to_install_it(search, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UserError, match=r"pip install 'snnrun\[optimise\]'"):
        search("points=16", "maximise=cells.mean_rate")


@pytest.mark.parametrize(
    ("aim", "sought"),
    [
        ({"maximise": "exc.mean_rate"}, [-1.5, -4.0]),
        ({"minimise": "exc.mean_rate"}, [1.5, 4.0]),
        ({"target": {"exc.mean_rate": "5 Hz"}}, [3.5, 1.0]),
    ],
)
def test_what_is_sought_is_the_mean_over_seeds(fake_sweep, aim, sought):
    sweep = fake_sweep({"g": [3, 4]}, seeds=2)
    for index, rate in enumerate([1.0, 2.0, 4.0]):
        sweep.finish(index, mean_rate=(rate, "Hz"))
    assert objective(Optimise(points=4, **aim), collect(sweep.plan, sweep.folder)).tolist() == sought
