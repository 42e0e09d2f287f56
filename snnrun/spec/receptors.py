"""Names the receptors: synapses whose kinetics are written the same share one state variable of their target.

It is the text that counts, not the value: whether two synapses share a variable must not change when a parameter
happens to take the value of another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from snnrun.registry import entry_named

# What may differ between synapses that share a receptor.
_OWN: Final = {"weight", "delay", "receptor", "plasticity"}


def name_receptors(data: dict[str, Any]) -> dict[str, Any]:
    """The experiment with the receptor of every synapse written out."""
    first: dict[str, str] = {}
    named = {**data}
    for section, name, synapse in _synapses(data):
        if synapse.get("receptor") is not None or not _shares_receptor(synapse):
            continue
        kinetics = json.dumps({key: value for key, value in synapse.items() if key not in _OWN}, sort_keys=True)
        receptor = first.setdefault(kinetics, name)
        owner = {**named[section][name], "synapse": {**synapse, "receptor": receptor}}
        named[section] = {**named[section], name: owner}
    return named


def _shares_receptor(synapse: dict[str, Any]) -> bool:
    model = entry_named("synapses", str(synapse.get("model")))
    return model is None or not model.own_receptor  # type: ignore[attr-defined]


def _synapses(data: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for section in ("projections", "inputs"):
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and isinstance(entry.get("synapse"), dict):
                yield section, name, entry["synapse"]
