from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.raster import MANY_SPIKES, RasterFigure, rows_per_population, sampled
from snnrun.metrics.observation import Observation
from snnrun.units import quantity


def marks(panel):
    """Time in milliseconds and middle of each mark."""
    segments = [segment for collection in panel.collections for segment in collection.get_segments()]
    return np.array([(segment[0, 0], segment[:, 1].mean()) for segment in segments])


def spike_train(make_recording, times, node_ids, size, **keywords):
    return make_recording({"exc": (np.array(times), np.array(node_ids))}, {"exc": size}, {}, **keywords)


def test_each_spike_is_marked_at_its_time_in_the_row_of_its_neuron(make_recording, draw):
    recording = spike_train(make_recording, [0.6, 0.7, 0.8], [2, 0, 1], 3)
    panel = draw(RasterFigure(), Observation(recording))["raster"]
    assert marks(panel) == pytest.approx(np.array([(600, 2.5), (700, 0.5), (800, 1.5)]))


def test_the_last_half_second_is_shown_by_default(observation_of, draw):
    axes = draw(RasterFigure(), observation_of("poisson_network"))
    assert axes["raster"].get_xlim() == pytest.approx((500, 1000))
    assert axes["population_rate"].get_xlim() == axes["raster"].get_xlim()
    times = marks(axes["raster"])[:, 0]
    assert times.min() >= 500 and times.max() < 1000


def test_a_shorter_window_is_shown_whole(make_recording, draw):
    recording = spike_train(make_recording, [0.15], [0], 1, duration=0.2, warmup=0.1)
    assert draw(RasterFigure(), Observation(recording))["raster"].get_xlim() == pytest.approx((100, 200))


def test_the_interval_can_be_chosen_also_before_the_analysis_begins(make_recording, draw):
    recording = spike_train(make_recording, [0.05, 0.5], [0, 0], 1)
    figure = RasterFigure(start=quantity("0 ms"), duration=quantity("80 ms"))
    panel = draw(figure, Observation(recording))["raster"]
    assert panel.get_xlim() == pytest.approx((0, 80))
    assert marks(panel)[:, 0] == pytest.approx([50])


def test_the_rate_of_an_interval_before_the_analysis_is_drawn_too(observation_of, draw):
    # Analysed is what comes after 100 ms.
    figure = RasterFigure(start=quantity("20 ms"), duration=quantity("50 ms"))
    time, rate = draw(figure, observation_of("poisson_network"))["population_rate"].lines[0].get_data()
    assert time.min() < 20 and time.max() > 69
    # 400 neurons of 20 Hz: 400 spikes in 50 ms.
    assert rate[(time >= 20) & (time < 70)].mean() == pytest.approx(20, abs=4)


def test_an_interval_beyond_the_run_ends_with_it(make_recording, draw):
    figure = RasterFigure(start=quantity("900 ms"))
    recording = spike_train(make_recording, [0.05], [0], 1)
    assert draw(figure, Observation(recording))["raster"].get_xlim() == pytest.approx((900, 1000))


def test_more_marks_than_a_viewer_likes_become_pixels(make_recording, draw):
    def rasterized(n_spikes):
        times = np.linspace(0.5, 0.9999, n_spikes)
        recording = spike_train(make_recording, times, np.arange(n_spikes) % 10, 10)
        panel = draw(RasterFigure(), Observation(recording))["raster"]
        return [collection.get_rasterized() for collection in panel.collections]

    assert rasterized(MANY_SPIKES) == [False]
    assert rasterized(MANY_SPIKES + 1) == [True]


def test_spikes_of_neurons_that_are_not_shown_do_not_count_as_marks(make_recording, draw):
    rng = np.random.default_rng(1)
    recording = spike_train(make_recording, rng.uniform(0.5, 0.9999, 20_000), rng.integers(0, 10_000, 20_000), 10_000)
    panel = draw(RasterFigure(), Observation(recording))["raster"]
    assert not panel.collections[0].get_rasterized()
    assert panel.get_ylabel() == "Neurons (100 of 10000)"


