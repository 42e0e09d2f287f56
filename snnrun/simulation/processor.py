"""The processor of this machine, and whether it can run programs for a level of the x86-64 architecture."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from snnrun.errors import BuildError
from snnrun.spec.sections import Arch

_FACTS: Final = Path("/proc/cpuinfo")
# What each level asks for beyond the one before it, by the names that Linux gives the flags (abm: lzcnt, pni: SSE3).
# Source: System V ABI, AMD64 supplement, table 3.1, https://gitlab.com/x86-psABIs/x86-64-ABI
_LEVELS: Final[Mapping[Arch, frozenset[str]]] = {
    "x86-64-v2": frozenset({"cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"}),
    "x86-64-v3": frozenset({"abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"}),
    "x86-64-v4": frozenset({"avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"}),
}


def is_x86_64() -> bool:
    """Whether this machine is one of the family that the levels divide."""
    return platform.machine().lower() in {"x86_64", "amd64"}


def model() -> str:
    """Its name, as its maker gives it where the system tells."""
    return _facts().get("model name") or platform.processor() or platform.machine()


@cache
def processor() -> str:
    """Its model and what it can do, in short: programs compiled for one processor may not run on another."""
    abilities = " ".join(_facts().get(key, "") for key in ("flags", "Features", "CPU part"))  # the last two on ARM
    return f"{model()} [{hashlib.sha256(abilities.encode()).hexdigest()[:8]}]"


def refuse_foreign(arch: Arch) -> None:
    """Refuse to build programs that this machine could not run.

    Raises
    ------
    BuildError
        With what is missing, and what to write instead.
    """
    if arch == "native":
        return
    where = f"simulation.arch: programs for '{arch}' cannot run here"
    if not is_x86_64():
        raise BuildError(f"{where}; this machine is {platform.machine()}.\nWrite 'arch: native'.")
    missing = _missing(arch)
    if missing:
        best = best_arch()
        advice = "" if best == "native" else f"'arch: {best}' or "
        raise BuildError(
            f"{where}: the processor, {model()}, lacks {', '.join(missing)}.\nWrite {advice}'arch: native'."
        )


def best_arch() -> Arch:
    """The highest level whose programs this processor can run; ``native`` if there is none, or it is not known."""
    known = is_x86_64() and "flags" in _facts()
    able = [level for level in _LEVELS if known and not _missing(level)]
    return able[-1] if able else "native"


def _missing(arch: Arch) -> list[str]:
    """What this processor lacks for a level; nothing where the system does not tell."""
    flags = _facts().get("flags")
    if flags is None:
        return []
    levels = list(_LEVELS)
    needed = frozenset[str]().union(*(_LEVELS[level] for level in levels[: levels.index(arch) + 1]))
    return sorted(needed - set(flags.split()))


def _facts() -> Mapping[str, str]:
    """What the system tells of the first of its processors; nothing on others than Linux."""
    try:
        text = _FACTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    lines = (line.partition(":") for line in text.partition("\n\n")[0].splitlines())
    return {key.strip(): value.strip() for key, _, value in lines}
