"""The JSON Schema of the file, from which editors complete keys, show their meaning and mark mistakes."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

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
    schema = Experiment.model_json_schema(schema_generator=_ForEditors)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "snnrun experiment"}
