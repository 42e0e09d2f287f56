"""Checks of what is to be measured against the time step, before hours of simulation end in an error."""

from __future__ import annotations

from collections.abc import Iterator

from snnrun.errors import KeyPath, Problem, suggestion
from snnrun.metrics.analyse import standard_metrics
from snnrun.metrics.base import Metric
from snnrun.quantities import is_whole
from snnrun.registry import entry_name
from snnrun.spec.experiment import Experiment


def metric_problems(experiment: Experiment) -> Iterator[Problem]:
    """Metrics that count in bins of no whole number of time steps, name no population, or are asked for twice."""
    if experiment.analysis is None:
        for metric in standard_metrics():
            for problem in _bin_problems(metric, experiment, ("simulation", "dt")):
                yield problem
                return
        return
    names: list[str] = []
    for index, metric in enumerate(experiment.analysis):
        name = entry_name(type(metric), "metrics")
        if name in names:
            yield Problem(("analysis", index), f"The metric '{name}' is asked for twice.", "Keep one of them.")
        names.append(name)
        yield from _bin_problems(metric, experiment, ("analysis", index))
        yield from _population_problems(metric, experiment, ("analysis", index))


def _population_problems(metric: Metric, experiment: Experiment, path: KeyPath) -> Iterator[Problem]:
    recorded = experiment.populations if experiment.record.spikes is None else experiment.record.spikes
    for name in metric.populations():
        if name not in recorded:
            metric_name = entry_name(type(metric), "metrics")
            yield Problem(
                path,
                f"The metric '{metric_name}' asks for {name!r}, of which no spikes are recorded.",
                suggestion(name, tuple(recorded)) if recorded else "List populations under 'record: spikes'.",
            )


def _bin_problems(metric: Metric, experiment: Experiment, path: KeyPath) -> Iterator[Problem]:
    dt = experiment.simulation.dt
    for width in metric.bins():
        if not is_whole(width.value / dt.value):
            name = entry_name(type(metric), "metrics")
            yield Problem(
                path,
                f"The metric '{name}' counts spikes in bins of {width.pretty()}, no whole number of time steps of "
                f"{dt.pretty()}.",
                "Choose another time step, or list under 'analysis' what to measure, with other bins.",
            )
