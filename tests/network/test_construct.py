"""The numbers of a network: in the order of the program, decided by the seed, each for itself."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.network.compose import compose
from snnrun.network.construct import Construction

RANDOM = {"rule": "fixed_probability", "p": 0.5}
BACK = {
    "from": "inh",
    "to": ["exc", "inh"],
    "synapse": {"model": "exponential_current", "weight": "uniform(-2 pA, -1 pA)", "delay": "uniform(1 ms, 2 ms)"},
    "connectivity": RANDOM,
}
BIG = {"populations.exc.size": 100, "populations.inh.size": 60, "projections.drive.connectivity": RANDOM}


@pytest.fixture
def filled(small, contents):
    """The fillings of the small experiment after a change, by slot."""

    def fill(settings=None, folder=None, trial=0):
        experiment = small(settings, folder)
        construction = Construction(experiment, compose(experiment))
        of_the_run, of_the_trial = contents(construction), list(construction.trial_fillings(trial))
        return of_the_run | {filling.slot.name: filling.arrays for filling in of_the_trial}, construction

    return fill


def same(one, other):
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_values_of_neurons(filled):
    arrays, _ = filled(
        {
            "populations.exc.neuron": {"model": "lif", "v_rest": "linspace(-70 mV, -63 mV)"},
            "populations.exc.initial": {"v": "-60 mV"},
        }
    )
    assert arrays["exc.tau_m"][0] == pytest.approx([0.02], rel=1e-15)
    assert arrays["exc.v_rest"][0] == pytest.approx(np.arange(-70e-3, -62.9e-3, 1e-3))
    assert arrays["exc.v"][0] == pytest.approx(np.full(8, -60e-3))
    assert {array.dtype for found in arrays.values() for array in found} == {np.dtype("f8"), np.dtype("i4")}


def test_synapses_and_their_values(filled):
    arrays, construction = filled({"projections.back": BACK, "record.synapses": ["back"]})
    sources, targets = arrays["back__exc"]
    assert len(sources) == len(targets)
    (weight,), (delay,) = arrays["back__exc.weight"], arrays["back__exc.delay"]
    assert len(weight) == len(delay) == len(sources)
    assert np.all((weight >= -2e-12) & (weight <= -1e-12))
    table = construction.synapses["back/inh/exc"]
    assert (table.source, table.target, table.weight_unit) == ("inh", "exc", "A")
    assert same((table.source_ids, table.target_ids, table.weight), (sources, targets, weight))
    # The program counts time steps of 0.1 ms.
    assert np.array_equal(np.floor(table.delay / 1e-4 + 0.5), delay)


def test_no_spike_is_longer_on_its_way_than_the_run_lasts(filled):
    # A place for each step of 1e9 seconds would need terabytes.
    arrays, construction = filled({"projections.drive.synapse.delay": "1e9 s", "record.synapses": ["drive"]})
    assert arrays["drive__inh.delay"][0] == [construction.experiment.n_ticks]
    assert construction.synapses["drive/exc/inh"].delay == pytest.approx([1e9])


def test_one_value_for_all_synapses_is_one_number(filled):
    arrays, _ = filled()
    assert arrays["drive__inh.weight"][0] == pytest.approx([10e-12])
    assert len(arrays["drive__inh"][0]) == 16


def test_values_from_a_file_lie_as_its_synapses_do(filled, tmp_path):
    (tmp_path / "edges.csv").write_text("source,target,w,d\n7,1,3,2\n0,1,1,1\n")
    rule = {
        "rule": "from_file",
        "file": "edges.csv",
        "weight": {"column": "w", "unit": "pA"},
        "delay": {"column": "d", "unit": "ms"},
    }
    arrays, _ = filled({"projections.drive.connectivity": rule}, tmp_path)
    assert arrays["drive__inh"][0].tolist() == [0, 7]
    assert arrays["drive__inh.weight"][0] == pytest.approx([1e-12, 3e-12])
    assert arrays["drive__inh.delay"][0].tolist() == [10, 20]


def test_a_file_without_synapses_is_a_projection_without_synapses(filled, tmp_path):
    (tmp_path / "none.csv").write_text("0,0\n" * 8)
    rule = {"rule": "from_file", "file": "none.csv", "layout": "matrix", "weight": {"unit": "pA"}}
    arrays, _ = filled({"projections.drive.connectivity": rule}, tmp_path)
    assert len(arrays["drive__inh"][0]) == 0
    # The blueprint could not know of weights, so the program asks for the one that is written.
    assert arrays["drive__inh.weight"][0] == pytest.approx([10e-12])


def test_the_same_seed_gives_the_same_numbers(filled):
    settings = {**BIG, "projections.back": BACK, "populations.exc.initial": {"v": "uniform(-70 mV, -50 mV)"}}
    one, other = filled(settings)[0], filled(settings)[0]
    assert all(same(one[name], other[name]) for name in one)


def test_another_seed_gives_other_numbers(filled):
    settings = {**BIG, "projections.back": BACK, "populations.exc.initial": {"v": "uniform(-70 mV, -50 mV)"}}
    one, other = filled(settings)[0], filled({**settings, "simulation.seed": 2})[0]
    drawn = ["exc.v", "drive__inh", "back__exc", "back__inh", "back__exc.weight", "back__exc.delay"]
    assert not any(same(one[name], other[name]) for name in drawn)


def test_another_trial_has_other_start_values_in_the_same_network(filled):
    settings = {**BIG, "projections.back": BACK, "populations.exc.initial": {"v": "uniform(-70 mV, -50 mV)"}}
    one, other = filled(settings)[0], filled(settings, trial=1)[0]
    assert {name for name in one if not same(one[name], other[name])} == {"exc.v"}


def test_targets_of_one_projection_are_drawn_apart(filled):
    arrays, _ = filled({**BIG, "populations.inh.size": 100, "projections.back": BACK})
    assert not same(arrays["back__exc"], arrays["back__inh"])


@pytest.mark.parametrize(
    "change",
    [
        {"projections.drive.connectivity": {"rule": "fixed_probability", "p": 0.25}},
        {"projections.drive.synapse.weight": "uniform(1 pA, 2 pA)"},
        {"projections.third": {**BACK, "from": "exc"}},
        {"populations.exc.initial": {"v": "uniform(-70 mV, -50 mV)"}},
        {"record.traces": {"exc": {"variables": "v"}}},
    ],
)
def test_a_change_elsewhere_leaves_the_synapses_of_a_projection_as_they_are(filled, change):
    before, after = filled({**BIG, "projections.back": BACK})[0], filled({**BIG, "projections.back": BACK, **change})[0]
    for name in ("back__exc", "back__inh", "back__exc.weight", "back__inh.delay"):
        assert same(before[name], after[name])


def test_frozen_noise_is_one_waveform_for_all_its_targets(filled):
    noise = {"model": "noise_current", "to": ["exc", "inh"], "sd": "1 pA", "tau": "2 ms", "frozen": True}
    arrays, construction = filled({"inputs.noise": noise})
    assert arrays["exc.noise_noise"][0].shape == (1000,)
    assert same(arrays["exc.noise_noise"], arrays["inh.noise_noise"])
    assert construction.waveforms.keys() == {"noise"}


def test_spike_times_reach_every_neuron_of_the_target(filled):
    burst = {
        "model": "spike_times",
        "to": "inh",
        "times": ["2 ms", "1 ms"],
        "synapse": {"model": "delta", "weight": "1 mV"},
    }
    ticks, neurons = filled({"inputs.burst": burst})[0]["inh.count_burst"]
    assert ticks.tolist() == [10, 10, 20, 20]
    assert neurons.tolist() == [0, 1, 0, 1]
