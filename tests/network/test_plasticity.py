"""How a rule of plasticity joins a synapse, what does not fit, and which weights are recorded."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.network.compose import compose
from snnrun.network.construct import Construction
from snnrun.network.estimate import estimate

STDP = {"rule": "stdp", "w_max": "20 pA"}
SHORT_TERM = {"rule": "short_term", "tau_facil": "1 s"}
RULE = "projections.drive.synapse.plasticity"
CUSTOM = {
    "model": "equations",
    "weight": "1 pA",
    "equations": "ds/dt = -s/tau_s : amp",
    "current": "s",
    "state": "dc/dt = -c/tau_s : 1 (event-driven)",
    "on_pre": "c += 1\ns_post += weight*c/(1 + weight/pamp)",
    "parameters": {"tau_s": "5 ms"},
}


@pytest.fixture
def composed(small):
    return lambda settings, folder=None: compose(small(settings, folder))


@pytest.fixture
def drive(composed):
    return lambda settings: composed(settings).blueprint.projections[0]


def test_a_synapse_without_plasticity_is_as_before(drive):
    assert drive({}).on_pre == "I_drive_post += weight"
    assert drive({}).on_post == ""


def test_a_spike_is_transmitted_then_the_weight_changes(drive):
    assert drive({RULE: STDP}).on_pre.splitlines() == [
        "I_drive_post += weight",
        "pre_trace += 1",
        "weight = clip(weight + learning_rate * (-a_minus * w_max * post_trace), w_low, w_high)",
    ]


def test_resources_take_the_place_of_the_weight(drive):
    projection = drive({RULE: SHORT_TERM})
    assert projection.on_pre.splitlines() == [
        "u += U * (1 - u)",
        "I_drive_post += weight * (active * u * x + (1 - active) * U)",
        "x -= u * x",
    ]
    assert projection.initial == (("x", 1.0),)


def test_weights_that_learn_belong_to_each_synapse_those_that_do_not_are_shared(composed):
    sizes = {
        rule["rule"]: next(s.size for s in composed({RULE: rule}).blueprint.slots if s.name == "drive__inh.weight")
        for rule in (STDP, SHORT_TERM)
    }
    assert sizes == {"stdp": None, "short_term": 1}


def test_numbers_of_a_rule_are_no_structure(composed):
    changed = {**STDP, "w_max": "30 pA", "a_plus": 0.1, "tau_plus": "5 ms", "learning_rate": 0}
    assert composed({RULE: STDP}).blueprint == composed({RULE: changed}).blueprint
    assert composed({RULE: STDP}).blueprint != composed({RULE: {**STDP, "pairing": "nearest"}}).blueprint


def test_plasticity_leaves_the_receptor_shared(composed):
    again = {"from": "inh", "to": "inh", "connectivity": {"rule": "all_to_all"}}
    synapse = {"model": "exponential_current", "weight": "1 pA", "tau_syn": "5 ms", "plasticity": STDP}
    projections = composed({"projections.again": {**again, "synapse": synapse}}).blueprint.projections
    assert projections[1].on_pre.splitlines()[0] == "I_drive_post += weight"


def test_statements_of_a_custom_synapse_transmit_what_the_rule_says(drive):
    projection = drive({"projections.drive.synapse": {**CUSTOM, "plasticity": {"rule": "short_term", "U": 0.2}}})
    what = "weight * (active * U * x + (1 - active) * U)"
    assert projection.on_pre.splitlines() == [
        "c += 1",
        f"s_drive_post += {what} * c / (1 + {what} / pamp)",
        "x -= U * x",
    ]


def test_negative_weights_have_a_negative_limit(composed):
    rule = {"rule": "inhibitory_stdp", "w_max": "-20 pA", "eta": "1 pA"}
    values = composed({"projections.drive.synapse.weight": "-5 pA", RULE: rule}).values
    assert values["drive__inh.w_low"].value == pytest.approx(-20e-12)
    assert values["drive__inh.w_high"].value == 0
    assert values["drive__inh.eta"].value == pytest.approx(-1e-12)


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({RULE: {"rule": "stdp", "w_max": "1 nS"}}, "w_max: It limits the weight, a value in pA, but is 1 nS."),
        ({RULE: {"rule": "stdp", "w_max": "0 pA"}}, "'w_max' is zero, which leaves the weights no room"),
        ({RULE: {"rule": "stdp", "w_max": "5 pA"}}, "weight: 10 pA is not between 0 and the largest weight 5 pA."),
        ({RULE: {"rule": "stdp", "w_max": "-20 pA"}}, "weight: 10 pA is not between 0 and the largest weight -20 pA."),
        (
            {RULE: STDP, "projections.drive.synapse.weight": "normal(10 pA, 1 pA)"},
            "Give it limits: normal(mean, sd, 0 pA, 20 pA).",
        ),
        (
            {
                RULE: {**STDP, "w_max": "-20 pA"},
                "projections.drive.synapse.weight": "0 pA",
                "populations.exc.type": "excitatory",
            },
            "w_max: Dale's law: 'exc' is excitatory, but these weights are negative, up to -20 pA.",
        ),
        (
            {
                "projections.drive.synapse": {
                    "model": "exponential_conductance",
                    "weight": "0 nS",
                    "plasticity": {"rule": "stdp", "w_max": "-1 nS"},
                }
            },
            "w_max: A conductance is never negative, and w_max is its largest value. Turn the sign.",
        ),
        (
            {RULE: {"rule": "inhibitory_stdp", "w_max": "20 pA", "eta": "1 nS"}},
            "'eta' is a step of the weight: a value in pA as 'w_max', got 1 nS",
        ),
        (
            {RULE: {"rule": "inhibitory_stdp", "w_max": "20 pA", "eta": "-1 pA"}},
            "'eta' must not be negative",
        ),
        (
            {"projections.drive.synapse": {**CUSTOM, "on_pre": "s_post += 1*pamp", "plasticity": SHORT_TERM}},
            "What a spike does here does not depend on 'weight'.",
        ),
        (
            {"projections.drive.synapse": {**CUSTOM, "on_post": "weight += 1*pamp", "plasticity": STDP}},
            "The statements of this synapse change its weight already. Keep either them or the rule.",
        ),
        (
            {
                "projections.drive.synapse": {
                    **CUSTOM,
                    "state": "x : 1",
                    "on_pre": "s_post += weight*x",
                    "plasticity": SHORT_TERM,
                }
            },
            "The rule has a variable 'x' of its own. Rename that of the synapse.",
        ),
        (
            {
                "inputs.rain": {
                    "model": "poisson",
                    "to": "inh",
                    "rate": "5 Hz",
                    "synapse": {"model": "exponential_current", "weight": "1 pA", "plasticity": STDP},
                }
            },
            "An input has no synapses of its own that could change. Make its source a population",
        ),
        ({"record.weights": {"drive": {}}}, "record.weights.drive: No spike changes the weights of 'drive'."),
        ({"record.weights": {"drive": {}}, RULE: SHORT_TERM}, "No spike changes the weights of 'drive'."),
        ({"record.weights": {"drvie": {}}}, "record.weights.drvie: There is no projection 'drvie'."),
        (
            {"record.weights": {"drive": {"every": "0.25 ms"}}, RULE: STDP},
            "record.weights.drive.every: 0.25 ms is no whole number of time steps",
        ),
    ],
)
def test_what_does_not_fit_is_said(problem, settings, wrong):
    assert wrong in problem(settings)


def test_a_synapse_through_which_no_spike_passes_cannot_be_plastic(problem):
    gap = {"model": "electrical", "weight": "1 nS", "plasticity": {"rule": "stdp", "w_max": "2 nS"}}
    assert "hears no spikes" in problem({"projections.drive.synapse": gap})


@pytest.mark.parametrize("weight", ["20 pA", "uniform(0 pA, 20 pA)", "normal(10 pA, 5 pA, 0 pA, 20 pA)"])
def test_weights_may_lie_anywhere_between_zero_and_the_largest(problems, weight):
    assert problems({RULE: STDP, "projections.drive.synapse.weight": weight}) == []


class TestObservedSynapses:
    """Which weights are recorded over time."""

    def observed(self, small, wanted, seed=1):
        settings = {RULE: STDP, "populations.exc.size": 100, "populations.inh.size": 40, "simulation.seed": seed}
        experiment = small({**settings, "record.weights": {"drive": wanted}})
        construction = Construction(experiment, compose(experiment))
        (filling,) = [item for item in construction.fillings() if item.slot.kind == "snapshots"]
        (every,), chosen = filling.arrays
        return every, chosen, construction.observed["drive__inh"]

    def test_by_default_a_thousand_drawn_evenly_from_all(self, small):
        _, chosen, (source_ids, target_ids) = self.observed(small, {})
        assert len(np.unique(chosen)) == 1000
        assert np.array_equal(chosen, np.sort(chosen))
        # All to all, sorted by source: the number of a synapse tells its neurons.
        assert np.array_equal(chosen, source_ids * 40 + target_ids)
        # The mean of 1000 of 4000 numbers, drawn without replacement: standard error 1155 √(3/4) / √1000 = 32.
        assert chosen.mean() == pytest.approx(2000, abs=3 * 32)

    def test_the_seed_decides_which(self, small):
        one, again, other = (self.observed(small, {"synapses": 50}, seed)[1] for seed in (1, 1, 2))
        assert np.array_equal(one, again)
        assert not np.array_equal(one, other)

    @pytest.mark.parametrize("wanted", ["all", 4000, 100_000])
    def test_all_of_them_in_order(self, small, wanted):
        _, chosen, _ = self.observed(small, {"synapses": wanted})
        assert np.array_equal(chosen, np.arange(4000))

    def test_the_interval_is_counted_in_steps_and_without_one_is_the_whole_run(self, small):
        assert self.observed(small, {"every": "5 ms"})[0] == 50
        assert self.observed(small, {})[0] == 1000

    def test_their_number_and_interval_are_no_structure(self, small):
        blueprints = [
            compose(small({RULE: STDP, "record.weights": {"drive": wanted}})).blueprint
            for wanted in ({}, {"every": "1 ms"}, {"synapses": 3})
        ]
        assert blueprints[0] == blueprints[1] == blueprints[2]

    def test_the_estimate_counts_them(self, small):
        def recording(wanted):
            settings = {RULE: STDP, "populations.exc.size": 100, "populations.inh.size": 40, "record.weights": wanted}
            return estimate(small(settings)).recording

        # 4000 synapses at 0, 10, … 100 ms: 11 snapshots; every 30 ms: 0, 30, 60, 90 and the end.
        assert recording({"drive": {"every": "10 ms", "synapses": "all"}}) - recording({}) == 11 * 4000 * 8
        assert recording({"drive": {"every": "30 ms"}}) - recording({}) == 5 * 1000 * 8
