from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.orientation_map import OrientationMapFigure
from snnrun.figures.sheet import SheetFigure
from snnrun.figures.sheet_picture import picture_of
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Population
from snnrun.units import quantity


def pictures(axes):
    return [panel.images[0] for panel in axes.values() if panel.images]


def grid(n_x, n_y, extent, periodic=True):
    x, y = ((np.arange(n) + 0.5) / n * length for n, length in zip((n_x, n_y), extent, strict=True))
    places = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    return Population(n_x * n_y, positions=places, extent=extent, periodic=periodic)


def test_neurons_light_up_where_they_are(observation_of, draw):
    # The left half fires at 40 Hz. In the middle of it, more than the blur away from its edges, the mean of a frame
    # over a block of 9 × 20 neurons varies by √(40 Hz / (0.1 s · 180)) = 1.5 Hz.
    images = pictures(draw(SheetFigure(), observation_of("patches")))
    assert len(images) == 6
    for image in images:
        rate = image.get_array()
        assert rate[5:25, 3:12].mean() == pytest.approx(40, abs=4 * 1.5)
        assert rate[:, 22].max() < 1


def test_frames_share_one_scale_and_say_their_time(observation_of, draw):
    figure = SheetFigure(frames=3, frame=quantity("50 ms"), every=quantity("200 ms"), start=quantity("100 ms"))
    axes = draw(figure, observation_of("patches"))
    assert len({image.get_clim() for image in pictures(axes)}) == 1
    titles = [axes[f"frame_{number}"].get_title("center") for number in range(3)]
    assert titles == ["0.1–0.15 s", "0.3–0.35 s", "0.5–0.55 s"]


def test_frames_end_with_the_window(observation_of, draw):
    axes = draw(SheetFigure(frames=2), observation_of("patches"))
    assert axes["frame_1"].get_title("center") == "0.9–1 s"


def test_the_blur_keeps_the_mean_and_goes_round_a_torus():
    population = grid(20, 10, (2e-3, 1e-3))
    values = np.zeros(200)
    values[0] = 200.0
    picture = picture_of(population, values, 0.1e-3)
    assert picture.shape == (10, 20)
    assert picture.mean() == pytest.approx(1)
    assert picture[0, -1] == pytest.approx(picture[0, 1])
    open_sheet = picture_of(replace(population, periodic=False), values, 0.1e-3)
    assert open_sheet[0, -1] == pytest.approx(0, abs=1e-6)


def test_at_the_edge_of_a_sheet_the_rate_is_that_of_the_neurons_there():
    population = grid(20, 20, (1e-3, 1e-3), periodic=False)
    assert picture_of(population, np.full(400, 7.0), 0.1e-3) == pytest.approx(np.full((20, 20), 7.0))


def test_a_population_that_is_on_no_sheet_is_said(observation_of):
    assert "positions" in SheetFigure().missing(observation_of("poisson_network"))
    assert "'inh'" in SheetFigure(population="inh").missing(observation_of("patches"))


def test_the_targets_of_a_neuron_lie_on_the_map(observation_of, draw):
    observation = observation_of("patches")
    panel = draw(OrientationMapFigure(neuron=3), observation)["orientation_map"]
    table = observation.recording.synapses["long/exc/exc"]
    targets = observation.recording.populations["exc"].positions[table.target_ids[table.source_ids == 3]] * 1e3
    dots, star = panel.lines
    assert np.column_stack(dots.get_data()) == pytest.approx(targets)
    assert np.ravel(star.get_data()) == pytest.approx(observation.recording.populations["exc"].positions[3] * 1e3)


def test_synapses_between_like_orientations_exceed_chance(observation_of, draw):
    panel = draw(OrientationMapFigure(), observation_of("patches"))["target_orientations"]
    found, chance = (patch.get_data().values for patch in panel.patches)
    assert found.sum() == pytest.approx(100)
    assert chance.sum() == pytest.approx(100)
    # The rule takes pairs of what there is in the ratio exp(κ cos 2Δ), κ = 3; 50 000 synapses, bins of 10°.
    favour = np.exp(3 * np.cos(2 * np.radians(np.arange(5, 90, 10)))) * chance
    assert found == pytest.approx(100 * favour / favour.sum(), abs=1.5)
    assert found[0] > 2 * chance[0]


def test_the_correlation_is_that_of_the_metric(observation_of, draw):
    observation = observation_of("patches")
    panel = draw(OrientationMapFigure(), observation)["orientation_correlation"]
    assert len(panel.lines[1].get_xdata()) == 9
    without = Observation(replace(observation.recording, spikes={}))
    assert draw(OrientationMapFigure(), without)["orientation_correlation"].texts
