"""What holds for every figure of the catalog."""

from __future__ import annotations

import re
import warnings

import pytest
from matplotlib.ticker import FixedFormatter, FuncFormatter

from snnrun.figures.base import NO_PANEL, Figure
from snnrun.figures.render import FORMATS, draw_to_bytes
from snnrun.registry import entries
from snnrun.spec.entries import read_entry
from snnrun.spec.reader import parse_value

FIGURES = {
    name: read_entry("figures", parse_value(entry.example, "example") if entry.example else name, name)
    for name, entry in entries("figures").items()
}
"""Each entry with its defaults, or as its example shows it."""
BEGINNING = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}
# The other labels end with their unit in brackets.
WITHOUT_UNIT = {"CV of interspike intervals", "Neurons", "From", "To", "Trial"}

# A recording of everything that the figure needs.
WHAT_IT_NEEDS = {
    "fi_curve": "current_ramp",
    "phase_plane": "fitzhugh_nagumo",
    "currents": "balanced_currents",
    "weights": "learning",
    "phase_rates": "learning",
    "connectivity": "random_synapses",
    "psp": "held_cells",
    "sheet": "patches",
    "orientation_map": "patches",
    "mean_field": "inhibited_cells",
}

every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)


def test_the_catalog_holds_the_figures_of_the_field():
    wanted = {"raster", "rates", "isi", "cv", "psd", "autocorrelation", "traces", "summary"}
    assert wanted <= set(entries("figures"))


@every_figure
def test_it_says_what_it_is(figure):
    assert isinstance(figure, Figure)
    assert figure.summary().endswith(".")


@every_figure
def test_it_is_drawn_of_every_recording_without_a_warning(figure, observation):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw_to_bytes(figure, observation, "png", dpi=40).startswith(BEGINNING["png"])


@every_figure
@pytest.mark.parametrize("file_format", FORMATS)
def test_it_is_saved_in_every_format(figure, file_format, observation_of):
    content = draw_to_bytes(figure, observation_of("one_neuron"), file_format, dpi=40)
    assert content.startswith(BEGINNING[file_format])


@every_figure
def test_every_axis_has_its_unit(figure, observation, draw):
    gating = {
        name for traces in observation.recording.traces.values() for name, trace in traces.items() if trace.unit == "1"
    }
    for name, panel in draw(figure, observation).items():
        if not panel.axison or figure.missing(observation):
            continue
        labelled = [(panel.yaxis, panel.get_ylabel())]
        if panel.xaxis.get_tick_params()["labelbottom"]:
            labelled.append((panel.xaxis, panel.get_xlabel()))
        for axis, label in labelled:
            # Where names of populations stand along an axis, or nothing does, there is no unit.
            named = len(axis.get_ticklocs()) == 0 or isinstance(
                axis.get_major_formatter(), FixedFormatter | FuncFormatter
            )
            assert (named and not label) or label in WITHOUT_UNIT | gating or re.search(r"\(.+\)\Z", label), (
                name,
                label,
            )


@every_figure
def test_it_shows_something_or_says_why_not(figure, observation, draw):
    axes = draw(figure, observation)
    says = {name for name, panel in axes.items() if any(text.get_text() for text in panel.texts)}
    if figure.missing(observation):
        assert says
    else:
        assert [name for name, panel in axes.items() if name not in says and not panel.has_data()] == []


def test_what_was_not_recorded_is_said_with_what_to_do(observation_of):
    for name, figure in FIGURES.items():
        message = figure.missing(observation_of("nothing_recorded"))
        assert message is not None, name
        assert "record" in message and "Add" in message, name
        assert figure.missing(observation_of(WHAT_IT_NEEDS.get(name, "one_neuron"))) is None, name


def test_panels_of_different_figures_have_different_names(observation_of):
    # The summary draws the panels of the others; two that share a name would be drawn over each other.
    observation = observation_of("one_neuron")
    seen: dict[str, str] = {}
    for name, figure in FIGURES.items():
        if name == "summary":
            continue
        for panel in {each for row in figure.panels(observation) for each in row} - {NO_PANEL}:
            assert panel not in seen, (panel, name, seen.get(panel))
            seen[panel] = name
