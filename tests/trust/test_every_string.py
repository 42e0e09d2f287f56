"""A hostile text in any place of an experiment is refused with a reason, or does no harm where free text may stand."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from snnrun.errors import KeyPath, SpecError
from snnrun.language.equations import parse_condition, parse_equations, parse_statements
from snnrun.language.names import label_problem
from snnrun.network.blueprint import Blueprint
from snnrun.network.checks import check
from snnrun.network.compose import compose
from snnrun.spec.document import Document
from snnrun.spec.draft import draft
from snnrun.spec.report import spec_error

# Payloads that ran, hung or crashed somewhere between a file and a running program; they would leave "pwned" behind.
VALUES = {
    "python in a string of an expression": """sin("__import__('os').system('touch pwned')")""",
    "python in octal escapes": r'sin("\137\137import\137\137(\047os\047).system(\047touch pwned\047)")',
    "c++ behind a carriage return": 'v = 0*mV # x \r if(system("touch pwned")){}',
    "shell": "$(touch pwned); `touch pwned`",
    "template": "{{ ''.__class__.__mro__ }}{% include '/etc/passwd' %}",
    "tower of powers": "9**9**9*v",
    "macro": "NULL",
    "markup of figures": r"$\frac{1}{$ <script>alert(1)</script>",
    "line ends and escapes of a terminal": "\x1b]0;pwned\x07\x1b[2J\n\n\u2028",
}
NAMES = ("../../pwned", "__class__", "x; system(1)", "", "exc\n")


def leaves(node: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Where a value stands."""
    if isinstance(node, dict | list):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def keys(node: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Where a key stands."""
    if isinstance(node, dict | list):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(key, str):
                yield (*path, key)
            yield from keys(inner, (*path, key))


def with_value(tree: dict[str, Any], path: KeyPath, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(tree)
    here: Any = changed
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return changed


def with_key(tree: dict[str, Any], path: KeyPath, key: str) -> dict[str, Any]:
    changed = copy.deepcopy(tree)
    here: Any = changed
    for step in path[:-1]:
        here = here[step]
    here[key] = here.pop(path[-1])
    return changed


def assert_sound(blueprint: Blueprint) -> None:
    """Everything that goes to Brian consists of whitelisted characters and reads back to itself."""
    for text in texts(blueprint.to_plain()):
        assert re.fullmatch(r"[A-Za-z0-9_ \n+\-*/%<>=!().,:]*", text), text
    for population in blueprint.populations:
        assert label_problem(population.name) is None
        again = "\n".join(equation.text() for equation in parse_equations(population.equations))
        assert again == population.equations
        for condition in (population.threshold, population.refractory, *dict(population.initial).values()):
            assert not condition or parse_condition(condition) == condition
        for code in (population.reset, *(update.code for update in population.updates)):
            assert "\n".join(statement.text() for statement in parse_statements(code)) == code
    for projection in blueprint.projections:
        assert not any(label_problem(part) for part in projection.name.split("__"))
        again = "\n".join(equation.text() for equation in parse_equations(projection.equations))
        assert again == projection.equations
        for code in (projection.on_pre, projection.on_post):
            assert "\n".join(statement.text() for statement in parse_statements(code)) == code


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list | tuple):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from texts(inner)


def refused_or_harmless(data: dict[str, Any], folder: Any) -> bool:
    """Whether it was refused; otherwise nothing of it reaches Brian.

    As `loads`, past the YAML reader, which has tests of its own and takes most of the time.
    """
    document = Document(data)
    drafted = draft(document, folder)
    problems = [*drafted.problems, *check(drafted)]
    if problems or drafted.experiment is None:
        # What is shown on a terminal is not obeyed by it.
        shown = str(spec_error(problems, document))
        assert problems and all(character.isprintable() or character == "\n" for character in shown)
        return True
    experiment = drafted.experiment
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", experiment.name)
    assert_sound(compose(experiment).blueprint)
    return False


FREE_TEXT = {("title",), ("references", 0, "doi"), ("references", 0, "note")}
RECEPTOR = ("projections", "current", "synapse", "receptor")
PAGE = ("figures", 1, "name")


def test_the_experiment_itself_is_sound(everything, folder):
    assert not refused_or_harmless(everything, folder)


@pytest.mark.parametrize("payload", VALUES)
def test_hostile_values(payload, everything, folder, patience):
    accepted = set()
    for path in leaves(everything):
        with patience(path):
            if not refused_or_harmless(with_value(everything, path, VALUES[payload]), folder):
                accepted.add(path)
    # A receptor is only the end of a name, as in I_NULL, and a page is a file NULL.png.
    assert accepted == FREE_TEXT | ({RECEPTOR, PAGE} if payload == "macro" else set())


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names(name, everything, folder, patience):
    for path in keys(everything):
        with patience(path):
            assert refused_or_harmless(with_key(everything, path, name), folder), path


@pytest.mark.parametrize("value", [None, True, 10**30, float("nan"), [], {"a": {"b": 1}}])
def test_values_of_other_kinds(value, everything, folder, patience):
    for path in leaves(everything):
        with patience(path):
            refused_or_harmless(with_value(everything, path, value), folder)


TOKENS = (
    *("v", "w", "tau_m", "v_post", "weight", "t", "dt", "xi", "I_total", "mV", "1", "2.5", "1e308", "and", "not"),
    *("+", "-", "*", "/", "**", "(", ")", " ", "\n", ":", " = ", " += ", " > ", ",", "#", "\\", '"', "'", ";", "\r"),
    *("__", "{", "}", "dv/dt", "exp(", "rand()", "uniform(", " : volt", " : 1", " (shared)", "unless refractory"),
)
PIECES = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(TOKENS), max_size=14).map("".join))
CODE = (
    ("populations", "own", "neuron", "equations"),
    ("populations", "own", "neuron", "threshold"),
    ("populations", "own", "neuron", "reset"),
    ("populations", "own", "neuron", "refractory"),
    ("projections", "plastic", "synapse", "equations"),
    ("projections", "plastic", "synapse", "current"),
    ("projections", "plastic", "synapse", "state"),
    ("projections", "plastic", "synapse", "on_pre"),
    ("projections", "plastic", "synapse", "on_post"),
    ("projections", "current", "synapse", "receptor"),
    ("projections", "current", "synapse", "weight"),
    ("populations", "exc", "initial", "v"),
)


@settings(
    max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.sampled_from(CODE), PIECES)
@example(CODE[0], "dv/dt = (I_total*1*Mohm - v)/tau_m : volt\nw : 1\nx : 1 (shared)")
@example(CODE[9], "exc")
def test_any_text_is_refused_or_harmless(everything, folder, patience, path, text):
    with patience((*path, text)):
        refused_or_harmless(with_value(everything, path, text), folder)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(CODE[:5]), st.lists(st.integers(0, 200), min_size=1, max_size=3), PIECES)
def test_any_text_put_into_good_code_is_refused_or_harmless(everything, folder, patience, path, places, piece):
    text = everything
    for step in path:
        text = text[step]
    for place in places:
        cut = place % (len(text) + 1)
        text = text[:cut] + piece[:6] + text[cut:]
    with patience((*path, text)):
        refused_or_harmless(with_value(everything, path, text), folder)


def test_free_text_survives_the_journey(read, everything):
    title = VALUES["markup of figures"] + VALUES["python in a string of an expression"]
    experiment = read(with_value(everything, ("title",), title))
    assert experiment.title == title
    assert json.dumps(title)[1:-1] not in json.dumps(compose(experiment).blueprint.to_plain())


@pytest.mark.parametrize(
    "file",
    ["../secret.csv", "/etc/passwd", "link.csv", "linked/secret.csv", ".", "edges.csv/../../secret.csv", "~", "\0"],
)
@pytest.mark.parametrize(
    "path",
    [("projections", "plastic", "connectivity", "file"), ("inputs", "step", "amplitude", "file")],
    ids=lambda path: path[1],
)
def test_files_outside_the_folder_are_not_read(path, file, everything, read):
    with pytest.raises(SpecError) as refusal:
        read(with_value(everything, path, file))
    assert "root:" not in str(refusal.value)
