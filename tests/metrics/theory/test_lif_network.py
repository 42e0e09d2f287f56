"""Self-consistent rates against published ones."""

from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.metrics.theory.lif_network import LifNetwork, LifPopulation, Pathway
from snnrun.metrics.theory.siegert import COLOUR_SHIFT, siegert_rate

# Potjans & Diesmann 2014, tables 4 and 5; probabilities of a connection: rows are targets, columns sources.
SIZES = np.array([20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948])
EXTERNAL = (1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100)
PROBABILITIES = np.array([
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0000, 0.0076, 0.0000],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0000, 0.0042, 0.0000],
    [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0000],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0000, 0.1057, 0.0000],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0000],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0000],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
])  # fmt: skip
# The model's repository (INM-6/microcircuit-PD14-model): NEST, full scale.
SIMULATED = np.array([0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829])


def _brunel(g, eta, **options):
    """Two populations that receive alike (Brunel 2000, model A)."""
    step, cell = 0.1e-3, LifPopulation(tau_m=20e-3, v_rest=0, v_thresh=20e-3, v_reset=10e-3, tau_refrac=2e-3)
    pathways = []
    for target in ("exc", "inh"):
        for source, indegree, weight in (("exc", 1000, step), ("inh", 250, -g * step), ("outside", 1000, step)):
            pathways.append(Pathway(target, source, indegree, weight, weight**2))
    outside = eta * 20e-3 / (step * 1000 * 20e-3)
    return LifNetwork({"exc": cell, "inh": cell}, tuple(pathways), {"outside": outside}, **options)


# Brunel 2000, Fig. 8, gives 55.8, 38.0 and 6.5 Hz as what theory predicts for the panels B, C and D.
@pytest.mark.parametrize(("g", "eta", "rate"), [(6, 4, 55.8), (5, 2, 38.0), (4.5, 0.9, 6.5)])
@pytest.mark.parametrize("start", ["silence", "saturation"])
def test_the_rates_of_brunel_2000(g, eta, rate, start):
    rates = _brunel(g, eta).stationary_rates(start)
    assert rates == pytest.approx([rate, rate], abs=0.06)  # given with one decimal


def test_the_input_is_that_of_the_equations_of_brunel_2000():
    # μ = τ J (C_ext ν_ext + C_E ν (1 - γ g)), σ² = τ J² (C_ext ν_ext + C_E ν (1 + γ g²)), eq. 5 and 6.
    arriving = _brunel(5, 2).input(np.array([38.0, 38.0]))
    outside = 2 * 20e-3 / (0.1e-3 * 20e-3)
    mean = 20e-3 * 0.1e-3 * (outside + 1000 * 38 * (1 - 0.25 * 5))
    sd = math.sqrt(20e-3 * 0.1e-3**2 * (outside + 1000 * 38 * (1 + 0.25 * 25)))
    assert arriving.mean == pytest.approx([mean, mean])
    assert arriving.sd == pytest.approx([sd, sd])
    assert not arriving.threshold_rise.any() and not arriving.reset_rise.any()


def test_the_grid_of_a_simulation_lowers_the_rates():
    # Panel D, simulated with 0.1 ms: 4.9 to 5.9 Hz (paper: 5.5); on the grid the prediction is nearer to it.
    on_grid = _brunel(4.5, 0.9, time_step=0.1e-3).stationary_rates()[0]
    assert 5.9 < on_grid < 6.5


def test_the_rates_of_the_cortical_microcircuit():
    tau_m, tau_syn, capacitance = 10e-3, 0.5e-3, 250e-12
    weight = 87.81e-12 * tau_syn / capacitance  # the step of the potential that the charge of a spike makes
    names = [f"{layer}{kind}" for layer in ("23", "4", "5", "6") for kind in "ei"]
    cell = LifPopulation(tau_m, v_rest=-65e-3, v_thresh=-50e-3, v_reset=-65e-3, tau_refrac=2e-3)
    pathways = [
        Pathway(name, "outside", indegree, weight, 1.01 * weight**2, tau_syn)  # 1.01: weights have an SD of 10 %
        for name, indegree in zip(names, EXTERNAL, strict=True)
    ]
    for (target, source), probability in np.ndenumerate(PROBABILITIES):
        pairs = SIZES[target] * SIZES[source]
        indegree = math.log(1 - probability) / math.log(1 - 1 / pairs) / SIZES[target]
        strength = weight * (-4 if source % 2 else 2 if (target, source) == (0, 2) else 1)
        pathways.append(Pathway(names[target], names[source], indegree, strength, 1.01 * strength**2, tau_syn))
    network = LifNetwork(dict.fromkeys(names, cell), tuple(pathways), {"outside": 8.0})
    rates = network.stationary_rates()
    # In-degrees vary in the simulation, which lifts the rates of sparsely firing populations.
    np.testing.assert_allclose(rates, SIMULATED, rtol=0.08, atol=0.1)
    assert network.largest_tau_syn == pytest.approx(0.05)


def test_short_synaptic_time_constants_raise_threshold_and_reset():
    cell = LifPopulation(tau_m=20e-3, v_rest=0, v_thresh=20e-3, v_reset=10e-3)
    coloured = LifNetwork({"cell": cell}, (Pathway("cell", "x", 1000, 0.1e-3, 1e-8, 0.2e-3),), {"x": 8.0})
    arriving = coloured.input(np.zeros(1))
    sd = math.sqrt(20e-3 * 1000 * 1e-8 * 8)
    assert arriving.reset_rise == pytest.approx([COLOUR_SHIFT * sd * 0.1])
    assert arriving.threshold_rise == pytest.approx(arriving.reset_rise)
    # A smooth potential is not missed between two looks at the threshold.
    gridded = LifNetwork(coloured.populations, coloured.pathways, coloured.sources, time_step=0.1e-3)
    assert gridded.input(np.zeros(1)).threshold_rise == pytest.approx(arriving.reset_rise)
    white = LifNetwork({"cell": cell}, (Pathway("cell", "x", 1000, 0.1e-3, 1e-8),), {"x": 8.0})
    assert coloured.stationary_rates() < white.stationary_rates()


def test_currents_alone_need_no_network():
    cell = LifPopulation(20e-3, 0, 20e-3, 10e-3, 2e-3, drive=20e-3, noise=5e-3)
    rate = siegert_rate(20e-3, 5e-3, tau_m=20e-3, v_thresh=20e-3, v_reset=10e-3, tau_refrac=2e-3)
    assert LifNetwork({"cell": cell}).stationary_rates()[0] == pytest.approx(float(rate))
    quiet = LifPopulation(20e-3, 0, 20e-3, 10e-3)
    assert LifNetwork({"cell": quiet}).stationary_rates("saturation") == pytest.approx(0)


def test_two_stationary_states_are_told_by_where_the_search_starts():
    # Strong recurrent excitation: silence and high activity both maintain themselves.
    cell = LifPopulation(tau_m=20e-3, v_rest=0, v_thresh=20e-3, v_reset=10e-3, tau_refrac=2e-3)
    network = LifNetwork({"exc": cell}, (Pathway("exc", "exc", 1000, 0.1e-3, 1e-8),))
    low, high = (network.stationary_rates(start)[0] for start in ("silence", "saturation"))
    assert low == pytest.approx(0, abs=1e-6)
    assert high > 300
    assert network.response(np.array([high])) == pytest.approx([high], rel=1e-6)
