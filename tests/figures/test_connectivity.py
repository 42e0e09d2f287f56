from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from snnrun.connectivity import Ends, Neurons
from snnrun.connectivity.distance_dependent import DistanceDependent
from snnrun.figures.connectivity import ConnectivityFigure
from snnrun.metrics.observation import Observation
from snnrun.quantities import Scope
from snnrun.results.recording import SynapseTable
from snnrun.space import Positions

BLUE, ORANGE, WHITE = (0, 114, 178), (213, 94, 0), (255, 255, 255)


def with_synapses(observation, tables, **parts):
    recording = observation.recording
    stored = {**recording.spec_resolved, **parts}
    return Observation(replace(recording, synapses=tables, spec_resolved=stored))


def table(source, target, source_ids, target_ids, weight=1e-3, unit="V"):
    weights = np.atleast_1d(np.asarray(weight, dtype=float))
    return SynapseTable(source, target, np.array(source_ids), np.array(target_ids), weights, np.array([1e-3]), unit)


def legend_of(panel):
    return [text.get_text() for text in panel.get_legend().get_texts()]


def pixels(panel):
    return np.round(np.asarray(panel.get_images()[0].get_array()) * 255).astype(int)


def stairs_of(panel):
    return [patch.get_data() for patch in panel.patches if hasattr(patch, "get_data")]


def test_degrees_are_counted_on_both_sides(observation_of, draw):
    # In-degrees of the inhibitory neurons are 0 to 3; every second excitatory neuron sends one of the 300 synapses …
    targets = np.repeat(np.arange(100), np.arange(100) % 4)
    sources = np.arange(len(targets)) * 2
    observation = with_synapses(observation_of("poisson_network"), {"p/exc/inh": table("exc", "inh", sources, targets)})
    axes = draw(ConnectivityFigure(show=("degrees",)), observation)
    in_degree = stairs_of(axes["in_degree"])[0]
    assert dict(zip((in_degree.edges[:-1] + 0.5).tolist(), in_degree.values.tolist(), strict=True)) == {
        -1: 0, 0: 25, 1: 25, 2: 25, 3: 25, 4: 0,
    }  # fmt: skip
    # … of 400.
    out_degree = stairs_of(axes["out_degree"])[0]
    assert out_degree.values.tolist() == pytest.approx([0, 62.5, 37.5, 0])
    assert legend_of(axes["in_degree"]) == ["exc → inh: 1.5 ± 1.12"]


def test_the_law_of_the_rule_lies_on_its_histogram(observation_of, draw):
    observation = observation_of("random_synapses")
    panel = draw(ConnectivityFigure(), observation)["in_degree"]
    laws = [line for line in panel.get_lines() if line.get_marker() == "." and len(line.get_xdata())]
    # Bins are one number wide; each of 80 excitatory or 20 inhibitory neurons sends with probability 0.2.
    for line, n_source in zip(laws, (80, 80, 20, 20), strict=True):
        degrees, percent = line.get_data()
        assert percent == pytest.approx(binom.pmf(degrees, n_source, 0.2) * 100)
    assert legend_of(panel)[-1] == "law of the rule"


def test_a_degree_that_all_neurons_have_is_a_line(observation_of, draw):
    targets = np.repeat(np.arange(100), 3)
    observation = with_synapses(
        observation_of("poisson_network"), {"p/exc/inh": table("exc", "inh", np.arange(300), targets)}
    )
    panel = draw(ConnectivityFigure(), observation)["in_degree"]
    assert set(panel.get_lines()[0].get_xdata()) == {3}
    assert legend_of(panel) == ["exc → inh: 3"]


def test_of_many_projections_degrees_add_up_by_population(observation_of, draw):
    tables = {f"p{k}/exc/inh": table("exc", "inh", [0, 1, 2], [0, 0, k]) for k in range(1, 8)}
    panel = draw(ConnectivityFigure(), with_synapses(observation_of("poisson_network"), tables))["in_degree"]
    # Neuron 0 receives two of each of the seven projections, neurons 1 to 7 one each.
    assert legend_of(panel) == [f"inh: {21 / 100:.4g} ± {np.std([14, *[1] * 7, *[0] * 92]):.3g}"]


def test_the_matrix_has_sources_in_columns_and_signs_in_colours(observation_of, draw):
    tables = {
        "e/exc/exc": table("exc", "exc", [3, 5], [7, 7], [1e-3, 2e-3]),
        "i/inh/exc": table("inh", "exc", [0], [2], [-5e-3]),
    }
    panel = draw(ConnectivityFigure(), with_synapses(observation_of("synchronous_regular"), tables))[
        "connection_matrix"
    ]
    picture = pixels(panel)
    assert picture.shape == (100, 100, 3)
    assert tuple(picture[7, 5]) == BLUE
    assert tuple(picture[2, 80]) == ORANGE
    assert tuple(picture[5, 7]) == WHITE
    # Half as strong as the strongest: between its colour and white.
    assert picture[7, 3] == pytest.approx(0.375 * 255 + 0.625 * np.array(BLUE), abs=1)
    assert legend_of(panel) == ["excitation, up to 2 mV", "inhibition, up to 5 mV"]


