"""Simulations for tests of the physics: from the text of an experiment to its recording, without files in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import erfcx

import snnrun
from snnrun.results.recording import Recording
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate
from snnrun.spec.experiment import Experiment

EXPERIMENTS = Path(__file__).parents[2] / "experiments"

Record = Callable[..., Recording]


@pytest.fixture(scope="session")
def record() -> Record:
    """Simulate the text of an experiment, or a file below ``experiments/``."""
    return _record


def _record(
    source: str,
    parameters: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    folder: Path | None = None,
) -> Recording:
    if source.endswith(".yaml"):
        return simulated(snnrun.load(EXPERIMENTS / source, parameters, settings))
    return simulated(snnrun.loads(source, folder, parameters, settings))


def simulated(experiment: Experiment) -> Recording:
    """The recording of an experiment."""
    with TemporaryDirectory() as folder:
        return simulate(experiment, Path(folder), Listener())


@pytest.fixture(scope="session")
def ticks_of() -> Callable[[Recording, str, int], NDArray[Any]]:
    """The ticks at which one neuron of a population fired."""

    def ticks(recording: Recording, population: str, neuron: int) -> NDArray[Any]:
        spikes = recording.spikes[population]
        return np.asarray(spikes.ticks[spikes.node_ids == neuron])

    return ticks


@pytest.fixture(scope="session")
def siegert() -> Callable[..., float]:
    """Rate in hertz of a LIF neuron under white noise: Siegert 1951; Brunel 2000, eq. 21; millivolts, milliseconds.

    The potential without threshold has the given mean and the variance sigma²/2.
    """

    def rate(mean: float, sigma: float, threshold: float, reset: float, tau_m: float, tau_refrac: float) -> float:
        lower, upper = (reset - mean) / sigma, (threshold - mean) / sigma
        integral, _ = quad(lambda u: erfcx(-u), lower, upper)  # exp(u²) (1 + erf(u)) without overflow
        return float(1e3 / (tau_refrac + tau_m * np.sqrt(np.pi) * integral))

    return rate
