"""Inputs and sources in an experiment: what is wrong with them, and what is drawn for them."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.network.compose import compose
from snnrun.network.construct import Construction
from snnrun.network.estimate import estimate

STEP = {"model": "constant_current", "to": "exc", "amplitude": "1 pA"}
PACKET = {
    "model": "pulse_packet",
    "to": "exc",
    "times": ["10 ms"],
    "spikes": 5,
    "sigma": "1 ms",
    "same": False,
    "synapse": {"model": "delta", "weight": "1 mV"},
}
LABELS = {"file": "names.csv", "column": "name"}


@pytest.fixture
def names(tmp_path):
    (tmp_path / "names.csv").write_text("name\n" + "".join(f"N{number}\n" for number in range(8)))
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"start": "1.23 ms"}, "inputs.step.start: 1.23 ms is no whole number of time steps of 0.1 ms."),
        ({"stop": "1.23 ms"}, "inputs.step.stop: 1.23 ms is no whole number of time steps of 0.1 ms."),
        ({"start": "5 ms", "stop": "5 ms"}, "inputs.step.stop: It ends at 5 ms, not after it sets in with 5 ms."),
        ({"stop": "0 ms"}, "inputs.step.stop: It ends at 0 ms, not after it sets in with the run."),
        ({"neurons": 9}, "inputs.step.neurons: In 'exc': there are only 8 neurons, not 9."),
        ({"neurons": [0, 8]}, "inputs.step.neurons: In 'exc': there is no neuron 8: they are 0 to 7."),
        ({"neurons": ["AVAL"]}, "inputs.step.neurons: In 'exc': neuron 'AVAL' cannot be found: the population has no"),
    ],
)
def test_inputs_out_of_place_and_time_are_told(problem, settings, said):
    assert problem({"inputs.step": {**STEP, **settings}}).startswith(said)


def test_labels_choose_the_neurons(small, names):
    settings = {"populations.exc.labels": LABELS, "inputs.step": {**STEP, "neurons": ["N5", "N2"]}}
    values = compose(small(settings, names)).values["exc.part_step"].values
    assert np.flatnonzero(values).tolist() == [2, 5]


def test_times_and_neurons_are_values_of_the_program_not_its_structure(small):
    def blueprint(**settings):
        return compose(small({"inputs.step": {**STEP, **settings}})).blueprint

    assert blueprint(start="1 ms", neurons=2) == blueprint(start="7 ms", stop="9 ms", neurons=[3, 4])
    assert blueprint(start="1 ms") != blueprint()


def outside_spikes(experiment, trial=0):
    construction = Construction(experiment, compose(experiment))
    list(construction.fillings())
    (arrays,) = [f.arrays for f in construction.trial_fillings(trial) if f.slot.kind == "events"]
    return arrays


def test_spikes_reach_the_chosen_neurons_only(small):
    ticks, neurons = outside_spikes(small({"inputs.volley": {**PACKET, "neurons": [6, 1]}}))
    assert np.bincount(neurons, minlength=8).tolist() == [0, 5, 0, 0, 0, 0, 5, 0]
    assert np.all(np.diff(ticks) >= 0)


def test_trials_hear_spikes_of_their_own_unless_they_are_frozen(small):
    def differ(**settings):
        experiment = small({"inputs.volley": {**PACKET, **settings}, "simulation.trials": 2})
        return not np.array_equal(outside_spikes(experiment, 0)[0], outside_spikes(experiment, 1)[0])

    assert differ()
    assert not differ(frozen=True)


def test_spikes_drawn_beforehand_count_in_the_estimate_of_memory(small):
    def memory(spikes):
        return estimate(small({"inputs.volley": {**PACKET, "spikes": spikes}})).program

    # Eight neurons; a spike is a step in 8 bytes and a neuron in 4.
    assert memory(1_000_001) - memory(1) == pytest.approx(8 * 1_000_000 * 12)


SOURCE = {"model": "poisson", "rate": "20 Hz"}
FAST = {"model": "poisson", "rate": "uniform(0 Hz, 600 Hz)", "course": {"course": "sine", "frequency": "1 Hz"}}


@pytest.mark.parametrize(
    ("settings", "where", "what"),
    [
        ({"populations.inh.neuron": SOURCE}, "projections.drive.to", "The neurons of 'inh' only send spikes"),
        ({"populations.exc.neuron": SOURCE, "inputs.step": STEP}, "inputs.step.to", "The neurons of 'exc' only send"),
        ({"populations.exc.neuron": {**SOURCE, "rate": "1.1 kHz"}}, "populations.exc.neuron", "but reaches 1100 Hz."),
        ({"populations.exc.neuron": FAST}, "populations.exc.neuron", "the rate can be 1000 Hz at most, but reaches 12"),
        (
            {"populations.exc.neuron": SOURCE, "record.traces": {"exc": {"variables": "v"}}},
            "record.traces.exc.variables",
            "'exc' has no variable 'v'.",
        ),
    ],
)
def test_sources_that_are_asked_for_what_they_cannot_are_told(problem, settings, where, what):
    said = problem(settings)
    assert said.startswith(f"{where}: ") and what in said


def test_a_file_of_spikes_is_held_against_the_neurons(problem, tmp_path):
    (tmp_path / "spikes.csv").write_text("node_id,time\n0,1\n8,2\n")
    generator = {"model": "spike_generator", "file": "spikes.csv"}
    said = "populations.exc.neuron: spikes.csv: spike 2 is for neuron 8, but they are 0 to 7."
    assert problem({"populations.exc.neuron": generator}, tmp_path) == said


def test_the_neurons_of_a_file_count_along_the_chosen_ones(problem, small, tmp_path):
    (tmp_path / "spikes.csv").write_text("node_id,time\n0,1\n1,2\n")
    spikes = {
        "model": "spike_times",
        "to": "exc",
        "file": "spikes.csv",
        "synapse": {"model": "delta", "weight": "1 mV"},
    }
    ticks, neurons = outside_spikes(small({"inputs.spikes": {**spikes, "neurons": [7, 3]}}, tmp_path))
    assert (ticks.tolist(), neurons.tolist()) == ([10, 20], [7, 3])
    said = "inputs.spikes: spikes.csv: spike 2 is for neuron 1, but they are 0 to 0."
    assert problem({"inputs.spikes": {**spikes, "neurons": [7]}}, tmp_path) == said


def test_a_course_of_a_source_is_a_waveform_of_its_own(small):
    course = {"course": "step", "times": ["1 ms"], "factors": [2]}
    experiment = small({"populations.exc.neuron": {**SOURCE, "course": course}})
    construction = Construction(experiment, compose(experiment))
    (waveform,) = [f.arrays[0] for f in construction.fillings() if f.slot.kind == "waveform"]
    assert waveform[:12].tolist() == [1] * 10 + [2] * 2
    assert not construction.waveforms, "only stimuli of inputs are kept with the recording"