@pytest.mark.parametrize(("e_rev", "color"), [("0.05 V", BLUE), ("-0.08 V", ORANGE)])
def test_of_conductances_the_reversal_potential_tells_the_sign(e_rev, color, observation_of, draw):
    synapse = {"model": "exponential_conductance", "weight": "1e-9 S", "e_rev": e_rev}
    observation = with_synapses(
        observation_of("one_neuron"),
        {"p/cell/cell": table("cell", "cell", [0], [0], 1e-9, "S")},
        projections={"p": {"from": "cell", "to": ["cell"], "synapse": synapse}},
    )
    assert tuple(pixels(draw(ConnectivityFigure(), observation)["connection_matrix"])[0, 0]) == color


def test_of_an_inhibitory_population_conductances_inhibit(observation_of, draw):
    tables = {"p/inh/exc": table("inh", "exc", [0], [0], 1e-9, "S")}
    panel = draw(ConnectivityFigure(), with_synapses(observation_of("synchronous_regular"), tables))[
        "connection_matrix"
    ]
    assert tuple(pixels(panel)[0, 80]) == ORANGE
    assert legend_of(panel) == ["inhibition, up to 1 nS"]


def test_of_many_neurons_the_matrix_is_that_of_populations(observation_of, draw):
    # 2191 × 106 pairs, of which a tenth have a synapse.
    n = 23225
    ids = np.arange(n)
    tables = {"p/L5I/L4E": table("L5I", "L4E", ids % 106, ids % 2191, -2e-12, "A")}
    panel = draw(ConnectivityFigure(), with_synapses(observation_of("eight_populations"), tables))["connection_matrix"]
    assert [text.get_text() for text in panel.texts] == ["10 %\n-2 pA"]
    assert [label.get_text() for label in panel.get_xticklabels()] == ["L4E", "L5I"]
    assert tuple(pixels(panel)[0, 1]) == ORANGE


def test_the_kernel_is_found_again(observation_of, draw, make_recording):
    places = Positions.model_validate({"extent": ["1 mm", "1 mm"], "layout": "random", "periodic": True})
    space, positions = places.space(1500), places.place(1500, np.random.default_rng(1))
    recording = make_recording({}, {"exc": 1500}, {})
    population = replace(recording.populations["exc"], positions=positions, extent=space.extent, periodic=True)
    stored = {"rule": "distance_dependent", "p_max": 0.4, "width": "100 um"}
    rule = DistanceDependent.model_validate(stored, context=Scope())
    here = Neurons(positions, space)
    synapses = rule.connect(Ends(1500, 1500, True, here, here), np.random.default_rng(2))
    recording = replace(
        recording,
        populations={"exc": population},
        synapses={"p/exc/exc": table("exc", "exc", synapses.source_ids, synapses.target_ids)},
        spec_resolved={"projections": {"p": {"from": "exc", "to": ["exc"], "connectivity": stored}}},
    )
    panel = draw(ConnectivityFigure(), Observation(recording))["distance_kernel"]
    found, theory = panel.get_lines()
    distance, percent = found.get_data()
    # Some 1500² · 2π r dr pairs in each bin: the standard error is below 1 % of a probability; the first bins have few.
    assert percent[2:] == pytest.approx(40 * np.exp(-0.5 * (distance[2:] / 100) ** 2), abs=1.5)
    assert theory.get_ydata()[0] == pytest.approx(40)


def test_rates_stand_against_in_degrees(observation_of, draw):
    observation = observation_of("poisson_network")
    rate = np.bincount(observation.activity("inh").spikes.node_ids, minlength=100) / 0.9
    targets = np.repeat(np.arange(100), np.arange(100) % 4)
    tables = {"p/exc/inh": table("exc", "inh", np.arange(len(targets)), targets)}
    panel = draw(ConnectivityFigure(show=("rates",)), with_synapses(observation, tables))["rate_by_degree"]
    line, dots = panel.get_lines()
    assert dots.get_xdata() == pytest.approx(np.arange(100) % 4)
    assert dots.get_ydata() == pytest.approx(rate)
    slope, offset = np.polyfit(np.arange(100) % 4, rate, 1)
    assert line.get_ydata() == pytest.approx([offset, offset + 3 * slope])


def test_what_to_record_is_said_with_the_names_of_projections(observation_of):
    observation = with_synapses(observation_of("one_neuron"), {}, projections={"there": {}, "back": {}})
    assert "'record: {synapses: [there, back]}'" in ConnectivityFigure().missing(observation)
