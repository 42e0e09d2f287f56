"""Submitting a sweep: its missing points as job arrays, and a job that collects when they are over."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from snnrun.errors import UserError
from snnrun.results.atomic import write_whole
from snnrun.results.layout import make_real_folder
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import write_list
from snnrun.sweep.slurm.chunks import Chunked, arrays
from snnrun.sweep.slurm.commands import call, own_job
from snnrun.sweep.slurm.record import Record, read_record, write_record
from snnrun.sweep.slurm.scripts import batch_script, collect_script, search_script
from snnrun.sweep.slurm.site import Site
from snnrun.sweep.slurm.state import jobs

BATCH: Final = "batch.sh"
COLLECT: Final = "collect.sh"
_CHUNKS: Final = "chunks"
# The last line; clusters may greet before, and where there are several, the name of this one follows.
_JOB: Final = re.compile(r"^(\d+)(?:;.*)?\s*\Z", re.MULTILINE)


def refuse_twice(folder: SweepFolder) -> None:
    """Refuse to go on while jobs of this sweep are left, other than the one in which we are, and one that has done all.

    Raises
    ------
    UserError
        If there are any, or SLURM does not answer.
    """
    try:
        left = jobs(folder)
    except UserError as error:
        raise UserError(
            f"{error}\nSo it is unknown whether jobs of this sweep are left. If you know that none is: --force"
        ) from error
    harmless = {own_job(), read_record(folder).by}
    others = () if left is None else [job for job in left.ids if job not in harmless]
    if left is not None and others:
        raise UserError(
            f"{folder.path}: {left.running} tasks of this sweep are running and {left.pending} are waiting "
            f"(jobs {', '.join(others)}). Wait until they are over, or end them: "
            f"snnrun sweep cancel {shlex.quote(str(folder.path))}"
        )


def write_scripts(
    folder: SweepFolder, site: Site, time: float, next_round: Sequence[str] | None = None, *, rewrite: bool = False
) -> list[Path]:
    """Write the batch scripts, except those that the user has edited.

    Parameters
    ----------
    time
        Seconds after which SLURM ends a task.
    next_round
        The command that submits the next round, of a search.
    rewrite
        Whether to write them nevertheless.

    Returns
    -------
    The scripts that were edited and are kept.

    Raises
    ------
    UserError, ResultsError
        If they cannot be written.
    """
    for place in (folder.slurm, folder.slurm / "logs"):
        make_real_folder(place)
    record = read_record(folder)
    kept, written = [], dict(record.scripts)
    collect = collect_script(folder, site) if next_round is None else search_script(folder, site, time, next_round)
    for name, text in {BATCH: batch_script(folder, site, time), COLLECT: collect}.items():
        path = folder.slurm / name
        if path.exists() and not rewrite and _digest(path.read_bytes()) != written.get(name):
            kept.append(path)
        else:
            write_whole(path, text.encode())
            written[name] = _digest(text.encode())
    write_record(replace(record, scripts=written), folder)
    return kept


def submit_chunks(folder: SweepFolder, division: Chunked, planned: int) -> Record:
    """Submit the tasks and the job that collects: all of them, or none.

    Parameters
    ----------
    planned
        How many points the plan has.

    Raises
    ------
    UserError, ResultsError
        If SLURM refuses, or a file cannot be written.
    """
    _write_chunks(folder, division.chunks)
    before = read_record(folder)
    record = replace(
        before,
        submitted=datetime.now(UTC).isoformat(timespec="seconds"),
        arrays={},
        collect="",
        by=own_job() if own_job() in before.ids else "",
        points=sum(map(len, division.chunks)),
    )
    try:
        for chunks in arrays(len(division.chunks), division.array_size):
            job = _submit(f"--array=0-{len(chunks) - 1}", folder.slurm / BATCH, str(chunks.start))
            record = replace(record, arrays={**record.arrays, job: len(chunks)})
            write_record(record, folder)
        job = _submit(f"--dependency=afterany:{':'.join(record.arrays)}", folder.slurm / COLLECT)
        record = replace(record, collect=job, planned=planned)
        write_record(record, folder)
    except BaseException:  # Ctrl-C as well
        if record.jobs:
            call("scancel", *record.jobs)
        raise
    return record


def _submit(option: str, script: Path, *arguments: str) -> str:
    """Submit a script; the id of its job."""
    said = call("sbatch", "--parsable", option, script, *arguments)
    found = _JOB.search(said)
    if found is None:
        raise UserError(f"sbatch has named no job: {said.strip()!r}. Look with 'squeue --me' whether there is one.")
    return found[1]


def _write_chunks(folder: SweepFolder, chunks: Sequence[Sequence[str]]) -> None:
    place = folder.slurm / _CHUNKS
    shutil.rmtree(place, ignore_errors=True)  # those of the last time
    make_real_folder(place)
    for number, points in enumerate(chunks):
        write_list(place / f"{number}.txt", points)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
