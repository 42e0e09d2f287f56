"""What stays of one point of a sweep, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from snnrun.results.analysis import Analysis, Measurement


@dataclass(frozen=True)
class PointResult:
    """The result of a point.

    Parameters
    ----------
    point
        Its id.
    run_id
        Name of the run that was measured.
    seconds
        What simulating and measuring it took; without compiling, which is done once for many.
    analysis
        What was measured.
    spec_resolved
        The experiment with every value filled in, ready for JSON.
    provenance
        Versions, compiler, machine, times of the simulation: text and numbers.
    is_summary
        Whether only the numbers stay of the analysis: no series, parameters, definitions or notes.
    """

    point: str
    run_id: str
    seconds: float
    analysis: Analysis
    spec_resolved: Mapping[str, Any]
    provenance: Mapping[str, str | int | float]
    is_summary: bool = False


@dataclass(frozen=True)
class PointSummary:
    """The numbers of a point: what tables need.

    Parameters
    ----------
    point, run_id, seconds
        As in `PointResult`.
    measurements
        Values with unit and ``n_valid``, by population and metric.
    """

    point: str
    run_id: str
    seconds: float
    measurements: Mapping[str, Mapping[str, Measurement]]
