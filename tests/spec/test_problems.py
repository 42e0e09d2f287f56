"""Every `tests/problems/<name>.yaml` gives exactly the message in `<name>.txt`.

A first line ``# snnrun validate -p …`` gives the options of the command line.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from snnrun.errors import SpecError
from snnrun.network.loading import load
from snnrun.spec.overrides import parse_assignment

FOLDER = Path(__file__).parents[1] / "problems"
FILES = sorted(FOLDER.glob("*.yaml"))
COMMAND = "# snnrun validate "


def problems_of(path: Path) -> str:
    """What a user reads about a file, which is called by its bare name."""
    parameters, settings = options_of(path)
    try:
        load(path, parameters, settings)
    except SpecError as error:
        return str(error).replace(str(path), path.name)
    return ""


def options_of(path: Path) -> tuple[dict[str, object], dict[str, object]]:
    first = path.read_text().partition("\n")[0]
    words = shlex.split(first.removeprefix(COMMAND)) if first.startswith(COMMAND) else []
    options: dict[str, dict[str, object]] = {"-p": {}, "--set": {}}
    for option, assignment in zip(words[::2], words[1::2], strict=True):
        name, value = parse_assignment(assignment, option)
        options[option][name] = value
    return options["-p"], options["--set"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_message_is_the_one_on_file(path: Path) -> None:
    assert problems_of(path) + "\n" == path.with_suffix(".txt").read_text()


def test_every_message_has_its_file() -> None:
    assert {path.stem for path in FILES} == {path.stem for path in FOLDER.glob("*.txt")}
