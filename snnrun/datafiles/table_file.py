"""A file with several columns that a field of the experiment names: edge lists, matrices, spike times."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from snnrun.datafiles.location import DataFileError, resolve
from snnrun.datafiles.tables import Table, open_table


@dataclass(frozen=True)
class TableFile:
    """A data file, found and fingerprinted; a field type.

    A field accepts ``data/edges.csv``, or in a resolved experiment ``{file: data/edges.csv, sha256: …}``.

    Parameters
    ----------
    file
        What the user wrote.
    sha256
        Of the bytes of the file, as the program ``sha256sum`` prints it.
    path
        Where the file lies.
    """

    file: str
    sha256: str
    path: Path

    @classmethod
    def read(cls, raw: Any, folder: Path | None) -> TableFile:
        """Find a file and take its fingerprint.

        Raises
        ------
        DataFileError
            If there is no such file, or it is not the one that was fingerprinted.
        """
        match raw:
            case TableFile():
                return raw
            case str():
                file, expected = raw, None
            case {"file": str(file), "sha256": str(expected), **rest} if not rest:
                pass
            case _:
                raise DataFileError("expected the relative path of a file, such as data/edges.csv")
        path = resolve(folder, file)
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if expected not in (None, found):
            raise DataFileError(
                f"{file} has changed since this experiment was resolved (sha256 differs). "
                "Restore the file, or give its path alone to use it as it is now."
            )
        return cls(file, found, path)

    def open(self, dataset: str | None = None) -> Table:
        """The table in it; see `open_table`."""
        return open_table(self.path, dataset)

    def to_mapping(self) -> dict[str, str]:
        """As it stands in the resolved spec: with the sha256, so that another file is another run."""
        return {"file": self.file, "sha256": self.sha256}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(cls.to_mapping)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "description": "relative path of a CSV, NPY or HDF5 file"}

    @classmethod
    def _validate(cls, raw: Any, info: ValidationInfo) -> TableFile:
        try:
            # The context is the Scope of quantities, a layer above this one.
            return cls.read(raw, getattr(info.context, "folder", None))
        except (DataFileError, OSError) as error:
            raise PydanticCustomError("data_file", "{message}", {"message": str(error)}) from None
