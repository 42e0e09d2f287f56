"""Finds catalog entries: every module of a catalog folder that holds an `Entry`.

A folder named in the environment variable ``SNNRUN_CATALOG``, with subfolders named as the rooms of the catalog, adds
entries of the user's own.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import pkgutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from snnrun.entry import Entry
from snnrun.errors import UserError

# Room of the catalog → the key that names its entries in the YAML file.
ROOMS: Final = {
    "neurons": "model",
    "synapses": "model",
    "connectivity": "rule",
    "inputs": "model",
    "metrics": "metric",
    "figures": "figure",
}
CATALOG_VARIABLE: Final = "SNNRUN_CATALOG"


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


def entry_name(entry: type[Entry], room: str) -> str:
    """The name by which an experiment asks for an entry."""
    return str(entry.model_fields[ROOMS[room]].default)


def suggestion(name: object, known: list[str] | tuple[str, ...]) -> str:
    """``Did you mean 'lif'?``, or the whole list when nothing is close."""
    close = difflib.get_close_matches(str(name), known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."


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
    return [_import_file(path, room) for path in sorted((Path(folder) / room).glob("*.py"))]


def _import_file(path: Path, room: str) -> ModuleType:
    name = f"snnrun_catalog.{room}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UserError(f"{path}: cannot be imported as a catalog entry ({type(error).__name__}: {error})") from error
    return module
