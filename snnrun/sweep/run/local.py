"""A sweep on this machine: make runs its points, one on each processor."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from snnrun.errors import SweepIncomplete, UserError
from snnrun.results.atomic import cannot_write
from snnrun.results.sweep_table import SweepTable
from snnrun.simulation.listener import Listener
from snnrun.simulation.resources import processors
from snnrun.sweep.files.claims import clear_done
from snnrun.sweep.files.failures import Failure, read_failure, write_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import write_list
from snnrun.sweep.plan.makefile import makefile, target_of
from snnrun.sweep.plan.planning import Planned
from snnrun.sweep.run.building import Built, build_programs
from snnrun.sweep.run.stopping import Stopped, stoppable
from snnrun.sweep.table.collect import collect_and_draw

_LOOK_EVERY: Final = 0.3
_PATIENCE: Final = 10.0
_UNTIL_TOLD: Final = 1.0
_SHOWN: Final = 5
_LOG: Final = "make.log"
_NO_MAKE: Final = "make is not installed (Debian, Ubuntu: apt install make)."


def run_sweep(
    plan: Callable[[], Planned], jobs: int | None, listener: Listener
) -> tuple[Planned, SweepTable, list[Path]]:
    """Run the points of a sweep that are not done yet, and collect what is there.

    Parameters
    ----------
    plan
        Makes the plan; of a search, that of the next round when a round is over.
    jobs
        How many points are computed at a time; None for as many as the make above allows, else one on each processor.

    Returns
    -------
    The last plan, the table of all points, and the figures.

    Raises
    ------
    SweepIncomplete
        If points failed; the others are done and collected.
    BuildError, ResultsError
        If a program cannot be compiled, or the folder cannot be written.
    """
    failures: dict[str, Failure] = {}
    made, before = plan(), None
    while made.plan.points != before:
        made.write()
        failures |= _without_program(made, build_programs(made.plan, listener, _at_a_time(jobs)), listener)
        ids = [point.id for point in made.plan.points if point.id not in failures]
        failures |= run_points(made.folder, ids, jobs, listener)
        before = made.plan.points
        if made.plan.shares:
            made = plan()
    table, figures = collect_and_draw(made.folder, listener)
    if failures:
        raise incomplete(made.folder, failures, table)
    return made, table, figures


def _without_program(made: Planned, built: Built, listener: Listener) -> dict[str, Failure]:
    """Let the points fail whose program cannot be compiled: each of them would try it in vain."""
    failed: dict[str, Failure] = {}
    done = made.folder.scan().done if built.errors else frozenset()
    for number, error in built.errors.items():
        points = [point.id for point in made.plan.points if point.build == number and point.id not in done]
        listener.remark(f"{len(points)} points fail, because their program cannot be compiled: {error}")
        for point in points:
            failed[point] = Failure.of(error, session="")
            write_failure(made.folder, point, failed[point])
    return failed


def run_points(folder: SweepFolder, ids: Sequence[str], jobs: int | None, listener: Listener) -> dict[str, Failure]:
    """Let make run points that are not done yet.

    Returns
    -------
    What failed, by point.

    Raises
    ------
    ResultsError, UserError
        If the folder cannot be written, or make is missing or itself fails.
    """
    clear_done(folder)
    done = folder.scan().done
    left = [one for one in ids if one not in done]
    if not left:
        return {}
    listener.stage(f"running {len(left)} of {len(ids)} points")
    session = str(time.time_ns())
    progress = _Progress(folder, left, session, listener)
    try:
        with (
            stoppable(),
            (folder.path / _LOG).open("wb") as log,
            TemporaryDirectory(dir=folder.path, prefix=".list-") as own,
        ):
            chosen = Path(own) / folder.points_file.name
            write_list(chosen, left)
            _watch(_start(folder, chosen, jobs, session, log), progress)
    except OSError as error:
        raise cannot_write(folder.path, error) from error
    progress.look()
    _refuse_unexplained(folder, progress)
    return progress.failures


def incomplete(folder: SweepFolder, failures: Mapping[str, Failure], table: SweepTable) -> SweepIncomplete:
    """The error for points that failed: which, why, and how to run only these again."""
    reasons: dict[str, list[str]] = {}
    for one, failure in failures.items():
        reasons.setdefault(failure.message, []).append(one)
    lines = []
    for reason, ids in list(reasons.items())[:_SHOWN]:
        more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
        lines.append(f"  {', '.join(ids[:_SHOWN])}{more}: {reason}")
    n_others = len(table) - len(failures) - int((table.status == "done").sum())
    others = f", {n_others} others are not done" if n_others else "; all others are done"
    return SweepIncomplete(
        f"{folder.path}: {len(failures)} of {len(table)} points failed{others}.\n"
        + "\n".join(lines)
        + f"\nOnly these again: snnrun sweep retry {folder.path}\n"
        f"What one of them is: snnrun sweep why {folder.path} {next(iter(failures))}"
    )


def is_dry_run() -> bool:
    """Whether the make that called us was asked only to show what it would do."""
    flags = os.environ.get("MAKEFLAGS", "").split(" ")[0]
    return "n" in flags and not flags.startswith("-") and "=" not in flags


def show_commands(planned: Planned) -> None:
    """Let make show what it would run; nothing is written.

    Raises
    ------
    UserError
        If make is missing.
    """
    folder = planned.folder
    with TemporaryDirectory() as own:
        shadow, chosen = Path(own) / folder.makefile.name, Path(own) / folder.points_file.name
        shadow.write_text(makefile(folder), encoding="utf-8")
        write_list(chosen, [point.id for point in planned.plan.points])
        target = target_of(folder)
        places = [f"{target}.folder={_shown(folder.path)}", f"{target}.list={chosen}"]
        try:
            subprocess.run(["make", "-n", "--no-print-directory", "-f", str(shadow), *places], check=False)
        except FileNotFoundError:
            raise UserError(_NO_MAKE) from None


def _at_a_time(jobs: int | None) -> int:
    """How many processes: what the user says, else what the make above us was told, else one on each processor."""
    allowed = re.search(r"(?:^| )-j(\d+)", os.environ.get("MAKEFLAGS", ""))
    return jobs or (int(allowed[1]) if allowed else processors())


def _start(
    folder: SweepFolder, chosen: Path, jobs: int | None, session: str, log: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Make, in the folder of the sweep: names of files in make cannot have blanks, those of folders above it can."""
    own_list = f"{target_of(folder)}.list={chosen.relative_to(folder.path)}"
    command = ["make", "--no-print-directory", "--keep-going", "-f", folder.makefile.name, own_list]
    served = "--jobserver" in os.environ.get("MAKEFLAGS", "")
    if jobs is not None or not served:
        command.append(f"-j{_at_a_time(jobs)}")
    environment = {**os.environ, "SNNRUN_SESSION": session}
    try:
        # The job server of the make above is a pair of open files.
        return subprocess.Popen(command, cwd=folder.path, env=environment, stdout=log, stderr=log, close_fds=not served)
    except FileNotFoundError:
        raise UserError(_NO_MAKE) from None