def test_populations_are_given_rows_by_their_share():
    assert rows_per_population([800, 200], 100) == [80, 20]


def test_a_small_population_is_given_a_twentieth_but_not_more_than_it_has():
    assert rows_per_population([100_000, 200], 100) == [100, 5]
    assert rows_per_population([100_000, 2], 100) == [100, 2]


def test_all_are_shown_where_there_are_few():
    assert rows_per_population([8, 2], 100) == [8, 2]


def test_nothing_recorded_is_given_no_rows():
    assert rows_per_population([0, 0], 100) == [0, 0]


def test_neurons_are_spread_over_the_population(observation_of):
    train = observation_of("poisson_network").recording.spikes["exc"]
    times, rows = sampled(train, 3)
    # Of 400 neurons these are the first, one of the two in the middle, and the last.
    for row, neuron in enumerate([0, 200, 399]):
        assert np.array_equal(times[rows == row], train.times[train.node_ids == neuron])


def test_the_first_population_is_on_top_and_names_carry_the_colors(observation_of, draw):
    panel = draw(RasterFigure(), observation_of("poisson_network"))["raster"]
    bottom, top = panel.get_ylim()
    assert bottom > top
    exc, inh = panel.get_yticklabels()
    assert (exc.get_text(), exc.get_color()) == ("exc", "#0072B2")
    assert (inh.get_text(), inh.get_color()) == ("inh", "#D55E00")
    assert panel.get_yticks()[0] < panel.get_yticks()[1]


def test_the_rate_below_has_the_mean_of_the_population(observation_of, draw):
    panel = draw(RasterFigure(), observation_of("synchronous_regular"))["population_rate"]
    for line in panel.get_lines():
        # 40 Hz by construction, 36 of 36 beats in the 0.9 s of the window.
        assert line.get_ydata().mean() == pytest.approx(40, rel=1e-3)


def test_silence_is_said_with_its_interval(observation_of, draw):
    axes = draw(RasterFigure(), observation_of("silent"))
    assert [text.get_text() for text in axes["raster"].texts] == ["No spikes\nin 0.5–1 s"]
    assert axes["population_rate"].get_ylim() == (0, 1)


def test_few_rows_carry_the_names_of_their_neurons(make_recording, draw):
    recording = make_recording(
        {"command": (np.array([0.6]), np.array([1])), "motor": (np.array([0.7]), np.array([0]))},
        {"command": 2, "motor": 1},
        {},
    )
    labels = {"command": ("AVAL", "PVCR"), "motor": ("DB1",)}
    named = {name: replace(found, labels=labels[name]) for name, found in recording.populations.items()}
    panel = draw(RasterFigure(), Observation(replace(recording, populations=named)))["raster"]
    heights = {text.get_text(): text.get_position()[1] for text in panel.texts}
    assert list(heights) == ["AVAL", "PVCR", "DB1"]
    assert heights["PVCR"] == pytest.approx(marks(panel)[0, 1])
    assert heights["DB1"] == pytest.approx(marks(panel)[1, 1])


def test_populations_can_be_chosen(observation_of, draw):
    chosen = RasterFigure(populations=("inh",))
    axes = draw(chosen, observation_of("poisson_network"))
    assert [label.get_text() for label in axes["raster"].get_yticklabels()] == ["inh"]
    assert len(axes["population_rate"].lines) == 1
    assert "No spikes of thalamus were recorded" in (
        RasterFigure(populations=("thalamus",)).missing(observation_of("poisson_network")) or ""
    )


def test_marks_stay_visible_however_many_rows_there_are(make_recording, draw):
    recording = spike_train(make_recording, [0.6, 0.7], [0, 999], 1000)
    panel = draw(RasterFigure(neurons=1000), Observation(recording))["raster"]
    low, high = panel.collections[0].get_segments()[0][:, 1]
    bottom, top = panel.get_ylim()
    # The panel is about 500 dots high: a row alone would be half a dot.
    assert (high - low) / (bottom - top) == pytest.approx(1 / 150)
    assert marks(panel)[:, 1] == pytest.approx([0.5, 999.5])
