"""What holds for every connectivity rule of the catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snnrun.connectivity import Connections, ConnectivityRule, Ends, Neurons
from snnrun.connectivity.base import Side
from snnrun.quantities import Scope
from snnrun.registry import entries, entry_name
from snnrun.space import Positions

EDGES = "source,target\n" + "".join(f"{i},{(7 * i) % 30}\n" for i in reversed(range(30)))
# Numbers with which each rule can connect thirty neurons to thirty.
SETTINGS: dict[str, dict[str, Any]] = {
    "fixed_probability": {"p": 0.2},
    "fixed_indegree": {"k": 6},
    "fixed_outdegree": {"k": 6},
    "fixed_total_number": {"n": 200},
    "from_file": {"file": "edges.csv"},
    "distance_dependent": {"p_max": 0.6, "width": "300 um"},
    "patchy": {"p_max": 0.6, "width": "400 um"},
    "small_world": {"k": 6, "rewire": 0.2},
}
WITHIN_ONE_POPULATION = {"small_world"}
SHEET = Positions.model_validate({"extent": ["1 mm", "1 mm"], "layout": "random"})
NEURONS = Neurons(SHEET.place(30, np.random.default_rng(3)), SHEET.space(30))
RULES = sorted(entries("connectivity"))


# Every rule as it is, and with all its switches on.
VARIANTS = [(name, {}) for name in RULES] + [
    (name, dict.fromkeys(switches, True))
    for name in RULES
    if (switches := {"autapses", "multapses"} & entries("connectivity")[name].model_fields.keys())
]


@pytest.fixture(params=VARIANTS, ids=lambda variant: "-".join([variant[0], *sorted(variant[1])]))
def rule(request: pytest.FixtureRequest, tmp_path: Path) -> ConnectivityRule:
    name, switches = request.param
    (tmp_path / "edges.csv").write_text(EDGES)
    return _read(entries("connectivity")[name], SETTINGS.get(name, {}) | switches, tmp_path)


def _read(entry: type[Any], settings: dict[str, Any], folder: Path) -> ConnectivityRule:
    found = entry.model_validate(settings, context=Scope(folder=folder))
    assert isinstance(found, ConnectivityRule)
    return found


def _connect(rule: ConnectivityRule, same: bool, seed: int = 1) -> Connections:
    ends = Ends(30, 30, same, NEURONS, NEURONS)
    if not same and entry_name(type(rule), "connectivity") in WITHIN_ONE_POPULATION:
        assert "must be the same" in (rule.problem(ends) or "")
        ends = Ends(30, 30, True, NEURONS, NEURONS)
    assert rule.problem(ends) is None
    return rule.connect(ends, np.random.default_rng(seed))


@pytest.mark.parametrize("same", [False, True])
def test_synapses_are_sorted_by_source_then_target(rule: ConnectivityRule, same: bool) -> None:
    synapses = _connect(rule, same)
    assert synapses.n > 20
    assert np.all(np.diff(synapses.source_ids.astype(np.int64) * 30 + synapses.target_ids) >= 0)


@pytest.mark.parametrize("same", [False, True])
def test_synapses_join_neurons_that_exist_and_fit_in_32_bits(rule: ConnectivityRule, same: bool) -> None:
    synapses = _connect(rule, same)
    for ids in (synapses.source_ids, synapses.target_ids):
        assert ids.dtype == np.int32 and len(ids) == synapses.n
        assert ids.min() >= 0 and ids.max() < 30


def test_the_same_generator_state_gives_the_same_synapses(rule: ConnectivityRule) -> None:
    first, second = _connect(rule, True, seed=5), _connect(rule, True, seed=5)
    np.testing.assert_array_equal(first.source_ids, second.source_ids)
    np.testing.assert_array_equal(first.target_ids, second.target_ids)


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("name", [name for name in RULES if "autapses" in entries("connectivity")[name].model_fields])
def test_without_asking_no_neuron_connects_to_itself_and_no_pair_twice(name: str, same: bool, tmp_path: Path) -> None:
    rule = _read(entries("connectivity")[name], SETTINGS.get(name, {}), tmp_path)
    synapses = _connect(rule, same)
    pairs = np.stack([synapses.source_ids, synapses.target_ids])
    assert np.unique(pairs, axis=1).shape == pairs.shape
    assert np.any(pairs[0] == pairs[1]) == (not same)


@pytest.mark.parametrize("same", [False, True])
def test_the_expected_number_of_synapses_is_the_mean_over_seeds(rule: ConnectivityRule, same: bool) -> None:
    n_seeds = 400
    drawn = [_connect(rule, same, seed).n for seed in range(n_seeds)]
    # No rule varies more than a binomial, whose standard deviation is below sqrt(mean); five standard errors.
    expected = rule.expected_synapses(Ends(30, 30, same, NEURONS, NEURONS))
    spread = float(np.std(drawn))
    assert spread <= 1.2 * np.sqrt(expected)
    assert abs(np.mean(drawn) - expected) <= 5 * spread / np.sqrt(n_seeds)


def test_a_rule_survives_being_written_and_read(rule: ConnectivityRule, tmp_path: Path) -> None:
    assert _read(type(rule), rule.model_dump(mode="json"), tmp_path) == rule


def test_a_rule_explains_itself_and_names_its_source(rule: ConnectivityRule) -> None:
    assert len(rule.summary()) > 30
    assert all(reference.citation and reference.doi for reference in rule.references) and rule.references
    assert set(rule.meanings()) == set(type(rule).model_fields) - {"rule"}, "each parameter has a sentence below it"


@pytest.mark.parametrize("name", sorted(set(RULES) - {"from_file", "distance_dependent", "patchy"}))
@pytest.mark.parametrize(("n_source", "n_target", "same"), [(0, 0, True), (0, 0, False), (1, 1, True), (3, 0, False)])
def test_populations_too_small_are_refused_or_connected(name: str, n_source: int, n_target: int, same: bool) -> None:
    smallest = dict.fromkeys(SETTINGS.get(name, {}), 0)
    rule = entries("connectivity")[name].model_validate(smallest)
    assert isinstance(rule, ConnectivityRule)
    if rule.problem(Ends(n_source, n_target, same)) is None:
        drawn = rule.connect(Ends(n_source, n_target, same), np.random.default_rng(1))
        assert drawn.n == rule.expected_synapses(Ends(n_source, n_target, same))
        assert drawn.source_ids.dtype == drawn.target_ids.dtype == np.int32
    else:
        assert (name == "one_to_one" and n_source != n_target) or (name in WITHIN_ONE_POPULATION and not same)


@pytest.mark.parametrize("side", ["source", "target"])
@pytest.mark.parametrize("same", [False, True])
def test_degrees_follow_the_law_that_the_rule_tells(rule: ConnectivityRule, same: bool, side: Side) -> None:
    possible = np.arange(200 + 1)
    law = rule.degree_probability(Ends(30, 30, same), side, possible)
    if law is None:
        return
    assert law.sum() == pytest.approx(1)
    n_seeds = 300
    drawn = [_connect(rule, same, seed) for seed in range(n_seeds)]
    degrees = [np.bincount(s.target_ids if side == "target" else s.source_ids, minlength=30) for s in drawn]
    share = np.bincount(np.concatenate(degrees), minlength=len(possible)) / (30 * n_seeds)
    # Five standard errors; the degrees of one network depend on each other, but so little that it does not matter here.
    assert np.all(np.abs(share - law) <= 5 * np.sqrt(law * (1 - law) / (30 * n_seeds)) + 1e-3)
