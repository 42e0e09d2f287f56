"""Words of the command line: what they mean, and how what is wrong with them is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snnrun.errors import SpecError
from snnrun.spec.document import Document
from snnrun.spec.reader import parse_document
from snnrun.spec.sweep import SweepSection
from snnrun.sweep.plan.axes import section_of, split_values

TEXT = """\
snnrun: 1
parameters: {g: 5, eta: 2, tau: 20 ms}
populations: {cell: {size: 10, neuron: {model: lif, tau_m: tau}}}
inputs: {drive: {to: cell, model: constant_current, amplitude: g * eta * 10 pA}}
simulation: {duration: 100 ms}
"""
SWEEP = """\
sweep: {axes: {g: 3:8, tau: 10 ms:20 ms}, design: {design: sobol, points: 64}, seeds: 5, keep: full, collect: [a.b]}
"""


def document(sweep: str = "") -> Document:
    return parse_document(TEXT + sweep, "net.yaml")


def section(*words: str, sweep: str = "", folder: Path | None = None) -> SweepSection:
    return section_of(words, document(sweep), folder)


def complaint(*words: str, sweep: str = "") -> str:
    with pytest.raises(SpecError) as caught:
        section(*words, sweep=sweep)
    return str(caught.value)


class TestAxes:
    @pytest.mark.parametrize(
        ("word", "values"),
        [
            ("g=3:8:6", [3, 4, 5, 6, 7, 8]),
            ("eta=0.9,1,2", [0.9, 1, 2]),
            ("eta= 0.9 , 1 ", [0.9, 1]),
            ("g=5", [5]),
            ("g=log:1:100:3", [1, 10, 100]),
            ("tau=10 ms:20 ms:3", ["10 ms", "15 ms", "20 ms"]),
            ("simulation.duration=0.3 s,1 s", ["0.3 s", "1 s"]),
            ("inputs.drive.amplitude=uniform(0 pA, 5 pA),2 pA", ["uniform(0 pA, 5 pA)", "2 pA"]),
            ("inputs.drive.to=[cell, cell],cell", [["cell", "cell"], "cell"]),
            ("g=[1, 2]", [1, 2]),
            ("g={linspace: [0, 1, 3]}", [0.0, 0.5, 1.0]),
            ("inputs.drive={a: [1, 2]},{b: 3}", [{"a": [1, 2]}, {"b": 3}]),
            ("inputs.drive.to='a,b',c", ["a,b", "c"]),
            ("inputs.drive.x=true,false", [True, False]),
            ("eta=2*g,g", ["2*g", "g"]),
        ],
    )
    def test_values_of_a_word(self, word, values):
        name = word.partition("=")[0]
        swept = section(word)
        assert swept.names == (name,)
        assert [point[name] for point in swept.combinations()] == values

    def test_several_words_are_a_grid_in_their_order(self):
        swept = section("eta=1,2", "g=3:8:11")
        assert swept.names == ("eta", "g")
        assert len(swept.combinations()) == 22

    def test_axes_are_those_of_the_file_where_no_word_names_any(self):
        assert section("seeds=2", sweep=SWEEP).names == ("g", "tau")

    def test_a_named_axis_replaces_all_axes_and_the_design_of_the_file(self):
        swept = section("eta=1,2", sweep=SWEEP)
        assert (swept.names, swept.plain_design) == (("eta",), {"design": "grid"})
        assert (swept.seeds, swept.keep, swept.collect) == (5, "full", ("a.b",))

    def test_without_words_the_file_counts(self):
        assert len(section(sweep=SWEEP).combinations()) == 64


class TestChoices:
    @pytest.mark.parametrize(("word", "seeds"), [("seeds=5", 5), ("seeds=1,2,3", (1, 2, 3)), ("seeds=[4]", (4,))])
    def test_seeds(self, word, seeds):
        assert section(word).seeds == seeds

    def test_keep_and_collect(self):
        swept = section("g=1,2", "keep=summary", "collect=cell.mean_rate,cell.cv_isi")
        assert (swept.keep, swept.collect) == ("summary", ("cell.mean_rate", "cell.cv_isi"))
        assert section("g=1,2", "collect=cell.mean_rate").collect == ("cell.mean_rate",)

    def test_a_design_and_its_keys(self):
        swept = section("g=3:8", "points=16", "seed=3", "design=sobol")
        assert swept.plain_design == {"design": "sobol", "points": 16, "seed": 3}
        assert len(swept.combinations()) == 16

    def test_a_design_in_brackets(self):
        swept = section("g=3:8", "design={design: random, points: 7}")
        assert swept.plain_design == {"design": "random", "points": 7, "seed": 1}

    def test_more_points_of_the_same_design(self):
        more, few = section("points=128", sweep=SWEEP), section(sweep=SWEEP)
        assert more.combinations()[:64] == few.combinations()
        assert len(section("points=8", "g=3:4", sweep=SWEEP).combinations()) == 8

    def test_another_design_of_the_same_axes(self):
        swept = section("design=latin_hypercube", "points=5", sweep=SWEEP)
        assert (swept.names, swept.design.design, len(swept.combinations())) == (("g", "tau"), "latin_hypercube", 5)

    def test_what_is_optimised(self):
        words: Any = ("g=3:8", "design=optimise", "points=10", "round=4", "target={cell.mean_rate: 5 Hz}")
        assert len(section(*words).combinations()) == 4

    def test_a_file_of_points_replaces_the_axes(self, tmp_path):
        (tmp_path / "points.csv").write_text("eta\n1\n2\n")
        swept = section("design=list", "file=points.csv", sweep=SWEEP, folder=tmp_path)
        assert swept.combinations() == [{"eta": 1}, {"eta": 2}]

    def test_a_parameter_that_is_called_like_a_key_of_another_design_is_an_axis(self):
        named = parse_document(TEXT.replace("{g: 5", "{points: 3, g: 5"), "net.yaml")
        assert section_of(["points=1,2"], named, None).names == ("points",)


class TestComplaints:
    def test_the_word_is_shown(self):
        assert complaint("g=1,2", "tau=10 ms:20:3").splitlines()[:4] == [
            "tau  sweep.axes.tau",
            "      │ tau=10 ms:20:3",
            "      │ ^^^",
            "  10 ms and 20: the unit is missing at one end. Write it at both.",
        ]

    @pytest.mark.parametrize(
        ("words", "wrong"),
        [
            (["g"], "'g' gives no values. Write 'name=values'"),
            (["=3"], "'=3' gives no values"),
            (["h=1,2"], "There is no parameter 'h'. Known: g, eta, tau."),
            (["simulation.duratio.n=1"], "'simulation' has no 'duratio'. Did you mean 'duration'?"),
            (["g=1", "g=2"], "'g' is given twice"),
            (["seeds=1", "seeds=2"], "'seeds' is given twice"),
            (["g=1,,2"], "A value is missing"),
            (["g="], "'g=' gives no values"),
            (["g=1,2", "seeds="], "'seeds=' gives no values"),
            (["g=1,2", "design= "], "'design= ' gives no values"),
            (["g=1,3:8:11"], "cannot stand among others"),
            (["g=3:8"], "The values between 3 and 8 are not counted"),
            (["g=1,1.0"], "would be the same point twice"),
            (["g=010,2"], "leading zero"),
            (["g='1"], "quote is never closed"),
            (["g=1,2", "points=64"], "the design grid has no 'points'. Choose one that has: design=latin_hypercube"),
            (["g=1,2", "file=points.csv"], "the design grid has no 'file'. Choose one that has: design=list."),
            (["g=1,2", "seed=1,2"], "Seeds of the simulations are 'seeds', as in seeds=1,2,3."),
            (["g=1:2", "design=sobol"], "The key 'points' is missing"),
            (["g=1:2", "design=sobl"], "There is no design 'sobl'. Did you mean 'sobol'?"),
            (["g=1:2", "design=5"], "There is no design 5"),
            (["g=1,2", "keep=all"], "Expected full, analysis or summary, got 'all'"),
            (["g=1,2", "seeds=0"], "Must not be below 1, got 0"),
            (["g=1,2", "seeds=1000000"], "With 1000000 seeds there are 2000000 points, more than 1000000. Take fewer"),
            (["populations=1,2"], "'populations' is a section of the file, and no value. Name a value in it"),
            (["populations=1,2"], "by its path: 'populations.cell…'."),
            (["simulation=a,b"], "by its path: 'simulation.duration'."),
            (["design=zip", "g=1,2", "eta=1,2,3"], "different numbers of values: g 2, eta 3"),
            (["simulation.seed=1,2", "seeds=3"], "'seeds' gives each point its seed already"),
            (["title=a,b"], "'title' does not change what is simulated"),
            (["keep=full"], "Nothing varies"),
        ],
    )
    def test_what_is_wrong(self, words, wrong):
        assert wrong in complaint(*words)

    def test_a_mistake_of_the_file_is_shown_in_the_file(self):
        assert complaint("seeds=3", sweep="sweep: {axes: {h: [1, 2]}}\n").startswith("net.yaml:6:16  sweep.axes.h")


class TestSplitting:
    @pytest.mark.parametrize(
        ("text", "values"),
        [
            ("1,2", ["1", "2"]),
            ("f(a, b),[1, {x: 2, y: 3}]", ["f(a, b)", "[1, {x: 2, y: 3}]"]),
            ('"a,b", c', ['"a,b"', "c"]),
            ("it's,fine", ["it's", "fine"]),
            ("", [""]),
        ],
    )
    def test_commas_inside_of_something_part_nothing(self, text, values):
        assert split_values(text) == values

    @given(st.lists(st.text(alphabet="ab1. ", min_size=1).map(str.strip), min_size=1))
    def test_what_was_joined_is_parted(self, values):
        assert split_values(",".join(values)) == values
