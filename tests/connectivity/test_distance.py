"""Rules of space: who is connected at which distance, held against the kernel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import stats

from snnrun.connectivity import Connections, Ends, Neurons
from snnrun.connectivity import cells as cells_module
from snnrun.connectivity.distance_dependent import DistanceDependent
from snnrun.space import Positions

SHEET = ["1 mm", "1 mm"]
PROFILES = {
    "gaussian": {"profile": "gaussian", "width": "120 um"},
    "exponential": {"profile": "exponential", "width": "90 um"},
    "box": {"profile": "box", "width": "210 um"},
    "doughnut": {"profile": "doughnut", "inner": "100 um", "width": "250 um"},
}


def _neurons(n: int, seed: int = 1, **settings: Any) -> Neurons:
    positions = Positions.model_validate({"layout": "random", **settings})
    return Neurons(positions.place(n, np.random.default_rng(seed)), positions.space(n))


def _within(n: int, **settings: Any) -> Ends:
    neurons = _neurons(n, **settings)
    return Ends(n, n, True, neurons, neurons)


def _between(n_source: int, n_target: int, **settings: Any) -> Ends:
    return Ends(n_source, n_target, False, _neurons(n_source, 1, **settings), _neurons(n_target, 2, **settings))


def _rule(p_max: float, **settings: Any) -> DistanceDependent:
    return DistanceDependent.model_validate({"p_max": p_max, **settings})


def _all_distances(ends: Ends) -> NDArray[np.float64]:
    """Distance of every pair; shape (n_source, n_target). The wrap-around is computed by images, not as in the rule."""
    start, end, space = ends.source.positions, ends.target.positions, ends.space
    assert start is not None and end is not None and space is not None
    squares = np.zeros((ends.n_source, ends.n_target))
    for axis, length in enumerate(space.extent):
        gap = np.abs(start[:, np.newaxis, axis] - end[np.newaxis, :, axis])
        squares += (np.minimum(gap, length - gap) if space.periodic else gap) ** 2
    return np.sqrt(squares)


def _connected(ends: Ends, drawn: Connections) -> NDArray[np.bool_]:
    found = np.zeros((ends.n_source, ends.n_target), bool)
    found[drawn.source_ids, drawn.target_ids] = True
    assert found.sum() == drawn.n, "no pair is connected twice"
    return found


def _theory(name: str, p_max: float, distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The kernels as they are defined, in micrometres."""
    d = distances * 1e6
    shapes = {
        "gaussian": np.exp(-(d**2) / (2 * 120**2)),
        "exponential": np.exp(-d / 90),
        "box": d <= 210,
        "doughnut": (d >= 100) & (d <= 250),
    }
    return p_max * shapes[name]


SPACES = {
    "sheet": {"extent": SHEET},
    "torus": {"extent": SHEET, "periodic": True},
    "long torus": {"extent": ["2 mm", "0.7 mm"], "periodic": True},
    "line": {"extent": "2 mm"},
    "ring": {"extent": "2 mm", "periodic": True},
}


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("p_max", [0.2, 0.9])
@pytest.mark.parametrize("name", PROFILES)
def test_the_share_of_connected_pairs_at_each_distance_is_the_kernel(name: str, p_max: float, space: str) -> None:
    ends = _between(1000, 800, **SPACES[space])
    distances = _all_distances(ends)
    connected = _connected(ends, _rule(p_max, **PROFILES[name]).connect(ends, np.random.default_rng(4)))
    p = _theory(name, p_max, distances)
    bins = np.digitize(distances.ravel(), np.linspace(0, 600e-6, 25))
    observed = np.bincount(bins, connected.ravel())
    expected, variance = np.bincount(bins, p.ravel()), np.bincount(bins, (p * (1 - p)).ravel())
    # Each count is a sum of independent Bernoulli numbers: five standard deviations, two more where hardly any is
    # expected and the sum is no normal number, none where none can be.
    assert np.all(np.abs(observed - expected) <= 5 * np.sqrt(variance) + 2 * (variance > 0) + 1e-9)


def test_every_pair_has_its_own_probability_independently() -> None:
    # Six neurons with pairs on both sides of the limit between looking at all pairs and drawing candidates.
    ends = _within(6, extent=SHEET, periodic=True)
    rule, random, n_draws = _rule(0.8, width="200 um"), np.random.default_rng(5), 8_000
    counts, products = np.zeros((6, 6)), 0
    for _ in range(n_draws):
        connected = _connected(ends, rule.connect(ends, random))
        counts += connected
        products += connected[0, 1] & connected[2, 3]
    p = rule.kernel(_all_distances(ends)) * ~np.eye(6, dtype=bool)
    assert np.all(np.abs(counts - n_draws * p) <= 5 * np.sqrt(n_draws * p * (1 - p)))
    both = p[0, 1] * p[2, 3]
    assert abs(products - n_draws * both) <= 5 * math.sqrt(n_draws * both)


@pytest.mark.parametrize("p", [0.1, 0.2, 0.24])
def test_candidates_are_thinned_to_just_the_probability(p: float) -> None:
    # A bound of 0.24 is one that draws candidates, some of them twice. Were they kept in the ratio of probabilities,
    # not of rates, there would be up to four percent too many.
    ends = _between(1500, 1000, extent=SHEET)
    drawn = cells_module.choose_by_distance(
        ends,
        range(ends.n_target),
        lambda sources, targets, distances: np.full(distances.shape, p),
        lambda near, far: np.full(near.shape, 0.24),
        False,
        np.random.default_rng(6),
    )
    assert abs(len(drawn) - 1.5e6 * p) < 5 * math.sqrt(1.5e6 * p * (1 - p))


