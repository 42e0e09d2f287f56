"""The activity of one population in the analysis window, with intermediate results shared between metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from snnrun.results.recording import SpikeTrains, Trace

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Activity:
    """What metrics look at.

    Parameters
    ----------
    name
        The population, or ``network`` for all recorded neurons together.
    spikes
        Spikes in the window; ``spikes.n_recorded`` neurons, silent ones included.
    traces
        Recorded variables of this population (whole run, see `Trace.time`).
    seed
        For metrics that sample neurons.
    """

    name: str
    spikes: SpikeTrains
    traces: Mapping[str, Trace] = field(default_factory=dict)
    seed: int = 0
