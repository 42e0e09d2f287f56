"""The JSON Schema of the file, from which editors complete keys, show their meaning and mark mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from snnrun.registry import ROOM_IN_SCHEMA, ROOMS, entries
from snnrun.spec.experiment import Experiment
from snnrun.units import Quantity


class _ForEditors(GenerateJsonSchema):
    """Defaults as one writes them, no titles that only repeat the key."""

    def encode_default(self, dft: Any) -> Any:
        return dft.pretty() if isinstance(dft, Quantity) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema() -> dict[str, Any]:
    """The schema of experiments, in draft 2020-12.

    It accepts every valid experiment. What depends on other parts of the file, such as units of expressions and names
    of populations, only ``snnrun validate`` can check.
    """
    catalog = [(entry, "validation") for room in ROOMS for entry in entries(room).values()]
    models: Any = [(Experiment, "validation"), *catalog]
    references, definitions = models_json_schema(models, schema_generator=_ForEditors)
    sections = definitions["$defs"]
    for room in ROOMS:
        found = {name: references[entry, "validation"] for name, entry in entries(room).items()}
        sections[room] = _any_of(room, found)
    schema = sections.pop(references[Experiment, "validation"]["$ref"].rpartition("/")[2])
    whole = {**schema, "$defs": sections, "title": "snnrun experiment"}
    return {"$schema": GenerateJsonSchema.schema_dialect, **_with_rooms(whole)}


def _any_of(room: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """Any entry of a room; by its name alone where it needs no more."""
    key = ROOMS[room]
    choices = {"oneOf": list(found.values()), "discriminator": {"propertyName": key}}
    needs_more = {
        name: any(field.is_required() for field in entry.model_fields.values()) for name, entry in entries(room).items()
    }
    alone = [name for name, needs in needs_more.items() if not needs]
    return {"anyOf": [{"enum": alone}, choices]} if alone else choices


def _with_rooms(node: Any) -> Any:
    """The schema with references to the rooms in the places that `OneOf` has marked."""
    if isinstance(node, list):
        return [_with_rooms(part) for part in node]
    if not isinstance(node, dict):
        return node
    parts = {key: _with_rooms(part) for key, part in node.items() if key != ROOM_IN_SCHEMA}
    return {**parts, "$ref": f"#/$defs/{node[ROOM_IN_SCHEMA]}"} if ROOM_IN_SCHEMA in node else parts