class _Progress:
    """Tells how it goes.

    Parameters
    ----------
    left
        The points that are to be run.
    session
        What this invocation of make is called.
    """

    def __init__(self, folder: SweepFolder, left: Sequence[str], session: str, listener: Listener) -> None:
        self.folder = folder
        self.left = frozenset(left)
        self.session = session
        self.listener = listener
        self.failures: dict[str, Failure] = {}
        self.done: frozenset[str] = frozenset()

    def look(self) -> None:
        """Look into the folder once."""
        scan = self.folder.scan()
        self.done = scan.done & self.left
        for one in sorted((scan.failed & self.left) - self.failures.keys()):
            failure = read_failure(self.folder, one)
            if failure is not None and failure.session == self.session:
                self.failures[one] = failure

    def tell(self) -> None:
        """Look, and tell what is new."""
        known = set(self.failures)
        self.look()
        for one in [one for one in self.failures if one not in known][: max(0, _SHOWN - len(known))]:
            self.listener.remark(f"point {one} failed: {self.failures[one].message}")
        self.listener.progress((len(self.done) + len(self.failures)) / len(self.left))


def _watch(make: subprocess.Popen[bytes], progress: _Progress) -> None:
    """Tell how it goes until make ends; take it along when we are interrupted."""
    try:
        while True:
            try:
                make.wait(_LOOK_EVERY)
                return
            except subprocess.TimeoutExpired:
                progress.tell()
    except BaseException as error:
        is_told_alone = isinstance(error, Stopped) and error.number != signal.SIGINT
        _end(make, 0 if is_told_alone else _UNTIL_TOLD)
        raise


def _end(make: subprocess.Popen[bytes], patience: float) -> None:
    """Wait for what Ctrl-C ends; where only we were told to stop, make and its workers are told as well."""
    for signalled in (make.terminate, make.kill):
        with suppress(subprocess.TimeoutExpired):
            make.wait(patience)
            return
        signalled()
        patience = _PATIENCE
    make.wait()


def _refuse_unexplained(folder: SweepFolder, progress: _Progress) -> None:
    """Refuse to go on when points are neither done nor failed: then make or the disk is at fault."""
    unexplained = len(progress.left) - len(progress.done) - len(progress.failures)
    if unexplained <= 0:
        return
    log = folder.path / _LOG
    last = "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-_SHOWN:])
    raise UserError(
        f"{folder.path}: {unexplained} points were not run. The last lines of {log.name}:\n{last}\n"
        "When that is mended, the same command goes on."
    )


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