@pytest.mark.parametrize("per_side", [1, 2, 3, 10])
def test_the_number_of_cells_does_not_matter(per_side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells_module, "_cells_per_side", lambda space, n: per_side)
    ends = _within(400, extent=SHEET, periodic=True)
    rule = _rule(0.5, width="100 um")
    drawn = [rule.connect(ends, np.random.default_rng(seed)).n for seed in range(60)]
    p = rule.kernel(_all_distances(ends))
    np.fill_diagonal(p, 0)
    # The mean of 60 sums of independent Bernoulli numbers.
    assert abs(np.mean(drawn) - p.sum()) < 5 * math.sqrt((p * (1 - p)).sum() / 60)
    assert stats.chi2.cdf(59 * np.var(drawn, ddof=1) / (p * (1 - p)).sum(), 59) < 0.999


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("name", PROFILES)
def test_the_expected_number_is_the_sum_of_all_probabilities(name: str, space: str) -> None:
    ends = _within(300, **SPACES[space])
    p = _theory(name, 0.4, _all_distances(ends))
    assert _rule(0.4, **PROFILES[name], autapses=True).expected_synapses(ends) == pytest.approx(p.sum())
    np.fill_diagonal(p, 0)
    assert _rule(0.4, **PROFILES[name]).expected_synapses(ends) == pytest.approx(p.sum())


def test_the_expected_number_of_a_large_sheet_is_estimated_within_a_few_percent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends, rule = _within(3000, extent=SHEET), _rule(0.4, width="100 um")
    exact = rule.expected_synapses(ends)
    monkeypatch.setattr(cells_module, "_MAX_SUMMED", 3000 * 180)
    # Where a kernel of 0.1 mm is cut by the edges of 1 mm, the sums of rows vary by a fifth; 180 of them are added.
    assert rule.expected_synapses(ends) == pytest.approx(exact, rel=5 * 0.2 / math.sqrt(180))


def test_all_neurons_of_a_torus_have_the_same_expected_degree_and_those_at_an_edge_fewer() -> None:
    rule = _rule(0.5, width="80 um", autapses=True)
    for periodic in (True, False):
        ends = _within(900, extent=SHEET, periodic=periodic, layout="grid")
        degrees = np.zeros((30, 30))
        for seed in range(100):
            drawn = rule.connect(ends, np.random.default_rng(seed))
            degrees += np.bincount(drawn.source_ids, minlength=900).reshape(30, 30)
        corners, middle = degrees[::29, ::29].mean(), degrees[14:16, 14:16].mean()
        # A corner neuron lies half a mesh inside of both edges; what is left of the Gaussian there. The neurons in the
        # middle send 18 synapses each: five standard errors of 400 numbers drawn here and there.
        share = 1.0 if periodic else stats.norm.cdf(1000 / 60, scale=80) ** 2
        error = math.sqrt((1 / share + 1) / (18 * 400))
        assert corners / middle == pytest.approx(share, rel=5 * error)


def test_a_box_with_probability_one_is_a_ring_lattice() -> None:
    ends = _within(50, extent="1 mm", periodic=True, layout="grid")
    drawn = _rule(1.0, profile="box", width="60 um").connect(ends, np.random.default_rng(1))  # three meshes of 20 um
    steps = (drawn.target_ids - drawn.source_ids) % 50
    assert drawn.n == 50 * 6 and set(steps.tolist()) == {1, 2, 3, 47, 48, 49}


def test_populations_of_different_sizes_share_a_space() -> None:
    source, target = _neurons(100, density="100 / mm**2"), _neurons(7, seed=2, density="7 / mm**2")
    assert _rule(0.5, width="100 um").problem(Ends(100, 7, False, source, target)) is None


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        (Neurons(), _neurons(5, extent=SHEET), "the source has no positions"),
        (_neurons(5, extent=SHEET), Neurons(), "the target has no positions"),
        (_neurons(5, extent=SHEET), _neurons(5, extent="1 mm"), "on a sheet, 1000 um × 1000 um, the target on a line"),
        (_neurons(5, extent=SHEET), _neurons(5, extent=SHEET, periodic=True), "Give both the same 'extent'"),
    ],
)
def test_populations_without_a_common_space_are_refused(source: Neurons, target: Neurons, said: str) -> None:
    assert said in (_rule(0.5, width="100 um").problem(Ends(5, 5, False, source, target)) or "")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"profile": "doughnut", "width": "1 mm"}, "'inner' is the inner radius"),
        ({"profile": "box", "width": "1 mm", "inner": "1 um"}, "'inner' is the inner radius"),
        ({"profile": "doughnut", "width": "1 mm", "inner": "1 mm"}, "is not below the outer"),
        ({"width": "0 mm"}, "must be above 0 um"),
    ],
)
def test_kernels_that_make_no_sense_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _rule(0.5, **settings)


def test_a_neuron_more_or_less_is_no_neuron_too_many() -> None:
    for n in (1, 2):
        drawn = _rule(1.0, profile="box", width="5 mm").connect(_within(n, extent=SHEET), np.random.default_rng(1))
        assert drawn.n == n * (n - 1)
