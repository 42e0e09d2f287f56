from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.fi_curve import FiCurve, lif_rate
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Trace


def changed(observation, **parts):
    """The recording with other parts of its experiment."""
    recording = observation.recording
    return Observation(replace(recording, spec_resolved={**recording.spec_resolved, **parts}))


def current(amplitude, name="ramp"):
    return {name: {"to": ["cell"], "model": "constant_current", "amplitude": amplitude}}


def lines(panel):
    return {line.get_label(): line for line in panel.get_lines()}


def test_the_curve_is_the_rate_of_each_neuron_over_its_current(observation_of, draw):
    observation = observation_of("current_ramp")
    curve = lines(draw(FiCurve(), observation)["fi_curve"])["cell"]
    assert curve.get_xdata() == pytest.approx(np.linspace(0, 250, 26))
    assert curve.get_ydata() == pytest.approx(observation.measure("cell", MeanRate()).series["rate"].data)


def test_the_closed_form_of_the_lif_neuron():
    drive = np.array([0, 10, 10.5, 11, 12, 15, 20]) * 1e-3
    rate = lif_rate(drive / 1e8, tau_m=0.01, r_m=1e8, v_rest=0, v_thresh=0.01, v_reset=0, tau_refrac=0.005)
    # 1 / (5 ms + 10 ms ln(v0 / (v0 - θ))): the table of experiments/lif_fi_curve.
    assert rate == pytest.approx([0, 0, 28.21, 34.51, 43.63, 62.55, 83.81], abs=5e-3)


def test_the_dotted_line_lies_on_the_neurons_it_is_about(observation_of, draw):
    panel = draw(FiCurve(), observation_of("current_ramp"))["fi_curve"]
    curve, theory = panel.get_lines()[:2]
    assert theory.get_linestyle() == ":"
    expected = np.interp(curve.get_xdata(), *theory.get_data())
    # A spike more or less in 1.9 s; at the threshold itself the slope is infinite.
    away = np.abs(curve.get_xdata() - 100) > 1
    assert curve.get_ydata()[away] == pytest.approx(expected[away], abs=1 / 1.9)


@pytest.mark.parametrize(
    "parts",
    [
        {"projections": {"p": {"from": "cell", "to": ["cell"]}}},
        {"inputs": {**current("linspace(0 A, 1e-10 A)"), "noise": {"to": ["cell"], "model": "noise_current"}}},
        {"populations": {"cell": {"neuron": {"model": "lif", "tau_m": "uniform(0.01 s, 0.02 s)"}}}},
        {"populations": {"cell": {"neuron": {"model": "hodgkin_huxley"}}}},
        {"populations": {}},
    ],
    ids=["synapses", "noise", "unequal neurons", "another model", "unknown model"],
)
def test_the_closed_form_is_for_equal_lif_neurons_that_get_nothing_else(parts, observation_of, draw):
    panel = draw(FiCurve(), changed(observation_of("current_ramp"), **parts))["fi_curve"]
    assert list(lines(panel)) == ["cell"]


def test_currents_into_one_population_add_up(observation_of, draw):
    inputs = current("linspace(0 A, 1e-10 A)") | current("5e-11 A", "step")
    panel = draw(FiCurve(), changed(observation_of("current_ramp"), inputs=inputs))["fi_curve"]
    assert lines(panel)["cell"].get_xdata() == pytest.approx(np.linspace(50, 150, 26))


@pytest.mark.parametrize("amplitude", ["uniform(0 A, 1e-10 A)", {"file": "currents.csv", "sha256": "0" * 64}])
def test_amplitudes_that_the_recording_does_not_hold_can_be_recorded(amplitude, observation_of, draw):
    observation = changed(observation_of("current_ramp"), inputs=current(amplitude))
    message = FiCurve().missing(observation)
    assert message.endswith("Add 'record: {traces: {cell: {variables: [I_ramp], neurons: 26}}}'.")

    currents = np.linspace(2e-10, 1e-10, 20)
    trace = Trace(np.tile(currents, (3, 1)), np.arange(20), np.arange(3) * 1e-3, "A")
    recorded = Observation(replace(observation.recording, traces={"cell": {"I_ramp": trace}}))
    assert FiCurve().missing(recorded) is None
    curve = lines(draw(FiCurve(), recorded)["fi_curve"])["cell"]
    assert curve.get_xdata() == pytest.approx(np.linspace(100, 200, 20))
    rates = observation.measure("cell", MeanRate()).series["rate"].data
    assert curve.get_ydata() == pytest.approx(rates[:20][::-1])


def test_equal_currents_make_no_curve(observation_of):
    message = FiCurve().missing(changed(observation_of("current_ramp"), inputs=current("1e-10 A")))
    assert "differ between neurons. Add for example 'inputs:" in message


@pytest.mark.parametrize(("start", "known"), [("0.05 s", True), ("0.2 s", False)])
def test_a_current_that_sets_in_before_the_rates_are_measured_is_as_good_as_one_that_always_flows(
    start, known, observation_of
):
    inputs = {"ramp": {**current("linspace(0 A, 1e-10 A)")["ramp"], "start": start}}
    observation = changed(observation_of("current_ramp"), inputs=inputs)
    assert observation.window[0] == pytest.approx(0.1)
    assert (FiCurve().missing(observation) is None) == known
