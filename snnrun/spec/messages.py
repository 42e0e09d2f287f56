"""pydantic's errors in our words: where, what, what to do."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from snnrun.errors import KeyPath, Problem, suggestion
from snnrun.registry import ROOMS, OneOf, entry_named
from snnrun.spec.document import Document

_WORD_FIRST = re.compile(r"[a-z]+[ ,]")
_TYPES = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list",
    "tuple_type": "a list",
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "a mapping (key: value)"),
}


def problem_of(error: ErrorDetails, model: Any, document: Document) -> Problem:
    """One error of pydantic as a problem of the experiment.

    Parameters
    ----------
    model
        The type that was validated; its fields are suggested for unknown keys.
    """
    path = _document_path(error["loc"], document)
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "extra_forbidden":
            known = _keys_at(model, error["loc"][:-1], document)
            return Problem(path, "Unknown key.", suggestion(path[-1] if path else "", known))
        case "missing":
            hint = "Begin the file with 'snnrun: 1'." if error["loc"] == ("snnrun",) else "Add it."
            return Problem(path, f"The key '{error['loc'][-1]}' is missing.", hint)
        case "entry":
            # The name is wrong, not the entry: point at it where it is written by its key.
            key = (context["key"],) if context["key"] in _mapping_at(path, document) else ()
            return Problem((*path, *key), sentence(context["message"]))
        case "model_code":
            return _code_problem(path, context, document)
        case "literal_error":
            expected = context["expected"].replace("'", "")
            return Problem(path, f"Expected {expected}, got {_described(error['input'])}.")
        case "too_short" | "string_too_short":
            return Problem(path, "At least one is needed here.")
        case "value_error":
            return Problem(path, sentence(str(context["error"])))
        case _ if kind in _TYPES:
            found = error["input"]
            hint = f"Write [{found}]." if _TYPES[kind] == "a list" and isinstance(found, str) else ""
            hint = "Fill it, or remove the key." if found is None else hint
            return Problem(path, f"Expected {_TYPES[kind]}, got {_described(found)}.", hint)
    return Problem(path, sentence(error["msg"]))


def _code_problem(path: KeyPath, context: dict[str, Any], document: Document) -> Problem:
    field = (*path, context["field"])
    if context["line"] is None:
        return Problem(field, sentence(context["message"]))
    place = document.places.block_line(field, context["line"])
    if place.option is not None:
        return Problem(field, sentence(context["message"]))
    return Problem(field, sentence(context["message"]), line=place.line, column=place.column)


def _document_path(location: Iterable[str | int], document: Document) -> KeyPath:
    """The steps of an error's location that are keys of the document; the names of the members of unions are not."""
    path: KeyPath = ()
    here: Any = document.data
    for step in location:
        if _holds(here, step):
            here = here[step]
            path = (*path, step)
    return path


def _holds(here: Any, step: str | int) -> bool:
    """Whether a step leads from a part of the document to one below it."""
    if isinstance(here, list):
        return isinstance(step, int) and step < len(here)
    return isinstance(here, dict) and step in here


def _mapping_at(path: KeyPath, document: Document) -> dict[str, Any]:
    here: Any = document.data
    for step in path:
        here = here[step]
    return here if isinstance(here, dict) else {}


def _room(kind: Any) -> OneOf | None:
    """The room of the catalog whose entries a type stands for."""
    if isinstance(kind, OneOf):
        return kind
    if get_origin(kind) in (Annotated, Union, types.UnionType):
        return next((room for part in get_args(kind) if (room := _room(part)) is not None), None)
    return None


def _keys_at(model: Any, location: Iterable[str | int], document: Document) -> list[str]:
    """The keys that a mapping at a location may have."""
    kind: Any = model
    here: Any = document.data
    for step in location:
        kind = _step_into(_chosen(kind, here), step)
        here = here[step] if _holds(here, step) else here
    kind = _chosen(kind, here)
    # Of what may be left out, as in `Labels | None`, the section.
    alternatives = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    sections = [part for part in alternatives if isinstance(part, type) and issubclass(part, BaseModel)]
    return [field.alias or name for section in sections for name, field in section.model_fields.items()]


def _chosen(kind: Any, here: Any) -> Any:
    """The entry that is written here, where any of a room may be; any other type as it is."""
    room = _room(kind)
    if room is None:
        return kind
    name = here.get(ROOMS[room.room]) if isinstance(here, dict) else here
    return entry_named(room.room, name) if isinstance(name, str) else None


def _step_into(here: Any, step: str | int) -> Any:
    """The type of one part of a type: a field, an item, or one alternative of a union."""
    if isinstance(here, type) and issubclass(here, BaseModel):
        for name, field in here.model_fields.items():
            if step in (name, field.alias):
                room = next((mark for mark in field.metadata if isinstance(mark, OneOf)), None)
                return room if room is not None else field.annotation
        return None
    origin, arguments = get_origin(here), get_args(here)
    if origin is Annotated:
        room = next((mark for mark in arguments[1:] if isinstance(mark, OneOf)), None)
        return _step_into(room if room is not None else arguments[0], step)
    if origin in (Union, types.UnionType):
        inner = [_step_into(argument, step) for argument in arguments]
        return next((found for found in inner if found is not None), None)
    if origin in (dict, tuple, list):
        item = arguments[1] if origin is dict else arguments[0]
        if get_origin(item) is Annotated:
            room = next((mark for mark in get_args(item)[1:] if isinstance(mark, OneOf)), None)
            return room if room is not None else get_args(item)[0]
        return item
    return None


def _described(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return repr(value)
    return "a list" if isinstance(value, list) else "a mapping"


def sentence(text: str) -> str:
    """A message of a validator as a sentence; a name at its beginning stays as it is."""
    if _WORD_FIRST.match(text):
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
