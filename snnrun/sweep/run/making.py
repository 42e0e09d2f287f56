"""Make runs the points of a sweep: one on each processor, and whatever happens to one, the others go on."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from snnrun.errors import UserError
from snnrun.results.atomic import cannot_write
from snnrun.simulation.listener import Listener
from snnrun.simulation.resources import processors
from snnrun.sweep.files.claims import clear_done
from snnrun.sweep.files.failures import Failure, read_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import write_list
from snnrun.sweep.plan.makefile import makefile, target_of
from snnrun.sweep.plan.planning import Planned
from snnrun.sweep.run.stopping import Stopped, stoppable

_LOOK_EVERY: Final = 0.3
_PATIENCE: Final = 10.0
_UNTIL_TOLD: Final = 1.0
_SHOWN: Final = 5
_LOG: Final = "make.log"
_NO_MAKE: Final = "make is not installed (Debian, Ubuntu: apt install make)."


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
            status = _watch(_start(folder, chosen, jobs, session, log), progress)
    except OSError as error:
        raise cannot_write(folder.path, error) from error
    progress.look()
    _refuse_unexplained(folder, progress, status)
    return progress.failures


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
    folder, target = planned.folder, target_of(planned.folder)
    with TemporaryDirectory() as own:
        shadow, chosen = Path(own) / folder.makefile.name, Path(own) / folder.points_file.name
        write_list(chosen, [point.id for point in planned.plan.points])
        # The points are read from there, as the folder may hold another plan or none; what is shown can be typed.
        listed = f"$(shell cat {shlex.quote(str(chosen))})"
        text = makefile(folder).replace(f"$(shell cat $({target}.list))", listed)
        to_the_folder = shlex.quote(str(folder.path)).replace("$", "$$")
        shadow.write_text(f"$(info cd {to_the_folder})\n{text}", encoding="utf-8")
        places = [f"{target}.folder=.", f"{target}.list={folder.points_file.name}"]
        there = folder.path if folder.path.is_dir() else own
        try:
            subprocess.run(["make", "-n", "--no-print-directory", "-f", str(shadow), *places], cwd=there, check=True)
        except FileNotFoundError:
            raise UserError(_NO_MAKE) from None
        except subprocess.CalledProcessError as error:
            raise UserError(f"{folder.path}: make cannot show what it would run (status {error.returncode}).") from None


def at_a_time(jobs: int | None) -> int:
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
        command.append(f"-j{at_a_time(jobs)}")
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


def _watch(make: subprocess.Popen[bytes], progress: _Progress) -> int:
    """Tell how it goes until make ends, with this status; take it along when we are interrupted."""
    try:
        while True:
            try:
                return make.wait(_LOOK_EVERY)
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


def _refuse_unexplained(folder: SweepFolder, progress: _Progress, status: int) -> None:
    """Refuse to go on when points are neither done nor failed: then make or the disk is at fault."""
    unexplained = len(progress.left) - len(progress.done) - len(progress.failures)
    if unexplained <= 0:
        return
    raise UserError(
        f"{folder.path}: {unexplained} of {len(progress.left)} points were not run. {_last_words(folder, status)}\n"
        "When that is mended, the same command goes on."
    )


def _last_words(folder: SweepFolder, status: int) -> str:
    """Of make, when it has ended with this status."""
    if status < 0:
        return f"make was ended by {signal.Signals(-status).name}."
    log = folder.path / _LOG
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError as error:
        return f"What make has said is lost: {log}: {error.strerror}."
    return "\n".join([f"The last lines of {log.name}:", *(f"  {line}" for line in lines[-_SHOWN:])])
