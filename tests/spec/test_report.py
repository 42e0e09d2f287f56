"""The report: where, the line, what, what to do."""

from __future__ import annotations

from snnrun.errors import Problem
from snnrun.spec.document import Document
from snnrun.spec.reader import parse_document
from snnrun.spec.report import LINE_WIDTH, render, spec_error

TEXT = """\
populations:
  exc:
    neuron: &cell {model: lif, v_tresh: theta}
  inh:
    neuron: *cell
simulation: {duration: 5 mV}
"""


def document(text: str = TEXT) -> Document:
    return parse_document(text, "exp.yaml")


def test_a_problem_is_shown_under_its_key() -> None:
    problem = Problem(("populations", "exc", "neuron", "v_tresh"), "Unknown key.", "Did you mean 'v_thresh'?")
    assert render([problem], document()) == (
        "exp.yaml:3:32  populations.exc.neuron.v_tresh\n"
        "    3 │     neuron: &cell {model: lif, v_tresh: theta}\n"
        "      │                                ^^^^^^^\n"
        "  Unknown key. Did you mean 'v_thresh'?\n"
        "\n"
        "1 problem in exp.yaml"
    )


def test_a_problem_with_the_place_of_its_value_is_shown_under_the_whole_value() -> None:
    path, spec = ("simulation", "duration"), document()
    place = spec.places.value_place(path)
    problem = Problem(path, "expected a value in ms, got 5 mV", line=place.line, column=place.column)
    assert "│ simulation: {duration: 5 mV}\n      │                        ^^^^\n" in render([problem], spec)


def test_a_problem_with_a_place_of_its_own_is_shown_under_the_word_there() -> None:
    report = render([Problem((), "No such neuron.", line=4, column=3)], document())
    assert "    4 │   inh:\n      │   ^^^\n" in report


def test_a_problem_with_a_line_only_is_shown_under_that_line() -> None:
    assert "│     neuron: *cell\n      │     ^^^^^^^^^^^^^\n" in render([Problem((), "x", line=5)], document())


def test_a_missing_section_is_named_without_a_line() -> None:
    assert (
        render([Problem(("record",), "Missing.")], document())
        == "exp.yaml  record\n  Missing.\n\n1 problem in exp.yaml"
    )


def test_what_two_populations_share_is_told_once() -> None:
    paths = [("populations", name, "neuron", "v_tresh") for name in ("inh", "exc")]
    report = render([Problem(path, "Unknown key.") for path in paths], document())
    assert report.startswith("exp.yaml:3:32  populations.exc.neuron.v_tresh\n")
    assert "The same for populations.inh.neuron.v_tresh, through the alias on line 5." in report
    assert report.endswith("\n1 problem in exp.yaml")


def test_what_is_wrong_in_one_use_only_names_the_alias() -> None:
    report = render([Problem(("populations", "inh", "neuron", "model"), "Not here.")], document())
    assert report.startswith("exp.yaml:3:20  populations.inh.neuron.model\n")
    assert "It is used through the alias on line 5." in report


def test_different_problems_of_one_key_are_both_told() -> None:
    path = ("simulation", "duration")
    assert render([Problem(path, "One."), Problem(path, "Two.")], document()).endswith("2 problems in exp.yaml")


def test_problems_come_in_the_order_of_the_file() -> None:
    error = spec_error([Problem(("simulation",), "Last."), Problem(("populations",), "First.")], document())
    assert [problem.message for problem in error.problems] == ["First.", "Last."]
    assert str(error).index("First.") < str(error).index("Last.")


def test_a_sentence_without_full_stop_gets_one_before_the_hint() -> None:
    assert "  got 5 mV. Write '5 ms'.\n" in render([Problem((), "got 5 mV", "Write '5 ms'.")], document())


def test_the_lines_of_a_message_are_indented() -> None:
    assert "\n  one\n  two\n" in render([Problem((), "one\ntwo")], document())


def test_of_a_long_line_the_part_around_the_caret_is_shown() -> None:
    text = "a: {" + ", ".join(f"key_{i}: {i}" for i in range(100)) + "}\n"
    for key in ("key_0", "key_50", "key_99"):
        _, excerpt, carets, *_ = render([Problem(("a", key), "x")], document(text)).split("\n")
        assert len(excerpt) <= LINE_WIDTH + len("    1 │ ")
        assert excerpt[carets.index("^") :].startswith(key)
        assert carets.count("^") == len(key)
        assert ("│ …" in excerpt) == (key != "key_0")
        assert excerpt.endswith("…") == (key != "key_99")


def test_the_terminal_is_not_told_anything() -> None:
    text = 'a: "\\e[2J"\n"\\e[31mkey": 1\n\u202eb: 2\n'
    report = render([Problem(("\x1b[31mkey",), "\x1b]0;owned\x07"), Problem(("\u202eb",), "x")], document(text))
    assert all(char.isprintable() for line in report.split("\n") for char in line)


def test_a_caret_below_a_tab_stays_in_its_column() -> None:
    report = render([Problem(("b",), "x")], document('{a: "x\ty", b: 1}\n'))
    assert '    1 │ {a: "x y", b: 1}\n      │            ^\n' in report
