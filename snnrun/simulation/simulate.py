"""One simulation: a checked experiment becomes a recording."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import SimulationError
from snnrun.network.blueprint import PopulationBlueprint
from snnrun.network.compose import Composition, compose
from snnrun.network.construct import Construction
from snnrun.network.seeds import derived_seed
from snnrun.results.atomic import cannot_write
from snnrun.results.provenance import collect
from snnrun.results.recording import Population, Recording, SpikeTrains, Trace
from snnrun.simulation.build_cache import Build, program_for
from snnrun.simulation.compiler import FLAGS
from snnrun.simulation.input_file import write_input
from snnrun.simulation.listener import Listener
from snnrun.simulation.output_files import read_output
from snnrun.simulation.runner import run_program
from snnrun.spec.experiment import Experiment
from snnrun.units import Quantity


def simulate(experiment: Experiment, folder: Path, listener: Listener) -> Recording:
    """Build (or fetch) the program, draw the network, run it, and gather what it recorded.

    Parameters
    ----------
    folder
        An existing folder for temporary files, on a disk with room for the recording.
    listener
        Is told of each stage and of the progress.

    Raises
    ------
    BuildError, SimulationError, ResultsError
        If the program cannot be built, fails, or the disk is full.
    """
    started = datetime.now(UTC)
    composition = compose(experiment)
    build = program_for(composition.blueprint, listener.stage)
    construction = Construction(experiment, composition)
    with _work_folder(folder) as work:
        listener.stage("drawing the network")
        times = {"construct": _timed(lambda: _write_input(work / "input", experiment, construction))}
        listener.stage("simulating")
        n_ticks, dt = experiment.n_ticks, experiment.simulation.dt.value
        output = work / "output"

        def on_progress(tick: int) -> None:
            listener.progress(tick / n_ticks)

        times["simulate"] = _timed(lambda: run_program(build.program, work / "input", output, dt, on_progress))
        arrays = read_output(output)
    return _recording(experiment, composition, construction, arrays, _provenance(started, build, times))


@contextmanager
def _work_folder(parent: Path) -> Iterator[Path]:
    """A folder for temporary files, with one for the output of the program in it."""
    try:
        temporary = TemporaryDirectory(prefix=".run-", dir=parent)
        work = Path(temporary.name).absolute()
        (work / "output").mkdir()
    except OSError as error:
        raise cannot_write(parent, error) from error
    with temporary:
        yield work


def _write_input(path: Path, experiment: Experiment, construction: Construction) -> None:
    numbers = {
        "seed": derived_seed(experiment.simulation.seed, "program", bits=32),
        "n_ticks": experiment.n_ticks,
        "max_spikes": experiment.simulation.max_spikes,
    }
    try:
        write_input(path, numbers, construction.fillings())
    except MemoryError as error:
        raise SimulationError(
            "There is not enough memory to draw the network. Make it smaller, or use a larger machine; "
            "'snnrun describe' shows what it needs."
        ) from error


def _timed(action: Callable[[], None]) -> float:
    started = time.monotonic()
    action()
    return round(time.monotonic() - started, 4)


def _provenance(started: datetime, build: Build, times: Mapping[str, float]) -> dict[str, str | int | float]:
    compiler = " ".join([build.compiler, *FLAGS])
    facts = collect(started=started, compiler=compiler, wall_times={"build": build.seconds, **times})
    return {**facts, "fingerprint": build.fingerprint}


def _recording(
    experiment: Experiment,
    composition: Composition,
    construction: Construction,
    arrays: Mapping[str, NDArray[Any]],
    provenance: Mapping[str, Any],
) -> Recording:
    blueprints = composition.blueprint.populations
    populations = {p.name: _population(p, experiment, arrays) for p in blueprints}
    return Recording(
        run_id=experiment.run_id,
        title=experiment.title,
        seed=experiment.simulation.seed,
        dt=experiment.simulation.dt.value,
        n_ticks=experiment.n_ticks,
        warmup_ticks=experiment.warmup_ticks,
        populations=populations,
        spikes={p.name: _spikes(p, experiment, arrays) for p in blueprints if p.spikes},
        traces={p.name: _traces(p, composition, arrays) for p in blueprints if p.trace},
        synapses=construction.synapses,
        inputs=construction.waveforms,
        spec_yaml=experiment.yaml,
        spec_resolved=experiment.resolved(),
        provenance=provenance,
        warnings=tuple(_warnings(populations, blueprints, experiment)),
    )


def _population(p: PopulationBlueprint, experiment: Experiment, arrays: Mapping[str, NDArray[Any]]) -> Population:
    section = experiment.populations[p.name]
    threshold = section.neuron.values().get("v_thresh")
    return Population(
        size=p.size,
        type=section.type or "",
        n_spikes=int(arrays[f"count.{p.name}"][0]) if p.threshold else 0,
        v_thresh=threshold.value if isinstance(threshold, Quantity) else float("nan"),
    )


def _spikes(p: PopulationBlueprint, experiment: Experiment, arrays: Mapping[str, NDArray[Any]]) -> SpikeTrains:
    dt = experiment.simulation.dt.value
    ticks = np.rint(arrays[f"spikes.{p.name}.t"] / dt).astype(np.int64)
    return SpikeTrains(ticks, arrays[f"spikes.{p.name}.i"], p.spikes, dt, 0, experiment.n_ticks)


def _traces(p: PopulationBlueprint, composition: Composition, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Trace]:
    assert p.trace is not None
    node_ids = np.arange(p.trace.neurons, dtype=np.int32)
    return {
        variable: Trace(
            data=arrays[f"traces.{p.name}.{variable}"].reshape(-1, p.trace.neurons),
            node_ids=node_ids,
            time=arrays[f"traces.{p.name}.t"],
            unit=composition.units[p.name][variable],
        )
        for variable in p.trace.variables
    }


def _warnings(
    populations: Mapping[str, Population], blueprints: tuple[PopulationBlueprint, ...], experiment: Experiment
) -> list[str]:
    """What the user should know about the activity: silence, and saturation."""
    duration = experiment.simulation.duration.value
    found = []
    for blueprint in blueprints:
        population = populations[blueprint.name]
        if not blueprint.threshold:
            continue
        rate = population.n_spikes / population.size / duration
        if population.n_spikes == 0:
            found.append(f"'{blueprint.name}' is silent: not one spike of its {population.size} neurons.")
        elif rate > _saturated_rate(experiment, blueprint.name):
            found.append(
                f"'{blueprint.name}' is saturated: its neurons fire at {rate:.3g} Hz, close to the most they can."
            )
    return found


def _saturated_rate(experiment: Experiment, population: str) -> float:
    """Nine tenths of the rate that the refractory time allows; 500 Hz where there is none."""
    refractory = experiment.populations[population].neuron.values().get("tau_refrac")
    if isinstance(refractory, Quantity) and refractory.value > 0:
        return 0.9 / (refractory.value + experiment.simulation.dt.value)
    return 500.0
