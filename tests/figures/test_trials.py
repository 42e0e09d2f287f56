"""Figures of several trials: the one that shows them all, and what the others show of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.cv import CvFigure
from snnrun.figures.raster import RasterFigure
from snnrun.figures.stored import repeated_current
from snnrun.figures.summary import SummaryFigure
from snnrun.figures.traces import TracesFigure
from snnrun.figures.trials import TrialsFigure
from snnrun.metrics.event_precision import EventPrecision
from snnrun.metrics.event_reliability import EventReliability
from snnrun.metrics.observation import Observation
from snnrun.metrics.schreiber_reliability import SchreiberReliability


@pytest.fixture
def observation(observation_of):
    return observation_of("in_trials")


@pytest.fixture
def axes(observation, draw):
    return draw(TrialsFigure(variable="v"), observation)


def marks(panel):
    """Time in milliseconds and middle of each mark."""
    return np.array([(each[0, 0], each[:, 1].mean()) for each in panel.collections[0].get_segments()])


def shaded(panel):
    """Beginning and end of each shaded interval in milliseconds."""
    return [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in panel.patches]


def test_each_spike_is_marked_in_the_line_of_its_trial(axes, observation):
    spikes = observation.recording.spikes["frozen"]
    expected = np.column_stack([spikes.times * 1e3, spikes.trial + 1])
    assert marks(axes["trials_spikes_frozen"]) == pytest.approx(expected)
    bottom, top = axes["trials_spikes_frozen"].get_ylim()
    assert bottom > top, "the first trial is on top"


def test_events_are_shaded_where_the_spikes_of_the_trials_meet(axes):
    moments = (np.arange(10) * 0.08 + 0.15) * 1e3
    for panel in (axes["trials_spikes_frozen"], axes["trials_psth_frozen"]):
        edges = shaded(panel)
        assert len(edges) == 10
        assert all(start <= moment < stop for (start, stop), moment in zip(edges, moments, strict=True))


def test_the_psth_counts_spikes_of_all_trials_per_trial(axes):
    ((vertices,),) = [
        [path.vertices for path in each.get_paths()] for each in axes["trials_psth_constant"].collections[:1]
    ]
    # The outline goes along the bottom and back along the curve: 20 spikes a second in each trial.
    assert vertices[:, 1].max() > 20
    width, height = np.diff(vertices[:, 0]), (vertices[1:, 1] + vertices[:-1, 1]) / 2
    assert abs(np.sum(width * height)) / 900 == pytest.approx(20, rel=0.1)


def test_numbers_are_those_of_the_metrics(axes, observation):
    reliability, precision, schreiber = (
        observation.measure("frozen", metric).value
        for metric in (EventReliability(), EventPrecision(), SchreiberReliability())
    )
    # 200 of 202 spikes lie in events, where they scatter as five equal steps of 0.1 ms.
    assert reliability == pytest.approx(200 / 202)
    assert precision == pytest.approx(np.sqrt(2) * 0.1e-3, rel=0.15)
    said = axes["trials_psth_frozen"].get_title(loc="left") or axes["trials_psth_frozen"].get_title()
    assert said == f"reliability {reliability:.2f}, precision {precision * 1e3:.2f} ms, R(3 ms) = {schreiber:.2f}"


def test_the_current_that_all_trials_share_stands_above(axes, observation):
    constant, frozen = (axes[f"trials_current_{name}"].patches[0].get_data().values for name in ("constant", "frozen"))
    assert constant == pytest.approx(np.full(10_000, 200))
    assert frozen == pytest.approx(observation.recording.inputs["noise"] * 1e12)
    assert axes["trials_current_constant"].get_ylim() == axes["trials_current_frozen"].get_ylim()


def test_private_noise_is_not_among_what_trials_share(observation):
    recording = observation.recording
    private = {"to": ["frozen"], "model": "noise_current", "sd": "1e-10 A", "tau": "0.005 s"}
    inputs = recording.spec_resolved["inputs"] | {"private": private}
    shared = repeated_current(replace(recording, spec_resolved={"inputs": inputs}), "frozen", 0)
    assert np.array_equal(shared, recording.inputs["noise"])
    alone = replace(recording, spec_resolved={"inputs": {"private": private}})
    assert repeated_current(alone, "frozen", 0) is None


def test_a_current_into_other_neurons_is_not_drawn(observation):
    recording = observation.recording
    part = recording.spec_resolved["inputs"]["step"] | {"neurons": [3]}
    recording = replace(recording, populations={"constant": replace(recording.populations["constant"], size=4)})
    recording = replace(recording, spec_resolved={"inputs": {"step": part}})
    assert repeated_current(recording, "constant", 0) is None
    assert repeated_current(recording, "constant", 3) == pytest.approx(np.full(10_000, 2e-10))


def test_the_first_trials_of_a_variable_are_drawn_over_each_other(axes):
    lines = axes["trials_variable_constant"].get_lines()
    assert [line.get_ydata()[0] for line in lines] == pytest.approx(np.arange(10))


def test_a_neuron_that_was_not_recorded_is_told(observation, draw):
    figure = TrialsFigure(neuron=1)
    assert figure.missing(observation).startswith("Spikes of neuron 1 of constant, frozen were not recorded.")
    assert TrialsFigure(variable="w").missing(observation).startswith("The variable 'w' of neuron 0 was not recorded.")
    assert TrialsFigure(populations=("frozen",)).panels(observation)[0] == ["trials_current_frozen"]


def test_a_single_trial_is_compared_with_nothing(observation_of, draw):
    panel = draw(TrialsFigure(), observation_of("one_neuron"))["trials_psth_cell"]
    assert panel.get_title(loc="left") + panel.get_title() == ""
    assert not panel.patches


def test_what_chance_makes_of_few_spikes_is_not_called_reliable(observation, draw):
    recording = observation.recording
    spikes = recording.spikes["constant"]
    # One spike of each of the first two trials: two in all, far apart.
    kept = np.array([np.flatnonzero(spikes.trial == trial)[8 + 4 * trial] for trial in (0, 1)])
    few = replace(spikes, ticks=spikes.ticks[kept], node_ids=spikes.node_ids[kept], trial=spikes.trial[kept])
    sparse = Observation(replace(recording, spikes={"constant": few}))
    assert sparse.measure("constant", EventReliability()).value == 1
    said = title(draw(TrialsFigure(populations=("constant",)), sparse)["trials_psth_constant"])
    assert said.startswith("few spikes: one alone makes an event; R(3 ms) = ")


def title(panel):
    return panel.get_title(loc="left") or panel.get_title()


def test_a_raster_shows_the_first_trial_and_says_so(observation, draw):
    axes = draw(RasterFigure(), observation)
    n_marks = sum(len(collection.get_segments()) for collection in axes["raster"].collections)
    first = [spikes.of_trial(0).between(5000, 10_000) for spikes in observation.recording.spikes.values()]
    assert n_marks == sum(map(len, first))
    assert axes["raster"].get_ylabel() == "Neurons (trial 1 of 20)"
    assert title(axes["population_rate"]) == "mean over 20 trials"


def test_traces_are_those_of_the_first_trial_with_its_spikes(observation, draw):
    recording = observation.recording
    populations = {name: replace(each, v_thresh=0.01) for name, each in recording.populations.items()}
    axes = draw(TracesFigure(), Observation(replace(recording, populations=populations)))
    assert list(axes) == ["trace_constant_0", "trace_frozen_0"], "a panel for each neuron, not for each trial"
    panel = axes["trace_frozen_0"]
    assert title(panel) == "frozen, neuron 0, trial 1 of 20"
    times = recording.spikes["frozen"].of_trial(0).times
    assert [each[0, 0] for each in panel.collections[0].get_segments()] == pytest.approx(times[times >= 0.5] * 1e3)


def test_irregularity_is_that_of_neurons_with_enough_intervals_in_every_trial(observation, make_recording, draw):
    # 20 and 10 spikes in each trial: the first neuron has enough for 10 intervals in the window, the other has not,
    # though it has with all trials together.
    labels = [text.get_text() for text in draw(CvFigure(), observation)["cv"].get_legend().get_texts()]
    assert [label.split(",")[0] for label in labels] == ["Poisson", "constant"]


def test_the_summary_says_how_many_trials_there_were(observation, draw):
    texts = [text.get_text() for text in draw(SummaryFigure(), observation)["header"].texts]
    assert any("· 20 trials ·" in text for text in texts)
