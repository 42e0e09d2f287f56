"""Submitting a sweep: its missing points as job arrays, and a job that collects when they are over."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from snnrun.errors import UserError
from snnrun.results.atomic import write_whole
from snnrun.results.layout import make_real_folder
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import write_list
from snnrun.sweep.slurm.chunks import Limits, arrays, divide, n_chunks
from snnrun.sweep.slurm.commands import call
from snnrun.sweep.slurm.record import Record, read_record, write_record
from snnrun.sweep.slurm.scripts import GRACE, batch_script, collect_script
from snnrun.sweep.slurm.site import Site
from snnrun.sweep.slurm.state import jobs

BATCH: Final = "batch.sh"
COLLECT: Final = "collect.sh"
_CHUNKS: Final = "chunks"
# A task may take so many times what is expected; should it take longer it is queued again.
_MARGIN: Final = 2.0
_SHORTEST: Final = 600.0
# The last line; clusters may greet before, and where there are several, the name of this one follows.
_JOB: Final = re.compile(r"^(\d+)(?:;.*)?\s*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Chunked:
    """How the missing points of a sweep become tasks.

    Parameters
    ----------
    chunks
        Ids of the points of each task.
    seconds
        Expected wall time of the longest task.
    time
        Wall time after which SLURM ends a task.
    array_size
        Tasks that one array may have.
    """

    chunks: Sequence[Sequence[str]]
    seconds: float
    time: float
    array_size: int


def refuse_twice(folder: SweepFolder) -> None:
    """Refuse to go on while jobs of this sweep are left.

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
    if left is not None and not left.over:
        raise UserError(
            f"{folder.path}: {left.running} tasks of this sweep are running and {left.pending} are waiting "
            f"(jobs {', '.join(left.ids)}). Wait until they are over, or end them: "
            f"snnrun sweep cancel {shlex.quote(str(folder.path))}"
        )


def chunked(points: Sequence[str], seconds: float, site: Site, accepted: Limits) -> Chunked:
    """Divide points into tasks.

    Parameters
    ----------
    seconds
        Expected time of a point.
    accepted
        What SLURM accepts.

    Raises
    ------
    UserError
        If no point would be done before its task is ended.
    """
    if site.time is not None and seconds > site.time - GRACE:
        raise UserError(
            f"A point takes about {seconds:.3g} s, and 'time' of the site file ends each task after {site.time:.3g} s, "
            f"of which {GRACE} s are for ending. Give tasks more time."
        )
    number = n_chunks(
        len(points), seconds, cpus=site.cpus, chunk=_chunk_time(site), tasks=site.tasks, most=accepted.jobs
    )
    chunks = divide(points, number)
    expected = -(-len(chunks[0]) // site.cpus) * seconds
    time = site.time or max(_MARGIN * expected + GRACE, _SHORTEST)
    return Chunked(chunks, expected, time, accepted.array_size)


def _chunk_time(site: Site) -> float:
    """How long a task should take: shorter than the time after which it is ended."""
    return site.chunk if site.time is None else max(min(site.chunk, (site.time - GRACE) / _MARGIN), 1.0)


def write_scripts(folder: SweepFolder, site: Site, time: float, *, rewrite: bool = False) -> list[Path]:
    """Write the batch scripts, except those that the user has edited.

    Parameters
    ----------
    time
        Seconds after which SLURM ends a task.
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
    for name, text in {BATCH: batch_script(folder, site, time), COLLECT: collect_script(folder, site)}.items():
        path = folder.slurm / name
        if path.exists() and not rewrite and _digest(path.read_bytes()) != written.get(name):
            kept.append(path)
        else:
            write_whole(path, text.encode())
            written[name] = _digest(text.encode())
    write_record(replace(record, scripts=written), folder)
    return kept


def submit_chunks(folder: SweepFolder, planned: Chunked) -> Record:
    """Submit the tasks and the job that collects: all of them, or none.

    Raises
    ------
    UserError, ResultsError
        If SLURM refuses, or a file cannot be written.
    """
    _write_chunks(folder, planned.chunks)
    record = Record(
        submitted=datetime.now(UTC).isoformat(timespec="seconds"),
        points=sum(map(len, planned.chunks)),
        scripts=read_record(folder).scripts,
    )
    try:
        for chunks in arrays(len(planned.chunks), planned.array_size):
            job = _submit(f"--array=0-{len(chunks) - 1}", folder.slurm / BATCH, str(chunks.start))
            record = replace(record, arrays={**record.arrays, job: len(chunks)})
            write_record(record, folder)
        job = _submit(f"--dependency=afterany:{':'.join(record.arrays)}", folder.slurm / COLLECT)
        record = replace(record, collect=job)
        write_record(record, folder)
    except BaseException:  # Ctrl-C as well
        if record.ids:
            call("scancel", *record.ids)
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
