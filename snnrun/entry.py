"""What every building block of the catalog is: a frozen, fully typed description with its reference."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
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
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,  # most sections are only parts of another, whose validator includes theirs
    )

    @classmethod
    def meanings(cls) -> dict[str, str]:
        """The sentence below each field, by the field's name.

        Read from the source when somebody wants to see them: pydantic's own ``use_attribute_docstrings`` does so
        whenever a class is made, and takes a fifth of the time in which ``snnrun validate`` starts.
        """
        found: dict[str, str] = {}
        for base in reversed(cls.__mro__):
            if issubclass(base, Strict) and base is not Strict:
                found |= _sentences(base)
        return found

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = handler.resolve_ref_schema(handler(schema))
        properties = described.get("properties", {})
        for name, meaning in cls.meanings().items():
            key = cls.model_fields[name].alias or name
            properties[key] = {**properties[key], "description": " ".join(meaning.split())}
        # The field that names an entry has a default for Python; in a file it tells the entries apart.
        names = [key for key, field in properties.items() if "const" in field]
        if names:
            described["required"] = list(dict.fromkeys([*names, *described.get("required", [])]))
        return described


def _sentences(section: type[Strict]) -> dict[str, str]:
    """The texts that stand below the annotated names of one class."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(section))).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for statement, below in pairwise(definition.body):
        match statement, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))) if (
                name in section.model_fields
            ):
                found[name] = inspect.cleandoc(text)
    return found


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
    file_sha256: ClassVar[str] = ""
    """Of the bytes of the file that adds it to the catalog; empty for ours, for which the version of snnrun stands."""

    @classmethod
    def summary(cls) -> str:
        """First line of the docstring."""
        return (inspect.getdoc(cls) or "").partition("\n")[0]
