"""One entry of the catalog by itself, from the command line or from a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from snnrun.entry import Entry
from snnrun.quantities import Scope
from snnrun.registry import OneOf
from snnrun.spec.document import Document
from snnrun.spec.messages import problem_of
from snnrun.spec.report import spec_error


def read_entry(room: str, raw: Any, name: str, folder: Path | None = None) -> Entry:
    """Read an entry: ``psd``, or ``{metric: psd, resolution: 5 Hz}``.

    Parameters
    ----------
    room
        Room of the catalog, such as ``metrics``.
    raw
        What was written, as plain data.
    name
        How messages call the place where it was written.
    folder
        Folder below which data files may lie; None if there may be none.

    Raises
    ------
    SpecError
        With every problem that was found.
    """
    kind: Any = Annotated[Entry, OneOf(room)]
    try:
        entry = TypeAdapter(kind).validate_python(raw, context=Scope(folder=folder))
    except ValidationError as error:
        document = Document(raw if isinstance(raw, dict) else {}, name=name)
        raise spec_error([problem_of(detail, kind, document) for detail in error.errors()], document) from None
    assert isinstance(entry, Entry)
    return entry
