"""All metrics on all populations of a recording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from snnrun.errors import ResultsError
from snnrun.metrics.base import Metric
from snnrun.metrics.observation import NETWORK, Observation
from snnrun.registry import entries, entry_name
from snnrun.results.analysis import Analysis, Measurement


def standard_metrics() -> tuple[Metric, ...]:
    """What is measured when the experiment names no metrics, with default parameters."""
    found = (entry for entry in entries("metrics").values() if issubclass(entry, Metric))
    return tuple(entry() for entry in found if entry.standard)


def analyse(observation: Observation, metrics: Sequence[Metric]) -> Analysis:
    """Measure each population, and all of them together as ``network``: each metric where its scope says.

    Raises
    ------
    ResultsError
        If a metric is asked for twice, or cannot work with the time step of the recording.
    """
    names = [entry_name(type(metric), "metrics") for metric in metrics]
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        raise ResultsError(f"the metric {twice[0]!r} is asked for twice; results are stored by name. Keep one of them.")
    return Analysis(
        run_id=observation.recording.run_id,
        window=observation.window,
        measurements={
            population: _measured(observation, population, asked)
            for population, asked in placed(observation, metrics).items()
        },
        definitions={name: metric.summary() for name, metric in zip(names, metrics, strict=True)},
    )


def placed(observation: Observation, metrics: Sequence[Metric]) -> dict[str, dict[str, Metric]]:
    """The metrics to be measured on each population and on the network, by their names."""
    names = [*observation.populations, *([NETWORK] if observation.populations else [])]
    return {
        population: {
            entry_name(type(metric), "metrics"): metric
            for metric in metrics
            if metric.scope in ("each", "network" if population == NETWORK else "population")
        }
        for population in names
    }


def _measured(observation: Observation, population: str, metrics: Mapping[str, Metric]) -> dict[str, Measurement]:
    measurements = {
        name: replace(observation.measure(population, metric), parameters=metric.parameters())
        for name, metric in metrics.items()
    }
    # Ten million spikes sorted by neuron are a sixth of a gigabyte, and the next population needs its own.
    observation.activity(population).release()
    return measurements
