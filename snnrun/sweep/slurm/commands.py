"""SLURM's own commands, each given a bounded time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from snnrun.errors import UserError

# A controller under load answers late; one that does not answer for so long is asked in vain.
_PATIENCE: Final = 60.0
# What people set, where SLURM sets all other variables of this name.
_SET_BY_PEOPLE: Final = frozenset({"SLURM_CONF", "SLURM_CLUSTERS"})


def own_job() -> str:
    """The job in which this process runs; empty outside."""
    return os.environ.get("SLURM_JOB_ID", "")


def call(*command: str | Path) -> str:
    """Run one of SLURM's commands; what it prints.

    Raises
    ------
    UserError
        If it is not there, refuses, or does not answer in time.
    """
    name = str(command[0])
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
    except FileNotFoundError:
        raise UserError(
            f"{name} is not here. Run this on a login node of a cluster with SLURM, or use 'snnrun sweep run' here."
        ) from None
    except subprocess.TimeoutExpired:
        raise UserError(
            f"{name}: SLURM has not answered for {_PATIENCE:.0f} s. Try again later; 'sinfo' shows whether it answers."
        ) from None
    except OSError as error:
        raise UserError(f"{name}: cannot be started: {error.strerror}. Ask the people who run the cluster.") from error
    if done.returncode:
        raise UserError(f"{name}: {done.stderr.strip() or f'failed with status {done.returncode}'}")
    return done.stdout


def _environment() -> Mapping[str, str]:
    """Our variables; in a job, without those that tell of it: jobs submitted there would take them for their own."""
    return {
        name: value
        for name, value in os.environ.items()
        if not own_job() or not name.startswith("SLURM_") or name in _SET_BY_PEOPLE
    }
