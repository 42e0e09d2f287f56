"""SLURM's own commands, each given a bounded time."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from snnrun.errors import UserError

# A controller under load answers late; one that does not answer for so long is asked in vain.
_PATIENCE: Final = 60.0


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
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=_PATIENCE
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
