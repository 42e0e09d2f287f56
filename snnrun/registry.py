"""Finds catalog entries: every module of a catalog folder that holds an `Entry`.

A folder named in the environment variable ``SNNRUN_CATALOG``, with subfolders named as the rooms of the catalog, adds
entries of the user's own. In a resolved experiment they bear the sha256 of their files: edited, they make other runs.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from snnrun.entry import Entry
from snnrun.errors import UserError, suggestion
from snnrun.language.reserved import is_spelled

# Room of the catalog → the key that names its entries in the YAML file.
ROOMS: Final = {
    "neurons": "model",
    "synapses": "model",
    "plasticity": "rule",
    "connectivity": "rule",
    "inputs": "model",
    "courses": "course",
    "metrics": "metric",
    "figures": "figure",
    "designs": "design",
    "sweep_figures": "figure",
}
CATALOG_VARIABLE: Final = "SNNRUN_CATALOG"
ROOM_IN_SCHEMA: Final = "x-room"
"""Key of the JSON Schema that stands for any entry of a room."""
FILE_KEY: Final = "sha256"
"""Key beside the parameters of an added entry, as it stands in a resolved experiment: that of its file."""


@cache
def entries(room: str) -> dict[str, type[Entry]]:
    """The entries of one room of the catalog, by name, in alphabetical order.

    Raises
    ------
    UserError
        If an added file cannot be imported, or a name is taken twice.
    """
    found: dict[str, type[Entry]] = {}
    for module in [*_own_modules(room), *_added_modules(room)]:
        for candidate in vars(module).values():
            if not _is_entry_of(candidate, module, room):
                continue
            name = entry_name(candidate, room)
            if name in found:
                raise UserError(f"{module.__file__}: the {ROOMS[room]} {name!r} exists already; choose another name")
            found[name] = candidate
    return dict(sorted(found.items()))


@cache
def entry_named(room: str, name: str) -> type[Entry] | None:
    """The entry with a name; None if there is none.

    Our own entries stand in files of their names, so the others of the room need not be imported.
    """
    path = f"snnrun.{room}.{name}"
    # What is no name is not looked for among the files: it may come from somebody else.
    if not os.environ.get(CATALOG_VARIABLE) and is_spelled(name) and importlib.util.find_spec(path) is not None:
        module = importlib.import_module(path)
        for candidate in vars(module).values():
            if _is_entry_of(candidate, module, room) and entry_name(candidate, room) == name:
                return candidate  # type: ignore[no-any-return]
    return entries(room).get(name)


def added(room: str) -> list[type[Entry]]:
    """The entries of one room that are the user's own."""
    if not os.environ.get(CATALOG_VARIABLE):
        return []
    return [entry for entry in entries(room).values() if entry.file_sha256]


def entry_name(entry: type[Entry], room: str) -> str:
    """The name by which an experiment asks for an entry."""
    return str(entry.model_fields[ROOMS[room]].default)


def validate(entry: type[Entry], raw: Mapping[str, Any], context: Any = None) -> Entry:
    """An entry from what a file says, or a resolved experiment: then its own file may be another meanwhile.

    Raises
    ------
    ValidationError
        If a parameter is not what it must be.
    """
    said = {key: value for key, value in raw.items() if key != FILE_KEY or not entry.file_sha256}
    return entry.model_validate(said, context=context)


@dataclass(frozen=True)
class OneOf:
    """A field that holds any entry of a room, told apart by its name; used inside ``Annotated``.

    ``mean_rate`` alone is short for ``{metric: mean_rate}``.
    """

    room: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        # Not a union of all entries: to make the validators of the whole catalog takes longer than to read a file.
        return core_schema.with_info_plain_validator_function(
            self._validate, serialization=core_schema.plain_serializer_function_ser_schema(self._dump)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {ROOM_IN_SCHEMA: self.room}

    def _validate(self, raw: Any, info: ValidationInfo) -> Entry:
        if isinstance(raw, Entry):
            return raw
        key = ROOMS[self.room]
        if isinstance(raw, str):
            raw = {key: raw}
        if not isinstance(raw, dict) or key not in raw:
            raise _unknown(key, f"{key!r} is missing: which {key} is it? {suggestion('', entries(self.room))}")
        found = entry_named(self.room, raw[key]) if isinstance(raw[key], str) else None
        if found is None:
            raise _unknown(key, f"there is no {key} {raw[key]!r}. {suggestion(raw[key], entries(self.room))}")
        return validate(found, raw, info.context)

    @staticmethod
    def _dump(value: Entry) -> Any:
        plain = value.model_dump(by_alias=True, exclude_none=True)
        return {**plain, FILE_KEY: value.file_sha256} if value.file_sha256 else plain


def _unknown(key: str, message: str) -> PydanticCustomError:
    return PydanticCustomError("entry", "{message}", {"message": message, "key": key})


def _is_entry_of(candidate: Any, module: ModuleType, room: str) -> bool:
    return (
        isinstance(candidate, type)
        and issubclass(candidate, Entry)
        and candidate.__module__ == module.__name__
        and ROOMS[room] in candidate.model_fields
    )


def _own_modules(room: str) -> list[ModuleType]:
    package = importlib.import_module(f"snnrun.{room}")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [importlib.import_module(f"snnrun.{room}.{name}") for name in names]


def _added_modules(room: str) -> list[ModuleType]:
    folder = os.environ.get(CATALOG_VARIABLE)
    if not folder:
        return []
    if not Path(folder).is_dir():
        raise UserError(f"{CATALOG_VARIABLE}={folder} is not a folder; correct or unset the variable")
    # The programs that we start for the points of a sweep work in another folder, from which they must find it, too.
    os.environ[CATALOG_VARIABLE] = folder = str(Path(folder).absolute())
    return [_import_file(path, room) for path in sorted((Path(folder) / room).glob("*.py"))]


def _import_file(path: Path, room: str) -> ModuleType:
    name = f"snnrun_catalog.{room}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        source = path.read_bytes()
        # Not by the loader: after an edit within a second it takes the bytecode of before, which has another digest.
        exec(compile(source, path, "exec", dont_inherit=True), vars(module))
    except Exception as error:  # whatever the user's file raises
        raise UserError(f"{path}: cannot be imported as a catalog entry ({type(error).__name__}: {error})") from error
    for candidate in vars(module).values():
        if _is_entry_of(candidate, module, room):
            if FILE_KEY in candidate.model_fields:
                raise UserError(f"{path}: {FILE_KEY!r} stands for the file itself; give the field another name")
            candidate.file_sha256 = hashlib.sha256(source).hexdigest()
    return module
