from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.phase_plane import PhasePlane
from snnrun.figures.plane import plane_of
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Population, Trace
from snnrun.units import quantity

WHOLE = (0.0, 1.0)


def changed(observation, neuron=None, **parts):
    recording = observation.recording
    experiment = {**recording.spec_resolved, **parts}
    if neuron is not None:
        experiment["populations"] = {"cell": {"size": 1, "neuron": neuron}}
    return Observation(replace(recording, spec_resolved=experiment))


@pytest.fixture
def observation(observation_of):
    return observation_of("fitzhugh_nagumo")


def the_panel(axes):
    (panel,) = axes.values()
    return panel


def nullclines(panel):
    """Points of the two nullclines that contour lines pass through."""
    return [collection.get_paths()[0].vertices for collection in panel.collections if hasattr(collection, "levels")]


def test_the_trajectory_is_what_was_recorded(observation, draw):
    panel = the_panel(draw(PhasePlane(duration=quantity("100 ms"), start=quantity("200 ms")), observation))
    traces = observation.recording.traces["cell"]
    line = next(line for line in panel.get_lines() if line.get_label() == "trajectory")
    assert line.get_xdata() == pytest.approx(traces["v"].data[2000:3000, 0])
    assert line.get_ydata() == pytest.approx(traces["w"].data[2000:3000, 0])


def test_the_nullclines_are_those_of_the_paper(observation, draw):
    # FitzHugh (1961): a cubic and a line.
    cubic, line = nullclines(the_panel(draw(PhasePlane(), observation)))
    v, w = cubic.T
    assert w == pytest.approx(v - v**3 / 3 + 0.5, abs=0.02)
    v, w = line.T
    assert w == pytest.approx((v + 0.7) / 0.8, abs=0.02)


def test_both_nullclines_lie_in_the_panel_over_the_whole_trajectory(observation, draw):
    panel = the_panel(draw(PhasePlane(), observation))
    v = observation.recording.traces["cell"]["v"].data
    low, high = panel.get_ylim()
    assert low < (v.min() + 0.7) / 0.8 and (v.max() + 0.7) / 0.8 < high


def test_the_flow_is_the_slope_of_the_trajectory(observation):
    plane = plane_of(observation.recording, "cell", 0, WHOLE)
    assert plane.current == 5e-10
    slopes = plane.flow(plane.x_course[:-1], plane.y_course[:-1])
    # By Euler's method the next sample lies one step along the slope.
    for course, slope in zip((plane.x_course, plane.y_course), slopes, strict=True):
        assert np.diff(course) == pytest.approx(slope * 1e-4, abs=1e-9)


def test_a_recorded_current_counts_whatever_brought_it(observation):
    recording = observation.recording
    trace = replace(recording.traces["cell"]["v"], data=np.full((5000, 1), 3e-10), unit="A")
    traces = {"cell": {**recording.traces["cell"], "I_total": trace}}
    noisy = changed(observation, inputs={"noise": {"to": ["cell"], "model": "noise_current"}})
    assert plane_of(noisy.recording, "cell", 0, WHOLE) is None
    assert PhasePlane().missing(noisy).endswith("Add 'record: {traces: {cell: {variables: [v, w, I_total]}}}'.")
    known = replace(noisy.recording, traces=traces)
    assert plane_of(known, "cell", 0, WHOLE).current == pytest.approx(3e-10)


def test_a_step_that_begins_late_is_the_current_of_the_plane(observation):
    recording = observation.recording
    current = np.where(np.arange(5000) < 500, 0.0, 5e-10)[:, None]
    trace = replace(recording.traces["cell"]["v"], data=current, unit="A")
    traces = {"cell": {**recording.traces["cell"], "I_total": trace}}
    assert plane_of(replace(recording, traces=traces), "cell", 0, WHOLE).current == 5e-10


def test_resets_are_dotted_and_the_trajectory_is_broken_there(make_recording, draw):
    # Izhikevich's neuron at its peak at tick 9; the sample of tick 10 is taken after the reset.
    v = np.concatenate([np.linspace(-60, 29, 10), np.linspace(-65, -60, 10)])[:, None] * 1e-3
    u = np.concatenate([np.full(10, -12.0), np.full(10, -4.0)])[:, None]
    time = np.arange(20) * 1e-4
    recording = make_recording(
        {"cell": (np.array([9e-4]), np.array([0]))},
        {"cell": 1},
        {},
        duration=2e-3,
        warmup=0,
        traces={"cell": {"v": Trace(v, np.array([0]), time, "V"), "u": Trace(u, np.array([0]), time, "V/s")}},
        experiment={"populations": {"cell": {"neuron": {"model": "izhikevich"}}}},
    )
    panel = the_panel(draw(PhasePlane(), Observation(recording)))
    lines = panel.get_lines()
    trajectory = next(line for line in lines if line.get_label() == "trajectory")
    assert np.flatnonzero(np.isnan(trajectory.get_xdata())).tolist() == [10]
    (jump,) = (line for line in lines if line.get_linestyle() == ":" and len(line.get_xdata()))
    assert jump.get_xdata() == pytest.approx([29, -65])


def test_every_neuron_asked_for_has_a_panel_three_in_a_row(observation):
    recording = observation.recording
    traces = {
        name: replace(trace, data=np.repeat(trace.data, 4, axis=1), node_ids=np.arange(4))
        for name, trace in recording.traces["cell"].items()
    }
    four = Observation(replace(recording, traces={"cell": traces}, populations={"cell": Population(4)}))
    names = [f"phase_plane_cell_{neuron}" for neuron in range(4)]
    assert PhasePlane(neurons=9).panels(four) == [names[:3], [names[3], ".", "."]]


@pytest.mark.parametrize("neuron", ["hodgkin_huxley", "lif"])
def test_other_models_have_no_plane(neuron, observation):
    message = PhasePlane().missing(changed(observation, neuron={"model": neuron}))
    assert message.startswith("No population has a neuron of two variables")


def test_drawn_parameters_are_not_known(observation):
    neuron = {"model": "morris_lecar", "g_ca": "uniform(4e-8 S, 5e-8 S)"}
    assert plane_of(changed(observation, neuron=neuron).recording, "cell", 0, WHOLE) is None
