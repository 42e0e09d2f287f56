"""The batch scripts: what SLURM runs, plain enough to be read and edited by hand."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from snnrun.errors import UserError
from snnrun.registry import CATALOG_VARIABLE
from snnrun.simulation.cache_folder import CACHE_VARIABLE, cache_folder
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.plan.makefile import program, target_of
from snnrun.sweep.slurm.durations import slurm_time
from snnrun.sweep.slurm.site import Site

# How long before its end a task is told to stop. SLURM counts in minutes, and ending takes a second.
GRACE: Final = 60
_HEAD: Final = """\
#!/bin/bash
{directives}

# Made by `snnrun sweep submit`, which keeps what you change here.
"""
_BATCH: Final = """\
# Computes one chunk of a sweep's points, those in slurm/chunks/N.txt, where N is the sum of the argument and the number
# of the array task.

{setup}
unset MAKEFLAGS MAKELEVEL # of a make from which this was submitted
cd {folder} || exit
list=slurm/chunks/$(($1 + SLURM_ARRAY_TASK_ID)).txt
task=${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID
export SNNRUN_SESSION=$SLURM_ARRAY_JOB_ID # what has failed is not tried again when a task is queued again

n_missing() {{
    local number=0 point
    while read -r point; do [ -e "points/$point.h5" ] || number=$((number + 1)); done < "$list"
    echo $number
}}

stopped=
set -m # gives make a process group of its own, in which a signal reaches make, its workers and their programs
before=$(n_missing)
make --keep-going --jobs="$SLURM_CPUS_PER_TASK" -f {makefile} {target}.list="$list" &
make=$!
# Shortly before the time is over SLURM sends TERM. Passed on, it ends all of them, and they leave whole files only.
trap 'stopped=yes; kill -TERM -- -$make' TERM
wait $make
status=$?
if [ -n "$stopped" ]; then
    while kill -0 -- -$make; do sleep 0.1; done 2> /dev/null
    after=$(n_missing)
    # A task that was cancelled is no longer running; one that has finished no point would not do so next time.
    if [ "$after" -gt 0 ] && [ "$after" -lt "$before" ] && [ "$(squeue -h -j "$task" -o %T)" = RUNNING ]; then
        scontrol requeue "$task"
    fi
fi
exit $status
"""
_COLLECT: Final = """\
# Puts the points that are done into one table and draws it, when all tasks are over.

{setup}
{snnrun} sweep collect {folder}
"""
_NEXT_ROUND: Final = """
# Submits the next round of the search, and this script after it; not if points are missing. Without this line you
# submit each round yourself.
{command}
"""


def batch_script(folder: SweepFolder, site: Site, time: float) -> str:
    """The script of the array tasks.

    Parameters
    ----------
    time
        Seconds after which SLURM ends a task.

    Raises
    ------
    UserError
        If SLURM could not write logs into the folder.
    """
    special = (
        f"--cpus-per-task={site.cpus}",
        f"--time={slurm_time(time)}",
        "--requeue",
        f"--signal=B:TERM@{GRACE}",
    )
    head = _head(folder, site, "%A_%a", special)
    return head + _BATCH.format(
        setup=_setup(site),
        folder=shlex.quote(str(folder.path)),
        makefile=folder.makefile.name,
        target=target_of(folder),
    )


def collect_script(folder: SweepFolder, site: Site) -> str:
    """The script of the job that collects.

    Raises
    ------
    UserError
        If SLURM could not write logs into the folder.
    """
    return _head(folder, site, "collect_%j", ("--requeue",)) + _collect(folder, site)


def search_script(folder: SweepFolder, site: Site, time: float, next_round: Sequence[str]) -> str:
    """The script of the job that collects a round of a search, and submits the next one.

    Parameters
    ----------
    time
        Seconds after which SLURM ends a task. This job, which may compile programs, has as many, and as many
        processors.
    next_round
        The command that submits.

    Raises
    ------
    UserError
        If SLURM could not write logs into the folder.
    """
    special = (f"--cpus-per-task={site.cpus}", f"--time={slurm_time(time)}", "--requeue")
    head = _head(folder, site, "collect_%j", special)
    return head + _collect(folder, site) + _NEXT_ROUND.format(command=shlex.join(next_round))


def _collect(folder: SweepFolder, site: Site) -> str:
    return _COLLECT.format(setup=_setup(site), snnrun=shlex.quote(str(program())), folder=shlex.quote(str(folder.path)))


def _head(folder: SweepFolder, site: Site, log: str, special: tuple[str, ...]) -> str:
    values = {"partition": site.partition, "account": site.account, "qos": site.qos, "mem": site.memory}
    options = [
        f"--job-name={target_of(folder)}",
        f"--output={_log_pattern(folder.slurm / 'logs', log)}",
        "--open-mode=append",
        *special,
        *(f"--{name}={value}" for name, value in values.items() if value is not None),
        *site.options,
    ]
    return _HEAD.format(directives="\n".join(f"#SBATCH {option}" for option in options))


def _log_pattern(folder: Path, name: str) -> str:
    """Where a job's output goes, with SLURM's own marks for its number in the name of the file alone."""
    text = str(folder)
    if "\\" in text or not text.isprintable():
        raise UserError(f"{folder}: SLURM cannot write into folders with such names. Choose another results folder.")
    return shlex.quote(f"{text.replace('%', '%%')}/{name}.log")


def _setup(site: Site) -> str:
    """What is done first: the site's own commands; then it is said where compiled programs and the user's models lie.

    Jobs of some sites begin without the variables of who has submitted them.
    """
    places = {CACHE_VARIABLE: str(cache_folder()), CATALOG_VARIABLE: os.environ.get(CATALOG_VARIABLE)}
    exports = [f"export {name}={shlex.quote(place)}" for name, place in places.items() if place]
    return "\n".join([*site.setup, *exports])
