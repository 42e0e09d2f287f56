"""Every `tests/problems/<name>.yaml` gives exactly the message in `<name>.txt`."""

from __future__ import annotations

from pathlib import Path

import pytest

from snnrun.errors import SpecError
from snnrun.spec.reader import read_document

FOLDER = Path(__file__).parents[1] / "problems"
FILES = sorted(FOLDER.glob("*.yaml"))


def problems_of(path: Path) -> str:
    """What a user reads about a file, which is called by its bare name."""
    try:
        read_document(path)
    except SpecError as error:
        return str(error).replace(str(path), path.name)
    return ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_message_is_the_one_on_file(path: Path) -> None:
    assert problems_of(path) + "\n" == path.with_suffix(".txt").read_text()


def test_every_message_has_its_file() -> None:
    assert {path.stem for path in FILES} == {path.stem for path in FOLDER.glob("*.txt")}
