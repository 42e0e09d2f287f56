from __future__ import annotations

import pytest

from snnrun.figures.raster import RasterFigure
from snnrun.figures.summary import SummaryFigure
from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.mean_rate import MeanRate


def texts(panel):
    return [text.get_text() for text in panel.texts]


def line_of(panel, name):
    """The cells of the line of the table that begins with a name."""
    first = next(text for text in panel.texts if text.get_text() == name)
    return [text.get_text() for text in panel.texts if text.get_position()[1] == first.get_position()[1]]


def test_the_page_says_what_run_it_is_about(observation_of, draw):
    header = draw(SummaryFigure(), observation_of("poisson_network"))["header"]
    title, facts, *_ = texts(header)
    assert title == "A title of the length that titles have (Author et al. 2000)"
    assert facts == "Asynchronous irregular (AI) · 0.1–1 s analysed · seed 1 · run 000000000000"


def test_the_table_holds_the_numbers_of_each_population(observation_of, draw):
    observation = observation_of("poisson_network")
    header = draw(SummaryFigure(), observation)["header"]
    heads = line_of(header, "Population")
    assert heads == ["Population", "Neurons", "Rate (Hz)", "CV of ISI", "Synchrony χ", "Rhythm (Hz)", "Regime"]
    for name, size in (("exc", "400"), ("inh", "100"), ("network", "500")):
        _, neurons, rate, cv, _, rhythm, regime = line_of(header, name)
        assert neurons == size
        assert float(rate) == pytest.approx(observation.measure(name, MeanRate()).value, rel=5e-3)
        assert float(cv) == pytest.approx(observation.measure(name, CvIsi()).value, rel=5e-3)
        assert (rhythm, regime) == ("–", "AI")


def test_the_rhythm_of_synchronous_populations_is_in_the_table(observation_of, draw):
    header = draw(SummaryFigure(), observation_of("synchronous_regular"))["header"]
    assert line_of(header, "exc")[-2:] == ["40", "SR"]


def test_what_is_not_defined_is_a_dash(observation_of, draw):
    header = draw(SummaryFigure(), observation_of("silent"))["header"]
    assert line_of(header, "exc")[2:] == ["0", "–", "–", "–", "silent"]


def test_a_single_population_is_not_repeated_as_the_network(observation_of, draw):
    assert "network" not in texts(draw(SummaryFigure(), observation_of("one_neuron"))["header"])


def test_the_panels_are_those_of_the_other_figures(observation_of, draw):
    observation = observation_of("poisson_network")
    own = draw(SummaryFigure(), observation)["raster"].collections[0].get_segments()
    alone = draw(RasterFigure(), observation)["raster"].collections[0].get_segments()
    assert len(own) == len(alone) > 100


def test_the_table_is_the_legend_of_the_page(observation_of, draw):
    axes = draw(SummaryFigure(), observation_of("eight_populations"))
    assert [name for name, panel in axes.items() if panel.get_legend()] == []
    colors = {text.get_text(): text.get_color() for text in axes["header"].texts}
    assert (colors["L23E"], colors["L23I"]) == ("#0072B2", "#D55E00")


def test_the_page_grows_with_the_number_of_populations(observation_of):
    few, many = (SummaryFigure().size(observation_of(name))[1] for name in ("one_neuron", "eight_populations"))
    assert few < many < 11
