"""`-p` and `--set`: one value changes, and what is wrong with it is shown on the command line."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from snnrun.errors import KeyPath, Problem, SpecError
from snnrun.spec.document import Document
from snnrun.spec.overrides import apply_overrides, parse_assignment, parse_path, written_assignment
from snnrun.spec.reader import parse_document
from snnrun.spec.report import render

TEXT = """\
parameters: {g: 5, eta: 2}
populations:
  exc: {size: 80, neuron: &cell {model: lif, tau_m: 20 ms}}
  inh: {size: 20, neuron: *cell}
inputs: {noise: {to: [exc, inh]}}
simulation: {duration: 2 s}
"""


@pytest.fixture
def document() -> Document:
    return parse_document(TEXT, "exp.yaml")


def complaint(document: Document, parameters: dict[str, Any], settings: dict[str, Any]) -> str:
    with pytest.raises(SpecError) as caught:
        apply_overrides(document, parameters, settings)
    return str(caught.value)


class TestAssignments:
    @pytest.mark.parametrize(
        ("text", "name", "value"),
        [
            ("g=4.5", "g", 4.5),
            ("simulation.duration=5 s", "simulation.duration", "5 s"),
            ("inputs.x.to=[exc, inh]", "inputs.x.to", ["exc", "inh"]),
            ("threshold=v == 1", "threshold", "v == 1"),
            ("title=", "title", None),
        ],
    )
    def test_a_name_and_a_yaml_value(self, text: str, name: str, value: object) -> None:
        assert parse_assignment(text) == (name, value)

    @pytest.mark.parametrize(
        "text",
        ["g=4.5", "g=1e-05", "t=5 s", "to=[exc, inh]", "a={b: 2 mV}", "t='5'", "t='# 1'", "t=' x'", "t=", "t='a=b: c'"],
    )
    def test_what_was_read_is_written_so_that_it_reads_back(self, text: str) -> None:
        read = parse_assignment(text)
        assert parse_assignment(written_assignment(*read)) == read

    def test_a_text_is_written_as_one_types_it(self) -> None:
        assert written_assignment("simulation.duration", "5 s") == "simulation.duration=5 s"

    @pytest.mark.parametrize("text", ["g", "=4.5", ""])
    def test_both_are_needed(self, text: str) -> None:
        with pytest.raises(SpecError, match="Write '-p name=value'"):
            parse_assignment(text)

    def test_a_value_that_is_no_yaml_is_shown(self) -> None:
        with pytest.raises(SpecError, match="--set title:1:1\n    1 │ 'rates\n"):
            parse_assignment("title='rates", "--set")

    @pytest.mark.parametrize(
        "path", [("simulation", "duration"), ("inputs", "x", "to", 0), ("a", 1, 2, "b"), ("title",)]
    )
    def test_paths_are_typed_as_messages_write_them(self, path: KeyPath) -> None:
        assert parse_path(Problem(path, "").key) == path

    @pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "[0]", "a[x]", "a[-1]", "a[0]b", "a]b"])
    def test_what_is_not_a_path_says_how_to_write_one(self, text: str) -> None:
        with pytest.raises(SpecError, match="Write keys with dots"):
            parse_path(text)


class TestValues:
    def test_a_parameter(self, document: Document) -> None:
        assert apply_overrides(document, {"g": 4.5}, {}).data["parameters"] == {"g": 4.5, "eta": 2}

    def test_a_value_an_item_and_a_new_key(self, document: Document) -> None:
        settings = {"simulation.duration": "5 s", "inputs.noise.to[1]": "exc", "simulation.seed": 0, "title": "New"}
        changed = apply_overrides(document, {}, settings).data
        assert changed["simulation"] == {"duration": "5 s", "seed": 0}
        assert changed["inputs"] == {"noise": {"to": ["exc", "exc"]}}
        assert changed["title"] == "New"

    def test_the_document_itself_stays(self, document: Document) -> None:
        before = copy.deepcopy(document.data)
        apply_overrides(document, {"g": 1}, {"inputs.noise.to[0]": "inh", "populations.exc.neuron.tau_m": "1 ms"})
        assert document.data == before
        assert document.places.locate(("parameters", "g")).option is None

    def test_what_an_alias_shares_changes_in_one_place_only(self, document: Document) -> None:
        populations = apply_overrides(document, {}, {"populations.exc.neuron.tau_m": "10 ms"}).data["populations"]
        assert (populations["exc"]["neuron"]["tau_m"], populations["inh"]["neuron"]["tau_m"]) == ("10 ms", "20 ms")

    def test_later_settings_build_on_earlier_ones_and_parameters_on_settings(self, document: Document) -> None:
        settings = {"parameters": {"h": 1}, "simulation": {"dt": "1 ms"}, "simulation.seed": 3}
        changed = apply_overrides(document, {"h": 2}, settings).data
        assert changed["parameters"] == {"h": 2}
        assert changed["simulation"] == {"dt": "1 ms", "seed": 3}


class TestDeadEnds:
    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("simulatoin.duration", "The experiment has no 'simulatoin'. Did you mean 'simulation'?"),
            ("populations.exz.size", "'populations' has no 'exz'. Did you mean 'exc'?"),
            ("populations.none.size", "'populations' has no 'none'. Known: exc, inh."),
            ("simulation.duration.unit", "'simulation.duration' holds a single value"),
            ("inputs.noise.to[2]", "'inputs.noise.to' has 2 items, counted from 0."),
            ("inputs.noise.to.first", "'inputs.noise.to' is a list."),
            ("inputs[0]", "'inputs' is not a list. Known: noise."),
            ("inputs..to", "'inputs..to' is not a key path."),
        ],
    )
    def test_of_a_setting(self, document: Document, path: str, said: str) -> None:
        assert said in complaint(document, {}, {path: 1})

    def test_of_a_parameter(self, document: Document) -> None:
        assert "There is no parameter 'etta'. Did you mean 'eta'?" in complaint(document, {"etta": 1}, {})
        assert "There is no parameter 'x'. Known: g, eta." in complaint(document, {"x": 1}, {})

    def test_without_any_parameters(self) -> None:
        assert "has no parameters" in complaint(parse_document("title: x", "exp.yaml"), {"g": 1}, {})

    def test_all_are_told_at_once(self, document: Document) -> None:
        said = complaint(document, {"x": 1, "y": 1}, {"z.z": 1, "a..b": 2, "simulation.duration": "1 s"})
        assert said.endswith("4 problems in exp.yaml")


class TestPlaces:
    def test_a_problem_of_an_overridden_key_is_shown_on_the_command_line(self, document: Document) -> None:
        changed = apply_overrides(document, {"g": 4.5}, {})
        assert render([Problem(("parameters", "g"), "Too small.")], changed) == (
            "-p g  parameters.g\n      │ -p g=4.5\n      │    ^\n  Too small.\n\n1 problem in exp.yaml"
        )

    def test_and_one_of_its_value_below_the_value(self, document: Document) -> None:
        changed = apply_overrides(document, {}, {"simulation.duration": "5 mV"})
        path = ("simulation", "duration")
        place = changed.places.value_place(path)
        assert render([Problem(path, "Not a time.", line=place.line, column=place.column)], changed).startswith(
            "--set simulation.duration\n"
            "      │ --set simulation.duration='5 mV'\n"
            "      │                           ^^^^^^\n"
        )

    def test_what_lies_below_an_overridden_value_is_there_too(self, document: Document) -> None:
        changed = apply_overrides(document, {}, {"populations.exc.neuron": {"model": "lif", "tau_m": 1}})
        report = render([Problem(("populations", "exc", "neuron", "tau_m"), "The unit is missing.")], changed)
        assert report.startswith(
            "--set populations.exc.neuron  populations.exc.neuron.tau_m\n"
            """      │ --set populations.exc.neuron='{"model": "lif", "tau_m": 1}'\n"""
        )

    def test_a_line_of_a_replaced_text_block_is_the_value(self, document: Document) -> None:
        changed = apply_overrides(document, {}, {"title": "x = 1\ny = 2"})
        assert changed.places.block_line(("title",), 2) == changed.places.value_place(("title",))

    def test_problems_of_the_file_come_first(self, document: Document) -> None:
        changed = apply_overrides(document, {"g": 1}, {})
        report = render([Problem(("parameters", "g"), "A."), Problem(("simulation",), "B.")], changed)
        assert report.index("B.") < report.index("A.")
