"""What every building block of the catalog is: a frozen, fully typed description with its reference."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, PlainSerializer
from pydantic_core import core_schema


class Strict(BaseModel):
    """Base of everything read from a file: no unknown keys, no guessing of types, no change afterwards."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
        validate_by_name=True,
        validate_by_alias=True,
    )


def _as_list(raw: Any) -> Any:
    return [raw] if isinstance(raw, str) else raw


# One name, or several.
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
    Field(strict=False, min_length=1),
    PlainSerializer(list),
]


class Reference(NamedTuple):
    """A source: how it is cited, and its DOI."""

    citation: str
    doi: str = ""


class Entry(Strict):
    """Base of the catalog entries.

    An entry is one file: fields are its parameters (typed by dimension, a sentence below each), class variables its
    equations or its method a function, its docstring the explanation.
    """

    references: ClassVar[tuple[Reference, ...]] = ()
    example: ClassVar[str] = ""
    """How it is written in a file, for an entry that defaults alone do not make."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = handler.resolve_ref_schema(handler(schema))
        # The field that names the entry has a default for Python; in a file it tells the entries apart.
        names = [key for key, field in described["properties"].items() if "const" in field]
        described["required"] = [*names, *described.get("required", [])]
        return described

    @classmethod
    def summary(cls) -> str:
        """First line of the docstring."""
        return (inspect.getdoc(cls) or "").partition("\n")[0]
