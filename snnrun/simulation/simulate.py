"""One simulation: a checked experiment becomes a recording."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from numpy.typing import NDArray

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
from snnrun.simulation.input_file import write_input
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
    trials: list[dict[str, NDArray[Any]]] = []
    with _work_folder(folder) as work:
        listener.stage("drawing the network")
        times = {"construct": _timed(lambda: _write_input(work / "input", experiment, construction))}
        listener.stage("simulating")

        def run_trials() -> None:
            trials.extend(
                _run_trial(number, build.program, work, construction, listener)
                for number in range(experiment.simulation.trials)
            )

        times["simulate"] = _timed(run_trials)
    facts = _provenance(started, build, times, composition, threads)
    return gather(experiment, composition, construction, trials, facts)


def _run_trial(
    number: int, program: Path, work: Path, construction: Construction, listener: Listener
) -> dict[str, NDArray[Any]]:
    """One trial, counted from 0: what the program wrote, by name."""
    experiment = construction.experiment
    n_ticks, simulation = experiment.n_ticks, experiment.simulation

    def on_progress(tick: int) -> None:
        listener.progress((number + tick / n_ticks) / simulation.trials)

    own = ("trial", str(number)) if number else ()
    seed = {"seed": derived_seed(simulation.seed, *own, "program", bits=32)}
    write_input(work / "trial", seed, construction.trial_fillings(number))
    output = work / "output"
    run_program(program, work / "input", work / "trial", output, simulation.dt.value, on_progress)
    return read_output(output)


@contextmanager
def _work_folder(parent: Path) -> Iterator[Path]:
    """A folder for temporary files, with one for the output of the program in it."""
    try:
        temporary = TemporaryDirectory(prefix=WORK_PREFIX, dir=parent)
        work = Path(temporary.name).absolute()
        (work / "output").mkdir()
    except OSError as error:
        raise cannot_write(parent, error) from error
    with temporary:
        yield work


def _write_input(path: Path, experiment: Experiment, construction: Construction) -> None:
    numbers = {
        "n_ticks": experiment.n_ticks,
        "max_spikes": experiment.simulation.max_spikes,
    }
    try:
        write_input(path, numbers, construction.fillings(), list(construction.changes()))
    except MemoryError as error:
        raise SimulationError(
            "There is not enough memory to draw the network. Make it smaller, or use a larger machine; "
            "'snnrun describe' shows what it needs."
        ) from error


def _timed(action: Callable[[], None]) -> float:
    started = time.monotonic()
    action()
    return round(time.monotonic() - started, 4)


def _provenance(
    started: datetime, build: Build, times: Mapping[str, float], composition: Composition, threads: int
) -> dict[str, str | int | float]:
    blueprint = composition.blueprint
    compiler = " ".join([build.compiler, *flags_for(blueprint)])
    facts = collect(started=started, compiler=compiler, wall_times={"build": build.seconds, **times})
    remark = {"engine_remark": composition.engine_remark} if composition.engine_remark else {}
    choices = {"engine": blueprint.engine, **remark, "math": blueprint.math, "arch": blueprint.arch}
    return {**facts, **choices, "threads": threads, "fingerprint": build.fingerprint}
