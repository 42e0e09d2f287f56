"""What decides whether a compiled program can be used again."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from snnrun.network import spike_traces
from snnrun.network.blueprint import Blueprint
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.flags import flags_for
from snnrun.simulation.processor import processor

_DEVICE = Path(__file__).parent / "device"
# What the generator decides with it is not in the blueprint.
_BESIDE = Path(spike_traces.__file__)


def fingerprint(blueprint: Blueprint) -> str:
    """Name of the program for a blueprint: the same for the same structure, generator and compiler.

    A program for this processor alone has another name on another; those for a level of processors are shared.
    """
    ingredients = {
        "blueprint": blueprint.to_plain(),
        "generator": _generator_digest(),
        "brian2": version("brian2"),
        "compiler": [find_compiler().version, *flags_for(blueprint)],
        "processor": processor() if blueprint.arch == "native" else "",
    }
    return hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:20]


@cache
def _generator_digest() -> str:
    digest = hashlib.sha256()
    for path in (*sorted(_DEVICE.rglob("*")), _BESIDE):
        if path.suffix in {".py", ".cpp", ".h"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()
