"""``snnrun schema``: help for editors."""

from __future__ import annotations

from snnrun.cli import console
from snnrun.cli.options import examples

EXAMPLE = examples("snnrun schema > snnrun-schema.json")


def schema() -> None:
    """Print the JSON Schema of experiment files.

    Editors complete and check keys with it. In VS Code with the YAML extension, and wherever yaml-language-server
    runs, begin the experiment with the line '# yaml-language-server: $schema=snnrun-schema.json'.
    """
    from snnrun.spec.json_schema import json_schema

    console.show_json(json_schema())
