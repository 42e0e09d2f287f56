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
from snnrun.simulation.device.source_files import RUNTIME
from snnrun.simulation.flags import flags_for
from snnrun.simulation.processor import processor

_DEVICE = Path(__file__).parent / "device"
# What the generator decides with it is not in the blueprint.
_BESIDE = Path(spike_traces.__file__)


def fingerprint(blueprint: Blueprint) -> str:
    """Name of the program for a blueprint: the same for the same structure, generator and compiler.

    A program for this processor alone has another name on another; those for a level of processors are shared.
    """
    return _name(blueprint, blueprint.to_plain(), _digest(_DEVICE, _BESIDE), _version_of_brian())


def runtime_fingerprint(blueprint: Blueprint) -> str:
    """Name of the part that is the same in all programs: those compiled with the same compiler and flags share it."""
    return _name(blueprint, _digest(RUNTIME))


def _name(blueprint: Blueprint, *ingredients: object) -> str:
    compiler = [find_compiler().version, *flags_for(blueprint)]
    own = processor() if blueprint.arch == "native" else ""
    return hashlib.sha256(json.dumps([compiler, own, *ingredients], sort_keys=True).encode()).hexdigest()[:20]


@cache
def _digest(*places: Path) -> str:
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix in {".py", ".cpp", ".h"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


@cache  # reading it takes a millisecond
def _version_of_brian() -> str:
    return version("brian2")
