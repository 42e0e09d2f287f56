"""The cortical microcircuit of Potjans & Diesmann (2014) at a tenth of its size, against NEST and the paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import snnrun
from snnrun.inputs.poisson import Poisson
from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import Observation

pytestmark = [pytest.mark.physics, pytest.mark.slow]

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
FILE = "potjans_diesmann_2014/microcircuit.yaml"
# The same network in NEST 3.10 (iaf_psc_exp, dt 0.1 ms, 0.5 to 2.5 s), three seeds: mean over them, in hertz. The
# largest relative standard deviations between seeds, in L2/3E and L5E, are 8 % and 3 %.
NEST = {
    "L23E": 0.490,
    "L23I": 2.127,
    "L4E": 4.004,
    "L4I": 5.033,
    "L5E": 6.654,
    "L5I": 7.825,
    "L6E": 0.834,
    "L6I": 7.029,
}


@pytest.fixture(scope="module")
def observation(record) -> Observation:
    return Observation(record(FILE))


@pytest.fixture(scope="module")
def rates(observation) -> dict[str, float]:
    return {name: float(observation.measure(name, MeanRate()).value) for name in observation.populations}


def test_rates_are_those_of_nest(rates):
    for name, expected in NEST.items():
        # Four standard deviations between networks; the quietest populations differ most.
        assert rates[name] == pytest.approx(expected, rel=0.3 if expected < 1 else 0.12)


def test_inhibitory_neurons_are_faster_and_layers_differ_as_in_the_paper(rates):
    # Fig. 6: in each layer inhibition fires faster; of the excitatory populations 5 is the most active, then 4, while
    # 2/3 and 6 are around or below 1 Hz.
    assert all(rates[f"{layer}I"] > rates[f"{layer}E"] for layer in ("L23", "L4", "L5", "L6"))
    assert rates["L5E"] > rates["L4E"] > 2 * max(rates["L23E"], rates["L6E"])


def test_firing_is_irregular(observation):
    # Fig. 6: irregularity of single neurons between 0.6 and 1.
    for name in ("L4E", "L4I", "L5E", "L5I", "L6I"):
        assert 0.6 < observation.measure(name, CvIsi()).value < 1


@pytest.mark.parametrize("scale", [0.02, 0.1, 0.5])
def test_a_smaller_circuit_has_the_mean_and_the_variance_of_the_input_of_the_full_one(scale):
    def moments(scale):
        """Mean and variance of the input of each population at the rates of the full circuit, up to a factor."""
        experiment = snnrun.load(EXPERIMENTS / FILE, {"scale": scale})
        values, sizes = experiment.parameters, {name: p.size for name, p in experiment.populations.items()}
        mean = {name: experiment.inputs[f"dc_{name}"].amplitude.value for name in NEST}
        variance = dict.fromkeys(NEST, 0.0)
        drives = [
            (target, p.connectivity.n / sizes[target] * values[f"nu_{p.source}"].value, p.synapse.weight.arguments[0])
            for p in experiment.projections.values()
            for target in p.targets
        ]
        drives += [
            (target, source.n * source.rate.value, source.synapse.weight)
            for source in experiment.inputs.values()
            if isinstance(source, Poisson)
            for target in source.targets
        ]
        for target, rate, weight in drives:
            mean[target] += rate * weight.value * values["tau_syn"].value
            variance[target] += rate * weight.value**2
        return np.array(list(mean.values())), np.array(list(variance.values()))

    for scaled, full in zip(moments(scale), moments(1), strict=True):
        assert scaled == pytest.approx(full, rel=0.01)  # sizes and numbers of synapses are whole
