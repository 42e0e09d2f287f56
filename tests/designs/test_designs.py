"""What each design promises of its points."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from snnrun.designs.axis import read_axis
from snnrun.designs.base import Axes, Combination, Design, DrawnDesign
from snnrun.designs.steps import MAX_POINTS
from snnrun.errors import SpecError
from snnrun.registry import entries
from snnrun.spec.entries import read_entry

DRAWN = [name for name, entry in entries("designs").items() if issubclass(entry, DrawnDesign) and name != "optimise"]
every_drawn = pytest.mark.parametrize("name", DRAWN)


def axes(**raw: object) -> Axes:
    return {name: read_axis(values) for name, values in raw.items()}


def design(name: str, folder: Path | None = None, **keys: object) -> Design:
    found = read_entry("designs", {"design": name, **keys}, "design", folder)
    assert isinstance(found, Design)
    return found


def complaint(found: Design, given: Axes) -> str:
    problem = found.problem(given)
    assert problem is not None
    return str(problem)


def unit_square(points: list[Combination]) -> np.ndarray:
    return np.array([[point["x"], point["y"]] for point in points])


SQUARE = axes(x="0:1", y="0:1")


class TestGrid:
    def test_the_last_axis_varies_fastest(self):
        points = design("grid").combinations(axes(g=[4, 5], eta=[1, 2, 3]))
        assert [(point["g"], point["eta"]) for point in points] == [(4, 1), (4, 2), (4, 3), (5, 1), (5, 2), (5, 3)]

    def test_without_axes_there_is_one_point(self):
        assert design("grid").combinations({}) == [{}]

    def test_a_range_cannot_be_counted(self):
        assert complaint(design("grid"), axes(g="3:8")).startswith("axes.g: The values between 3 and 8 are not counted")

    def test_a_value_twice_is_a_point_twice(self):
        assert "'20 ms' and '0.02 s' would be the same" in complaint(design("grid"), axes(tau=["20 ms", "0.02 s"]))

    def test_a_grid_of_too_many_points_is_refused_before_it_is_made(self):
        many = f"1:{MAX_POINTS}:{MAX_POINTS // 10}"
        assert f"more than {MAX_POINTS}" in complaint(design("grid"), axes(a=many, b=many))


class TestZip:
    def test_first_with_first(self):
        points = design("zip").combinations(axes(g=[4, 5, 6], eta=[1, 2, 1]))
        assert points == [{"g": 4, "eta": 1}, {"g": 5, "eta": 2}, {"g": 6, "eta": 1}]

    def test_lengths_must_agree(self):
        assert "different numbers of values: g 2, eta 3" in complaint(design("zip"), axes(g=[1, 2], eta=[1, 2, 3]))

    def test_a_value_may_come_again_but_no_point(self):
        assert design("zip").problem(axes(g=[1, 1], eta=[1, 2])) is None
        assert "points 1 and 3 have the same values" in complaint(design("zip"), axes(g=[1, 2, 1.0], eta=[5, 6, 5]))


class TestDrawn:
    @every_drawn
    def test_the_same_seed_draws_the_same_points(self, name):
        first, again, other = (design(name, points=16, seed=seed).combinations(SQUARE) for seed in (3, 3, 4))
        assert first == again
        assert first != other

    @every_drawn
    def test_values_lie_in_their_ranges(self, name):
        drawn = design(name, points=200).combinations(axes(g="3:8", n="int:1:1000", J="log:0.1 mV:10 mV", w=[1, 2]))
        assert len(drawn) == 200
        assert all(3 <= point["g"] < 8 for point in drawn)
        assert all(isinstance(point["n"], int) and 1 <= point["n"] <= 1000 for point in drawn)
        weights = [float(str(point["J"]).removesuffix(" mV")) for point in drawn]
        assert all(0.1 <= weight < 10 for weight in weights)
        # Half of them lie below the geometric mean of the ends; the binomial SD is 7.1.
        assert abs(sum(weight < 1 for weight in weights) - 100) < 25
        assert abs(sum(point["w"] == 1 for point in drawn) - 100) < 25

    @every_drawn
    def test_a_point_that_is_drawn_again_is_not_computed_again(self, name):
        drawn = design(name, points=64).combinations(axes(g=[1, 2], n="int:1:3"))
        assert len(drawn) == 6
        assert len({(point["g"], point["n"]) for point in drawn}) == 6

    @every_drawn
    def test_there_must_be_something_to_draw(self, name):
        assert "no axes to draw from" in complaint(design(name, points=4), {})

    @pytest.mark.parametrize("name", ["random", "sobol"])
    @pytest.mark.parametrize(("fewer", "more"), [(1, 10), (10, 30), (64, 128), (128, 1000)])
    def test_more_points_keep_the_first_ones(self, name, fewer, more):
        few, many = (
            design(name, points=n, seed=5).combinations(axes(g="3:8", J="log:1 mV:9 mV")) for n in (fewer, more)
        )
        assert many[:fewer] == few
        assert len(many) == more

    def test_a_latin_hypercube_uses_each_part_of_each_axis_once(self):
        points = unit_square(design("latin_hypercube", points=50).combinations(SQUARE))
        for values in points.T:
            assert sorted(np.floor(values * 50)) == list(range(50))

    def test_a_latin_hypercube_draws_each_axis_by_itself(self):
        points = unit_square(design("latin_hypercube", points=400).combinations(SQUARE))
        # Independent axes: the SD of the correlation is 1/sqrt(400).
        assert abs(np.corrcoef(points.T)[0, 1]) < 4 / math.sqrt(400)

    def test_a_latin_hypercube_stays_below_the_upper_end_where_the_sum_is_rounded_up(self, monkeypatch):
        class Highest:
            permuted = np.random.default_rng(1).permuted

            def random(self, shape):
                return np.full(shape, np.nextafter(1, 0))

        found = design("latin_hypercube", points=50)
        monkeypatch.setattr(np.random, "default_rng", lambda seed: Highest())
        assert found.shares(2).max() < 1

    def test_sobol_points_are_those_of_scipy(self):
        points = unit_square(design("sobol", points=32, seed=7).combinations(SQUARE))
        np.testing.assert_array_equal(points, qmc.Sobol(2, scramble=True, seed=7).random(32))

    def test_each_quarter_of_a_range_has_a_quarter_of_sobols_points(self):
        points = unit_square(design("sobol", points=64).combinations(SQUARE))
        counts, _, _ = np.histogram2d(*points.T, bins=4, range=[[0, 1], [0, 1]])
        assert (counts == 4).all()

    def test_sobol_fills_more_evenly_than_a_latin_hypercube_and_that_than_random_points(self):
        by_design = {
            name: np.mean(
                [
                    qmc.discrepancy(unit_square(design(name, points=256, seed=seed).combinations(SQUARE)))
                    for seed in range(5)
                ]
            )
            for name in ("sobol", "latin_hypercube", "random")
        }
        assert 3 * by_design["sobol"] < by_design["latin_hypercube"] < by_design["random"]

    @pytest.mark.parametrize(("points", "better"), [(64, None), (1, None), (10, "8 or 16"), (127, "64 or 128")])
    def test_sobol_is_best_in_powers_of_two(self, points, better):
        remark = design("sobol", points=points).remark(SQUARE)
        assert (remark is None) if better is None else (remark is not None and better in remark)


class TestOptimise:
    def test_the_first_round_is_sobols(self):
        search = design("optimise", points=40, round=8, maximise="exc.cv_isi", seed=2)
        assert search.combinations(SQUARE) == design("sobol", points=8, seed=2).combinations(SQUARE)

    @pytest.mark.parametrize(
        ("axes", "number"),
        [
            ({"g": [1, 2, 3], "name": ["a", "b"]}, 6),
            ({"n": "int:20:1"}, 20),
            ({"n": "int:1:20", "g": [1, 2]}, 40),
            ({"n": [1, 2], "g": "0:1"}, 60),
            ({"g": "log:1:10"}, 60),
        ],
        ids=str,
    )
    def test_it_tries_no_more_sets_of_values_than_there_are(self, axes, number):
        search, read = design("optimise", points=60, maximise="exc.cv_isi"), {n: read_axis(a) for n, a in axes.items()}
        assert search.n_sets(read) == number
        assert search.remark(read) == (
            None
            if number == 60
            else f"The axes have {number} sets of values: the search ends with these, before 60 points."
        )

    def test_a_round_is_no_more_than_all(self):
        assert len(design("optimise", points=3, minimise="exc.cv_isi").combinations(SQUARE)) == 3

    def test_a_target_has_a_unit(self):
        search = design("optimise", points=3, target={"exc.mean_rate": "5 Hz"})
        assert search.target["exc.mean_rate"].to("Hz") == 5

    @pytest.mark.parametrize("aims", [{}, {"maximise": "a.b", "minimise": "a.c"}])
    def test_there_is_one_aim(self, aims):
        with pytest.raises(SpecError, match=f"there are {len(aims)}"):
            design("optimise", points=3, **aims)


class TestList:
    def read(self, folder: Path, text: str) -> Design:
        (folder / "points.csv").write_text(text)
        return design("list", folder, file="points.csv")

    def test_a_row_for_each_point(self, tmp_path):
        found = self.read(
            tmp_path, "g,tau_m [ms],simulation.duration,inputs.x.to[0]\n4,10,0.3 s,exc\n4.5,2.5,1 s,inh\n"
        )
        assert found.names({}) == ("g", "tau_m", "simulation.duration", "inputs.x.to[0]")
        assert found.combinations({}) == [
            {"g": 4, "tau_m": "10 ms", "simulation.duration": "0.3 s", "inputs.x.to[0]": "exc"},
            {"g": 4.5, "tau_m": "2.5 ms", "simulation.duration": "1 s", "inputs.x.to[0]": "inh"},
        ]
        assert found.problem({}) is None

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("4,10\n5,20\n", "must name the axes"),
            ("g,tau\n", "has no points"),
            ("g,tau\n4,\n", "a value of 'tau' is missing"),
            ("g,tau\n4\n", "line 2 has 1 column instead of 2"),
            ("g,tau\n3,5,10\n", "line 2 has 3 columns instead of 2"),
            ("g,\n4,10\n", "a column has no name. Write the axis above it"),
            ("g,tau [ms]\n4,10 ms\n", "'10 ms' in the column of 'tau' is not a number of ms"),
            ("g,tau [mx]\n4,10\n", "'mx' is not a unit"),
            ("g,tau\n4,nan\n", "nan in the column of 'tau' is not a finite number"),
            ("tau [s],tau [ms]\n4,10\n", "two columns are for 'tau'"),
            ("g,tau\n4,10 ms\n5,1\n4.0,0.01 s\n", "points 1 and 3 have the same values"),
        ],
    )
    def test_what_is_wrong_with_a_file(self, tmp_path, text, wrong):
        assert wrong in complaint(self.read(tmp_path, text), {})

    def test_axes_stand_in_the_file_alone(self, tmp_path):
        assert "The axes stand in points.csv" in complaint(self.read(tmp_path, "g\n1\n"), axes(g=[1, 2]))
