"""One simulation: a checked experiment becomes a recording."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from snnrun.errors import SimulationError
from snnrun.network.compose import Composition, compose
from snnrun.network.construct import Construction
from snnrun.network.seeds import derived_seed
from snnrun.results.atomic import WORK_PREFIX, cannot_write
from snnrun.results.provenance import collect
from snnrun.results.recording import Recording
from snnrun.simulation.build_cache import Build, program_for
from snnrun.simulation.flags import flags_for
from snnrun.simulation.gather import gather
from snnrun.simulation.input_file import write_network, write_trial
from snnrun.simulation.listener import Listener
from snnrun.simulation.output_files import read_output
from snnrun.simulation.resources import refuse_too_many
from snnrun.simulation.runner import run_program
from snnrun.spec.experiment import Experiment


def simulate(experiment: Experiment, folder: Path, listener: Listener, *, threads: int = 1) -> Recording:
    """Build (or fetch) the program, draw the network, run it, and gather what it recorded.

    Parameters
    ----------
    folder
        An existing folder for temporary files, on a disk with room for the recording.
    listener
        Is told of each stage and of the progress.
    threads
        On how many processors the fast engine computes; the results are the same for any number.

    Raises
    ------
    UserError
        If this machine has not so many processors.
    BuildError, SimulationError, ResultsError
        If the program cannot be built, fails, or the disk is full.
    """
    refuse_too_many(threads)
    started = datetime.now(UTC)
    composition = compose(experiment)
    if composition.engine_remark:
        listener.remark(composition.engine_remark)
    if threads > 1 and composition.blueprint.engine == "reference":
        listener.remark("the reference engine computes on one processor, whatever --threads says")
        threads = 1
    build = program_for(composition.blueprint, listener.stage)
    construction = Construction(experiment, composition)
    with _work_folder(folder) as work:
        times = _run(build.program, work, construction, listener, threads)
        trials = [read_output(path) for path in _trial_folders(work, experiment)]
    facts = _provenance(started, build, times, composition, threads)
    return gather(experiment, composition, construction, trials, facts)


def _run(program: Path, work: Path, construction: Construction, listener: Listener, threads: int) -> dict[str, float]:
    """Draw the network into the program and run all trials; how many seconds either took."""
    experiment, simulation = construction.experiment, construction.experiment.simulation
    folders = _trial_folders(work, experiment)
    n_ticks = experiment.n_ticks
    started = time.monotonic()
    drawn = started

    def write(file: BinaryIO) -> None:
        nonlocal drawn
        numbers = {"n_ticks": n_ticks, "max_spikes": simulation.max_spikes}
        write_network(file, numbers, construction.fillings(), list(construction.changes()))
        drawn = time.monotonic()
        listener.stage("simulating")

    def on_progress(trial: int, tick: int) -> None:
        listener.progress((trial + tick / n_ticks) / simulation.trials)

    listener.stage("drawing the network")
    try:
        for number, path in enumerate(folders):
            _write_trial(number, path, construction)
        run_program(program, work, write, folders, simulation.dt.value, on_progress, threads)
    except MemoryError as error:
        raise SimulationError(
            "There is not enough memory to draw the network. Make it smaller, or use a larger machine; "
            "'snnrun describe' shows what it needs."
        ) from error
    return {"construct": round(drawn - started, 4), "simulate": round(time.monotonic() - drawn, 4)}


def _trial_folders(work: Path, experiment: Experiment) -> list[Path]:
    return [work / str(number) for number in range(experiment.simulation.trials)]


def _write_trial(number: int, folder: Path, construction: Construction) -> None:
    """Make the folder of a trial, counted from 0, and put the values of the trial into it."""
    own = ("trial", str(number)) if number else ()
    seed = derived_seed(construction.seed, *own, "program", bits=32)
    try:
        folder.mkdir()
    except OSError as error:
        raise cannot_write(folder, error) from error
    write_trial(folder / "trial", seed, construction.trial_fillings(number))


@contextmanager
def _work_folder(parent: Path) -> Iterator[Path]:
    """A folder for temporary files."""
    try:
        temporary = TemporaryDirectory(prefix=WORK_PREFIX, dir=parent)
        work = Path(temporary.name).absolute()
    except OSError as error:
        raise cannot_write(parent, error) from error
    with temporary:
        yield work


def _provenance(
    started: datetime, build: Build, times: Mapping[str, float], composition: Composition, threads: int
) -> dict[str, str | int | float]:
    blueprint = composition.blueprint
    compiler = " ".join([build.compiler, *flags_for(blueprint)])
    facts = collect(started=started, compiler=compiler, wall_times={"build": build.seconds, **times})
    remark = {"engine_remark": composition.engine_remark} if composition.engine_remark else {}
    choices = {"engine": blueprint.engine, **remark, "math": blueprint.math, "arch": blueprint.arch}
    return {**facts, **choices, "threads": threads, "fingerprint": build.fingerprint}
