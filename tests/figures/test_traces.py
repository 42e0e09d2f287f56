from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.traces import TracesFigure
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Trace


@pytest.fixture
def observation(observation_of):
    return observation_of("one_neuron")


@pytest.fixture
def panel(observation, draw):
    return draw(TracesFigure(), observation)["trace_cell_0"]


def test_the_potential_is_drawn_in_millivolts(panel, observation):
    potential = panel.get_lines()[0]
    trace = observation.recording.traces["cell"]["v"]
    last_half = trace.time >= 0.5
    assert potential.get_ydata() == pytest.approx(trace.data[last_half, 0] * 1e3)
    assert potential.get_xdata() == pytest.approx(trace.time[last_half] * 1e3)
    assert panel.get_ylabel() == "Membrane\npotential (mV)"


def test_the_threshold_is_dashed_at_its_value(panel):
    assert panel.get_lines()[1].get_ydata() == pytest.approx([20, 20])
    assert panel.get_lines()[1].get_linestyle() == "--"


def test_spikes_rise_from_the_threshold_at_their_times(panel, observation):
    segments = panel.collections[0].get_segments()
    times = observation.recording.spikes["cell"].times
    assert [segment[0, 0] for segment in segments] == pytest.approx(times[times >= 0.5] * 1e3)
    assert all(segment[:, 1].min() == pytest.approx(20) and segment[:, 1].max() > 21 for segment in segments)


def test_a_model_whose_spikes_have_a_shape_has_none_drawn(make_recording, draw):
    time = np.arange(0, 1, 1e-3)
    trace = Trace(np.zeros((1000, 1)), np.array([0]), time, "V")
    spike = (np.array([0.7]), np.array([0]))
    recording = make_recording({"cell": spike}, {"cell": 1}, {}, traces={"cell": {"v": trace}})
    panel = draw(TracesFigure(), Observation(recording))["trace_cell_0"]
    assert len(panel.collections) == 0


@pytest.mark.parametrize(("model", "marks"), [("lif", 1), ("hodgkin_huxley", 0)])
def test_only_models_that_reset_have_their_spikes_drawn(model, marks, observation, draw):
    neuron = {"populations": {"cell": {"neuron": {"model": model}}}}
    panel = draw(TracesFigure(), Observation(replace(observation.recording, spec_resolved=neuron)))["trace_cell_0"]
    assert len(panel.collections) == marks


def test_a_neuron_with_a_current_of_its_own_says_which(many, draw):
    ramp = {"to": ["exc"], "model": "constant_current", "amplitude": "linspace(0 A, 19e-10 A)", "start": "0.5 s"}
    recording = replace(many.recording, spec_resolved={"inputs": {"ramp": ramp}})
    axes = draw(TracesFigure(), Observation(recording))
    assert axes["trace_exc_0"].get_title() == "exc, neuron 10, 1000 pA"
    assert axes["trace_inh_0"].get_title() == "inh, neuron 10"


@pytest.fixture
def many(make_recording):
    """Two populations with the potential and a current of five neurons each; no spikes recorded."""
    time = np.arange(0, 1, 1e-3)
    data = np.tile(np.arange(5) * 1e-12, (1000, 1))
    variables = {"v": Trace(data, np.arange(10, 15), time, "V"), "i_syn": Trace(data, np.arange(5), time, "A")}
    sizes = {"exc": 20, "inh": 20}
    return Observation(make_recording({}, sizes, {}, traces=dict.fromkeys(sizes, variables)))


def test_the_neurons_are_shared_among_the_populations(many):
    panels = [name for (name,) in TracesFigure(neurons=4).panels(many)]
    assert panels == ["trace_exc_0", "trace_exc_1", "trace_inh_0", "trace_inh_1"]
    assert len(TracesFigure(neurons=1).panels(many)) == 2
    assert len(TracesFigure(neurons=100).panels(many)) == 10


def test_a_panel_names_its_neuron_by_its_number_in_the_population(many, draw):
    axes = draw(TracesFigure(), many)
    assert axes["trace_inh_1"].get_title("left") + axes["trace_inh_1"].get_title() == "inh, neuron 11"


def test_other_variables_are_drawn_in_the_units_of_the_field(many, draw):
    axes = draw(TracesFigure(variable="i_syn"), many)
    assert axes["trace_exc_1"].get_ylabel() == "i_syn (pA)"
    assert axes["trace_exc_1"].get_lines()[0].get_ydata() == pytest.approx(np.ones(500))


def test_only_the_lowest_panel_names_the_time(many, draw):
    labels = [panel.get_xlabel() for panel in draw(TracesFigure(), many).values()]
    assert labels == ["", "", "", "Time (ms)"]


def test_traces_that_were_not_recorded_are_asked_for(observation, draw):
    figure = TracesFigure(variable="w")
    assert figure.missing(observation).startswith("The variable 'w' was not recorded. Add")
    assert [text.get_text() for text in draw(figure, observation)["traces"].texts] == ["w was not recorded"]
