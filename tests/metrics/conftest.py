"""Spike trains made by hand, whose statistics are known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from snnrun.metrics.activity import Activity
from snnrun.results.recording import Population, Recording, SpikeTrains, Trace

DT = 1e-5
"""Fine enough for rounding to time steps to be far below every sampling error here."""

ActivityOf = Callable[..., Activity]
Renewal = Callable[..., Activity]


@pytest.fixture
def activity_of() -> ActivityOf:
    """Activity from the spike times, in seconds, of each neuron."""
    return _activity_of


@pytest.fixture
def renewal() -> Renewal:
    """Independent stationary neurons with gamma distributed intervals; shape 1 is the Poisson process."""
    return _renewal


@pytest.fixture
def recording_of() -> Callable[..., Recording]:
    """A recording of several populations, from the spike times in seconds of each of their neurons."""
    return _recording_of


def _recording_of(
    populations: Mapping[str, Sequence[ArrayLike]], duration: float, *, dt: float = DT, **rest: Any
) -> Recording:
    spikes = {name: _activity_of(trains, duration, dt=dt).spikes for name, trains in populations.items()}
    sizes = {name: Population(len(trains)) for name, trains in populations.items()}
    return Recording("0123456789ab", "By hand", 1, dt, round(duration / dt), 0, sizes, spikes, **rest)


def _activity_of(
    trains: Sequence[ArrayLike],
    duration: float,
    *,
    start: float = 0.0,
    dt: float = DT,
    traces: dict[str, Trace] | None = None,
    seed: int = 1,
) -> Activity:
    times = [np.asarray(train, dtype=float) for train in trains]
    ticks = np.round(np.concatenate([*times, np.empty(0)]) / dt).astype(np.int64)
    node_ids = np.repeat(np.arange(len(times), dtype=np.int32), [len(train) for train in times])
    order = np.lexsort((node_ids, ticks))
    first, last = round(start / dt), round((start + duration) / dt)
    spikes = SpikeTrains(ticks[order], node_ids[order], len(times), dt, first, last).between(first, last)
    return Activity("exc", spikes, traces or {}, seed)


def _renewal(n_neurons: int, rate: float, duration: float, *, shape: float = 1.0, seed: int = 1) -> Activity:
    random = np.random.default_rng(seed)

    def train() -> NDArray[np.float64]:
        # Begun a second early, the process has forgotten its beginning when the window opens.
        expected = rate * (duration + 1)
        intervals = random.gamma(shape, 1 / (rate * shape), int(expected + 10 * np.sqrt(expected) + 10))
        times = np.cumsum(intervals) - 1
        return times[(times >= 0) & (times < duration - DT)]

    return _activity_of([train() for _ in range(n_neurons)], duration)
