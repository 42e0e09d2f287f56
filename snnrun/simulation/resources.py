"""Whether a run fits this machine, asked before it begins: better than being killed by the system halfway."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from snnrun.errors import UserError
from snnrun.network.estimate import Estimate

# The estimate may be wrong by some ten percent, and the system can swap a little: only what is clearly too large is
# refused.
_MARGIN: Final = 1.25
_MEMORY_FACTS: Final = Path("/proc/meminfo")


def free_memory() -> float | None:
    """Bytes that programs can still have without swapping; None where the system does not tell."""
    try:
        facts = _MEMORY_FACTS.read_text(encoding="ascii")
    except OSError:
        return None
    available = re.search(r"^MemAvailable: +(\d+) kB$", facts, re.MULTILINE)
    return float(available[1]) * 1024 if available else None


def free_disk(folder: Path) -> float:
    """Bytes that can still be written into an existing folder."""
    return float(shutil.disk_usage(folder).free)


def refuse_what_does_not_fit(needs: Estimate, memory: float | None, disk: float, folder: Path) -> None:
    """Refuse a run that needs far more memory or disk than there is, counted without its spikes.

    Parameters
    ----------
    memory, disk
        What there is, in bytes; None if not known.
    folder
        Where results go.

    Raises
    ------
    UserError
        With the numbers, and what to change.
    """
    if memory is not None and needs.structural_memory > _MARGIN * memory:
        raise UserError(
            f"This run needs about {_gigabytes(needs.structural_memory)} of memory for {needs.n_synapses:.3g} synapses "
            f"and its traces, but only {_gigabytes(memory)} are free.\n"
            "Make the network smaller or its connections sparser, record fewer traces, or use a larger machine; "
            "'snnrun describe' shows what it needs."
        )
    if needs.structural_disk > _MARGIN * disk:
        raise UserError(
            f"{folder}: this run needs about {_gigabytes(needs.structural_disk)} of disk for what it records, but only "
            f"{_gigabytes(disk)} are free.\n"
            "Free some space, or choose another results folder with --output; 'snnrun describe' shows what it needs."
        )


def processors() -> int:
    """How many processors this process may use; a batch system may allow it fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def refuse_too_many(threads: int) -> None:
    """Refuse a number of threads for which there are not enough processors: they would wait for each other.

    Raises
    ------
    UserError
        With the numbers that are possible.
    """
    there = processors()
    if not 1 <= threads <= there:
        possible = "1" if there == 1 else f"a number from 1 to {there}"
        raise UserError(
            f"--threads {threads}: this process may use {there} processor{'' if there == 1 else 's'}.\n"
            f"Give {possible}; results do not depend on it."
        )


def _gigabytes(number: float) -> str:
    return f"{number / 1e9:.3g} GB"
