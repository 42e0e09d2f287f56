"""What a sweep consists of, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from snnrun.metrics.base import Metric
from snnrun.registry import added
from snnrun.spec.sections import ID_DIGITS
from snnrun.spec.sweep import Keep, Raw


@dataclass(frozen=True, slots=True)
class Point:
    """One parameter set with one seed: a complete experiment.

    Parameters
    ----------
    id
        Name of its result; derived from `run_id`, from what is measured, and from what is kept.
    run_id
        Name of the run that the same experiment has by itself.
    values
        What stands at each axis, as YAML gives it; shape (n_axes,).
    replicate
        Number of the seed among those of the same values, from 0.
    seed
        Master seed of its simulation.
    build
        Index of the program it needs in `Plan.builds`.
    """

    id: str
    run_id: str
    values: tuple[Raw, ...]
    replicate: int
    seed: int
    build: int


@dataclass(frozen=True, slots=True)
class Build:
    """A distinct program.

    Parameters
    ----------
    fingerprint
        Its name in the cache of this machine.
    point
        Id of a point that needs it.
    """

    fingerprint: str
    point: str


@dataclass(frozen=True)
class Plan:
    """What a sweep computes: points, and the experiment that they vary.

    Parameters
    ----------
    experiment
        Name of the experiment.
    data
        What its file says, without the sweep, and with the values that the user changed for all points.
    yaml
        The file as its author wrote it.
    folder
        Holds its data files.
    axes
        Names of parameters or dotted paths.
    points
        In the order of the design; replicates of the same values follow each other.
    collect
        Columns of tables; None for all.
    figures
        Figures of the sweep as plain data; None for the standard set.
    design
        How the axes made points, and these axes, as plain data.
    request
        What the user typed: ``words`` of axes, ``parameters`` and ``settings`` for all points.
    shares
        Of a search: where each set of values lies in the unit cube; shape (n_sets, n_axes).
    """

    experiment: str
    data: Mapping[str, Any]
    yaml: str
    folder: Path
    axes: tuple[str, ...]
    points: tuple[Point, ...]
    builds: tuple[Build, ...]
    keep: Keep
    collect: tuple[str, ...] | None
    figures: tuple[Mapping[str, Any], ...] | None
    design: Mapping[str, Any]
    request: Mapping[str, Any]
    shares: tuple[tuple[float, ...], ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Point]:
        """Its points by their ids."""
        return {point.id: point for point in self.points}

    def assignment(self, point: Point) -> dict[str, Raw]:
        """The values of a point by axis."""
        return dict(zip(self.axes, point.values, strict=True))


def point_id(run_id: str, analysis: Sequence[Any] | None, keep: Keep) -> str:
    """Name of the result of a point.

    Parameters
    ----------
    analysis
        The section of the resolved experiment: what is measured; None for the standard set.
    """
    measured = analysis if analysis is not None else _own_standard()
    text = json.dumps([run_id, measured, keep], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def _own_standard() -> list[str] | None:
    """What tells the metrics apart that the user has added to the standard set; None if there are none."""
    own = [metric for metric in added("metrics") if issubclass(metric, Metric) and metric.standard]
    return [metric.file_sha256 for metric in own] or None
