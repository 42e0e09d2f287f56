"""The reader: YAML 1.2 without surprises, and nothing but a `Document` or a `SpecError` from any input."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from snnrun.errors import SpecError
from snnrun.spec.nodes import MAX_DEPTH, MAX_NODES
from snnrun.spec.reader import parse_document, parse_value, read_document
from snnrun.spec.source_map import Place
from snnrun.spec.text import MAX_BYTES


def data(text: str) -> dict[str, Any]:
    return parse_document(text, "exp.yaml").data


def complaint(text: str) -> str:
    """What is wrong with a text, as its user reads it."""
    with pytest.raises(SpecError) as caught:
        parse_document(text, "exp.yaml")
    return str(caught.value)


class TestScalars:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            # The tables of YAML 1.2.2, section 10.3.2, as far as snnrun accepts them.
            ("null", None),
            ("~", None),
            ("", None),
            ("true", True),
            ("FALSE", False),
            ("0", 0),
            ("-7", -7),
            ("+12", 12),
            ("1e-3", 0.001),
            ("1E3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("-1.5e+2", -150.0),
            # Text in YAML 1.2, booleans in 1.1.
            ("no", "no"),
            ("on", "on"),
            ("y", "y"),
            # Text by any reading.
            ("20 ms", "20 ms"),
            ("-g * J", "-g * J"),
            ("1e", "1e"),
            ("inf", "inf"),
            ("1_a", "1_a"),
            ("1,5", "1,5"),
            ("9223372036854775807", 2**63 - 1),
            ("-9223372036854775808", -(2**63)),
        ],
    )
    def test_a_bare_word_means_what_yaml_1_2_says(self, written: str, value: object) -> None:
        read = data(f"a: {written}")["a"]
        assert read == value
        assert type(read) is type(value)

    @pytest.mark.parametrize("quoted", ["'1'", '"true"', "'1:30'", '"010"', "'.inf'", "'2024-05-01'", "|-\n  1"])
    def test_what_is_quoted_is_text(self, quoted: str) -> None:
        assert isinstance(data(f"a: {quoted}")["a"], str)

    @pytest.mark.parametrize(
        "word",
        [
            *("010", "-007", "00", "00.5", "0x1F", "0o17", "0b1", "1_000", "1_000.5", "1:30", "-12:30:45.5"),
            *("2024-05-01", "2024-05-01T12:00:00", "2024-05-01 12:00:00", ".inf", "-.Inf", ".NaN"),
            *("1e999", "1e-999", "9223372036854775808", "9" * 5000),
        ],
    )
    def test_what_readers_of_yaml_disagree_on_is_refused_with_a_hint(self, word: str) -> None:
        with pytest.raises(SpecError) as caught:
            data(f"a: {word}")
        (problem,) = caught.value.problems
        assert (problem.path, problem.line, problem.column) == (("a",), 1, 4)
        assert problem.hint

    def test_a_leading_zero_is_taken_away_in_the_hint(self) -> None:
        assert "Write -7," in complaint("a: -007")


class TestAnchors:
    TEXT = (
        "base: &base {tau_m: 20 ms, v_rest: 0 mV, c_m: 2 pF}\n"
        "other: &other {v_rest: 1 mV, c_m: 1 pF}\n"
        "exc: &exc\n"
        "  v_rest: 5 mV\n"
        "  <<: [*base, *other]\n"
        "inh: *exc\n"
    )

    def test_explicit_keys_win_over_merged_ones_and_earlier_merges_over_later(self) -> None:
        assert data(self.TEXT)["exc"] == {"tau_m": "20 ms", "v_rest": "5 mV", "c_m": "2 pF"}

    def test_agrees_with_pyyaml_on_merges(self) -> None:
        assert data(self.TEXT) == yaml.safe_load(self.TEXT)

    def test_an_alias_is_a_copy_of_its_own(self) -> None:
        read = data(self.TEXT)
        assert read["inh"] == read["exc"]
        assert read["inh"] is not read["exc"]

    def test_an_alias_of_an_alias_chain_counts_its_depth(self) -> None:
        links = "\n".join(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 2 * MAX_DEPTH))
        assert f"deeper than {MAX_DEPTH} levels" in complaint("a0: &a0 [x]\n" + links)

    @pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a {<<: *a}", "&a a: *a", "? &a a\n: *a"])
    def test_nothing_contains_itself(self, text: str) -> None:
        complaint(text)

    def test_an_anchor_has_one_meaning(self) -> None:
        assert "'&x' is set twice" in complaint("a: &x 1\nb: &x 2")

    @pytest.mark.parametrize("merge", ["5", "[*a, 5]", "text", "*b"])
    def test_only_mappings_are_merged(self, merge: str) -> None:
        assert "Only mappings" in complaint(f"a: &a {{x: 1}}\nb: &b 3\nc: {{<<: {merge}}}")


class TestPlaces:
    def test_of_key_value_and_item(self) -> None:
        places = parse_document("a:\n  key: some text  # why\n  list: [one, {two: 2}]\n", "exp.yaml").places
        assert places.locate(("a", "key")) == Place(2, 3, 3)
        assert places.value_place(("a", "key")) == Place(2, 8, 9)
        assert places.value_place(("a", "list")) == Place(3, 9, 15)
        assert places.locate(("a", "list", 0)) == Place(3, 10, 3)
        assert places.locate(("a", "list", 1, "two")) == Place(3, 16, 3)

    def test_an_unknown_path_is_at_its_nearest_parent(self) -> None:
        places = parse_document("a:\n  b: 1\n", "exp.yaml").places
        assert places.locate(("a", "c", "d")) == places.locate(("a",)) == Place(1, 1, 1)

    def test_a_missing_section_has_nothing_to_point_at(self) -> None:
        assert parse_document("a: 1\n", "exp.yaml").places.locate(("simulation",)).width == 0

    def test_what_comes_through_an_alias_stands_at_the_anchor(self) -> None:
        places = parse_document(TestAnchors.TEXT, "exp.yaml").places
        assert places.locate(("exc", "tau_m")) == Place(1, 14, 5, via=5)
        assert places.locate(("inh",)) == Place(6, 1, 3)
        assert places.locate(("inh", "v_rest")) == Place(4, 3, 6, via=6)
        assert places.locate(("inh", "tau_m")) == Place(1, 14, 5, via=6)
        assert places.value_place(("inh",)).via == 6

    @pytest.mark.parametrize("header", ["|", "|-  # comment", "&eq |", "&eq\n    |", "|2"])
    def test_the_lines_of_a_text_block(self, header: str) -> None:
        text = f"a:\n  equations: {header}\n    dv/dt = -v/tau\n\n      dw/dt = 0\nb: 1\n"
        places = parse_document(text, "exp.yaml").places
        first, third = places.block_line(("a", "equations"), 1), places.block_line(("a", "equations"), 3)
        assert text.split("\n")[first.line - 1][first.column - 1 :] == "dv/dt = -v/tau"
        assert text.split("\n")[third.line - 1][third.column - 1 :] == "dw/dt = 0"

    def test_a_line_of_anything_else_is_the_value(self) -> None:
        places = parse_document("a: text\n", "exp.yaml").places
        assert places.block_line(("a",), 2) == places.value_place(("a",))


class TestFiles:
    def test_windows_line_ends_and_byte_order_mark_are_accepted(self, tmp_path: Path) -> None:
        file = tmp_path / "exp.yaml"
        file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n")
        document = read_document(file)
        assert document.data == {"a": 1, "b": "x\ny\n"}
        assert document.places.locate(("b",)) == Place(2, 1, 1)
        assert document.name == str(file)

    def test_a_missing_file_names_a_similar_one(self, tmp_path: Path) -> None:
        (tmp_path / "brunel.yaml").touch()
        with pytest.raises(
            SpecError, match=r"brunell\.yaml\n  There is no such file\. Did you mean '.*brunel\.yaml'\?"
        ):
            read_document(tmp_path / "brunell.yaml")

    def test_a_folder_is_not_a_file(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match="This is a folder"):
            read_document(tmp_path)

    @pytest.mark.parametrize("path", ["x.yaml\0", "x" * 5000, "/dev/null/exp.yaml"])
    def test_what_cannot_be_opened_says_why(self, path: str) -> None:
        with pytest.raises(SpecError, match="The file cannot be read"):
            read_document(Path(path))

    @pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
    def test_another_encoding_is_named_with_its_line(self, tmp_path: Path, encoding: str) -> None:
        file = tmp_path / "exp.yaml"
        file.write_bytes("title: étude\n".encode(encoding))
        with pytest.raises(SpecError, match="Line 1 is not text in UTF-8"):
            read_document(file)

    def test_a_file_without_end_is_too_large(self) -> None:
        with pytest.raises(SpecError, match="larger than 1000 kB"):
            read_document(Path("/dev/zero"))


LAUGHS = "a0: &a0 [lol, lol]\n" + "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10))
DOUBLING = "a0: &a0 {k: {x: 1}}\n" + "\n".join(
    f"a{i}: &a{i} {{l: *a{i - 1}, r: *a{i - 1}, <<: [*a{i - 1}, *a{i - 1}]}}" for i in range(1, 30)
)
MERGED_LISTS = "a: &a {" + ", ".join(f"k{i}: 1" for i in range(1000)) + "}\nb: {<<: [" + "*a, " * 1000 + "]}"
HOSTILE = {
    "[ without end": ("[" * 200_000, f"deeper than {MAX_DEPTH} levels"),
    "[ beyond the recursion limit": ("[" * 500 + "]" * 500, f"deeper than {MAX_DEPTH} levels"),
    "{ without end": ("{a: " * 500, f"deeper than {MAX_DEPTH} levels"),
    "- without end": ("- " * 200_000, f"deeper than {MAX_DEPTH} levels"),
    "? without end": ("? " * 200_000, "A key cannot be"),
    "billion laughs": (LAUGHS, f"larger than {MAX_NODES} values"),
    "doubling merges": (DOUBLING, f"larger than {MAX_NODES} values"),
    "merges of long lists": (MERGED_LISTS, f"more than {MAX_NODES} values"),
    "more values than allowed": ("a: [" + "1," * (MAX_NODES + 1) + "]", f"more than {MAX_NODES} values"),
    "more text than allowed": ("a: " + "x" * MAX_BYTES, "larger than 1000 kB"),
    "more bytes than characters": ("a: " + "é" * (MAX_BYTES // 2), "larger than 1000 kB"),
    "python tag": ("a: !!python/object/apply:os.system [ls]", "tags"),
    "tag of the core schema": ("a: !!int 5", "tags"),
    "tag of a key": ("!!str a: 5", "tags"),
    "tag with an unknown handle": ("a: !e!x 5", "tags"),
    "NUL": ("a: 1\nb: x\0y", "exp.yaml:2:5"),
    "byte order mark inside": ("a: 1\nb: \ufeff1", "invisible character"),
    "line separator": ("a: 1\u2028b: 2", "invisible character"),
    "lone surrogate": ("a: \ud800", "invisible character"),
    "escaped surrogate": ('a: "\\ud800"', "half a character"),
    "escape beyond Unicode": ('a: "\\UFFFFFFFF"', "This is not YAML"),
    "endless version": ("%YAML 1." + "9" * 5000 + "\n---\na: 1", "This is not YAML"),
    "two documents": ("a: 1\n---\nb: 2", "second document"),
    "number as key": ("1: 2", "must be text"),
    "nothing as key": ("?\n: 2", "A key is missing"),
    "list as key": ("[a]: 2", "A key cannot be"),
    "alias as key": ("a: &x 1\n*x : 2", "A key cannot be"),
    "only spaces": ("  \n  ", "empty"),
}


class TestHostileText:
    @pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE.keys())
    def test_is_refused_with_a_reason(self, text: str, said: str) -> None:
        assert said in complaint(text)

    def test_a_file_full_of_problems_is_given_up(self) -> None:
        assert complaint("a: 1\n" * 1000).endswith("20 problems in exp.yaml")

    def test_problems_before_a_syntax_error_are_told_too(self) -> None:
        assert complaint("a: 010\nb: [1").endswith("2 problems in exp.yaml")


class TestOneValue:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("4.5", 4.5),
            ("5 s", "5 s"),
            ("'1'", "1"),
            ("", None),
            ("-g * J", "-g * J"),
            ("uniform(0 mV, theta)", "uniform(0 mV, theta)"),
            ("[1, 2]", [1, 2]),
            ("{a: {b: 1}}", {"a": {"b": 1}}),
        ],
    )
    def test_is_read_as_in_a_file(self, text: str, value: object) -> None:
        assert parse_value(text) == value

    @pytest.mark.parametrize("text", ["LIF: rates", "- 1", "a: 1\nb: 2"])
    def test_a_mapping_without_brackets_is_an_accident(self, text: str) -> None:
        with pytest.raises(SpecError, match="without brackets"):
            parse_value(text)


# Text that YAML 1.1 (which safe_dump writes) and the reader's schema agree to be text.
words = st.text(alphabet="abcdefgh µΩ_-#:'\"{}[],&*!|>%@`\n", max_size=12)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
trees = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(words.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
    max_leaves=25,
)


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(words, trees, max_size=4), st.booleans())
def test_what_pyyaml_writes_is_read_back(tree: dict[str, Any], flow: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True)
    assert data(text) == tree


def paths(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for step, inner in below for found in paths(inner, (*path, step)))]


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(words, trees, max_size=4), st.booleans())
def test_every_path_has_a_place_inside_of_the_text(tree: dict[str, Any], flow: bool) -> None:
    document = parse_document(yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True), "exp.yaml")
    lines = document.text.split("\n")
    for path in paths(document.data)[1:]:
        for place in (document.places.locate(path), document.places.value_place(path)):
            assert 1 <= place.column <= place.column + place.width <= len(lines[place.line - 1]) + 1


@settings(deadline=None, derandomize=True)
@given(st.text() | st.text(alphabet="ab1: -?[]{},&*!|>'\"%@#\n\t\\~<.0xU", max_size=60))
def test_any_text_gives_a_document_or_a_spec_error(text: str) -> None:
    try:
        read = data(text)
    except SpecError as error:
        report = str(error)
    else:
        report = ""
        assert all(math.isfinite(leaf) for leaf in leaves(read) if isinstance(leaf, float))
    assert not report or report.endswith("in exp.yaml")


def leaves(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [leaf for inner in tree.values() for leaf in leaves(inner)]
    if isinstance(tree, list):
        return [leaf for inner in tree for leaf in leaves(inner)]
    return [tree]
