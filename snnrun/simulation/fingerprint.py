"""What decides whether a compiled program can be used again."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.compiler import FLAGS, find_compiler

_DEVICE = Path(__file__).parent / "device"


def fingerprint(blueprint: Blueprint) -> str:
    """Name of the program for a blueprint: the same for the same structure, generator, compiler and processor."""
    ingredients = {
        "blueprint": blueprint.to_plain(),
        "generator": _generator_digest(),
        "brian2": version("brian2"),
        "compiler": [find_compiler().version, *FLAGS],
        "processor": processor(),
    }
    return hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:20]


@cache
def _generator_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_DEVICE.rglob("*")):
        if path.suffix in {".py", ".cpp", ".h"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def processor() -> str:
    """Model of the processor: ``-march=native`` makes programs that another may not be able to run."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    facts = dict(line.split(":", 1) for line in text.split("\n\n")[0].splitlines() if ":" in line)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    flags = hashlib.sha256(named.get("flags", "").encode()).hexdigest()[:8]
    return f"{named.get('model name', platform.machine())} [{flags}]"
