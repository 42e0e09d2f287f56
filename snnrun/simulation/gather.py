"""What the program wrote, gathered into a recording."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.network.blueprint import PopulationBlueprint
from snnrun.network.compose import Composition
from snnrun.network.construct import Construction
from snnrun.network.ends import neurons_of
from snnrun.network.projection import projection_of
from snnrun.results.recording import Population, Recording, SpikeTrains, Trace, WeightHistory
from snnrun.spec.experiment import Experiment
from snnrun.units import Quantity

Arrays = Mapping[str, NDArray[Any]]


def gather(
    experiment: Experiment,
    composition: Composition,
    construction: Construction,
    trials: Sequence[Arrays],
    provenance: Mapping[str, Any],
) -> Recording:
    """The recording of a run.

    Parameters
    ----------
    construction
        Whose fillings have been taken: it holds the synapses and stimuli to be kept.
    trials
        What the program wrote in each trial, by name.
    """
    blueprints = composition.blueprint.populations
    populations = {p.name: _population(p, experiment, trials) for p in blueprints}
    return Recording(
        run_id=experiment.run_id,
        title=experiment.title,
        seed=experiment.simulation.seed,
        dt=experiment.simulation.dt.value,
        n_ticks=experiment.n_ticks,
        warmup_ticks=experiment.warmup_ticks,
        populations=populations,
        spikes={p.name: _spikes(p, experiment, trials) for p in blueprints if p.spikes},
        traces={p.name: _traces(p, composition, trials) for p in blueprints if p.trace},
        synapses=construction.synapses,
        weights=_weights(composition, construction, trials[0]),
        inputs=construction.waveforms,
        spec_yaml=experiment.yaml,
        spec_resolved=experiment.resolved(),
        provenance=provenance,
        warnings=tuple(_warnings(populations, blueprints, experiment)),
        trials=len(trials),
        phases={
            name: tick for (name, _), (tick, _) in zip(experiment.phases_in_time, experiment.timeline[1:], strict=True)
        },
    )


def _population(p: PopulationBlueprint, experiment: Experiment, trials: Sequence[Arrays]) -> Population:
    section = experiment.populations[p.name]
    threshold = section.neuron.values().get("v_thresh")
    neurons = neurons_of(p.name, section, experiment.simulation.seed)
    return Population(
        size=p.size,
        type=section.type or "",
        n_spikes=sum(int(arrays[f"count.{p.name}"][0]) for arrays in trials) if p.threshold else 0,
        v_thresh=threshold.value if isinstance(threshold, Quantity) else float("nan"),
        positions=neurons.positions,
        extent=neurons.space.extent if neurons.space is not None else (),
        periodic=neurons.space is not None and neurons.space.periodic,
        labels=neurons.labels or (),
    )


def _spikes(p: PopulationBlueprint, experiment: Experiment, trials: Sequence[Arrays]) -> SpikeTrains:
    ticks = [arrays[f"spikes.{p.name}.tick"] for arrays in trials]
    return SpikeTrains(
        np.concatenate(ticks),
        np.concatenate([arrays[f"spikes.{p.name}.i"] for arrays in trials]),
        p.spikes,
        experiment.simulation.dt.value,
        0,
        experiment.n_ticks,
        _numbered([len(each) for each in ticks]),
    )


def _traces(p: PopulationBlueprint, composition: Composition, trials: Sequence[Arrays]) -> dict[str, Trace]:
    assert p.trace is not None
    node_ids = np.array(p.trace.node_ids, dtype=np.int32)
    n_neurons = len(node_ids)
    return {
        variable: Trace(
            data=np.hstack([arrays[f"traces.{p.name}.{variable}"].reshape(-1, n_neurons) for arrays in trials]),
            node_ids=np.tile(node_ids, len(trials)),
            time=trials[0][f"traces.{p.name}.t"],
            unit=composition.units[p.name][variable],
            trial=_numbered([n_neurons] * len(trials)),
        )
        for variable in p.trace.variables
    }


def _weights(composition: Composition, construction: Construction, arrays: Arrays) -> dict[str, WeightHistory]:
    found = {}
    for p in composition.blueprint.projections:
        if p.name not in construction.observed:
            continue
        source_ids, target_ids = construction.observed[p.name]
        ticks = arrays[f"weights.{p.name}.tick"]
        found[f"{projection_of(p.name)}/{p.source}/{p.target}"] = WeightHistory(
            time=ticks * composition.blueprint.dt,
            source_ids=source_ids,
            target_ids=target_ids,
            data=arrays[f"weights.{p.name}.weight"].reshape(len(ticks), len(source_ids)),
            unit=str(composition.values[f"{p.name}.weight"].dimension),
        )
    return found


def _numbered(lengths: Sequence[int]) -> NDArray[np.int32] | None:
    """The trial of each of so many items; None where there is only one."""
    return np.repeat(np.arange(len(lengths), dtype=np.int32), lengths) if len(lengths) > 1 else None


def _warnings(
    populations: Mapping[str, Population], blueprints: tuple[PopulationBlueprint, ...], experiment: Experiment
) -> list[str]:
    """What the user should know about the activity: silence, and saturation."""
    duration = experiment.simulation.duration.value * experiment.simulation.trials
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
    """Nine tenths of the rate that the refractory time allows; 500 Hz where there is none, but no end for sources."""
    neuron = experiment.populations[population].neuron
    if neuron.sends_only:
        return math.inf
    refractory = neuron.values().get("tau_refrac")
    if isinstance(refractory, Quantity) and refractory.value > 0:
        return 0.9 / (refractory.value + experiment.simulation.dt.value)
    return 500.0
