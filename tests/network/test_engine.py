"""Which engine runs a network is decided from its structure, before anything is built."""

from __future__ import annotations

import pytest

from snnrun.network.compose import compose
from snnrun.network.engine import fast_engine_problem
from snnrun.registry import entries
from snnrun.spec.reader import parse_value

OWN = {"model": "equations", "weight": "1 mV", "on_pre": "v_post += weight", "parameters": {"tau": "20 ms"}}


@pytest.fixture
def composed(small):
    return lambda settings=None: compose(small(settings))


@pytest.fixture
def problem(composed):
    """What the fast engine cannot do of the small experiment with this synapse."""
    return lambda synapse: fast_engine_problem(composed({"projections.drive.synapse": synapse}).blueprint)


def test_the_fast_engine_runs_what_it_can(composed):
    composition = composed()
    assert (composition.blueprint.engine, composition.engine_remark) == ("fast", "")


def test_who_asks_for_the_reference_engine_gets_it_without_a_remark(composed):
    composition = composed({"simulation.engine": "reference"})
    assert (composition.blueprint.engine, composition.engine_remark) == ("reference", "")


def test_the_reference_engine_steps_in_and_says_why(composed):
    composition = composed({"projections.drive.synapse": {"model": "electrical", "weight": "1 nS"}})
    assert composition.blueprint.engine == "reference"
    assert composition.engine_remark == (
        "the fast engine cannot run synapses that act at any moment, as those of 'drive' onto 'inh' do; "
        "the reference engine runs instead"
    )


@pytest.mark.parametrize("settings", [{}, {"projections.drive.synapse": {"model": "electrical", "weight": "1 nS"}}])
def test_the_reference_engine_stores_doubles(composed, settings):
    single = {**settings, "simulation.weight_precision": "single"}
    assert composed({**single, "simulation.engine": "reference"}).blueprint.weight_precision == "double"
    assert composed(single).blueprint.weight_precision == ("double" if settings else "single")


def test_how_it_is_compiled_belongs_to_the_blueprint(composed):
    blueprint = composed({"simulation.math": "strict", "simulation.arch": "x86-64-v3"}).blueprint
    assert (blueprint.math, blueprint.arch) == ("strict", "x86-64-v3")


class TestSynapses:
    """The fast engine visits a synapse when a spike arrives there."""

    @pytest.mark.parametrize(("name", "entry"), entries("synapses").items())
    def test_all_of_the_catalog_are_within_reach_but_those_without_spikes(self, problem, name, entry):
        synapse = parse_value(entry.example, name) if entry.example else {"model": name, "weight": "1 nS"}
        assert (problem(synapse) is None) == (name not in {"electrical", "graded_conductance"})

    @pytest.mark.parametrize(("rule", "entry"), entries("plasticity").items())
    def test_all_rules_of_plasticity_are_within_reach(self, problem, rule, entry):
        plasticity = parse_value(entry.example, rule) if entry.example else {"rule": rule}
        synapse = {"model": "exponential_conductance", "weight": "0.5 nS", "tau_syn": "5 ms", "plasticity": plasticity}
        assert problem(synapse) is None

    def test_a_state_that_decays_between_spikes_is_computed_when_one_arrives(self, problem):
        assert problem({**OWN, "state": "dx/dt = -x/tau : 1 (event-driven)"}) is None

    @pytest.mark.parametrize("flag", ["", " (clock-driven)"])
    def test_a_state_that_is_integrated_in_every_step(self, problem, flag):
        told = problem({**OWN, "state": f"y = x : 1\ndx/dt = -x/tau : 1{flag}"})
        assert told == "integrate 'x' of the synapses of 'drive' onto 'inh', which is not event-driven"

    def test_a_value_that_is_computed_in_every_step(self, problem):
        told = problem({**OWN, "state": "wave = sin(t/tau) : 1 (constant over dt)"})
        assert told == "compute 'wave' of the synapses of 'drive' onto 'inh' in every time step"

    @pytest.mark.parametrize(
        "random",
        [
            {"on_pre": "v_post += weight*int(rand() < 0.5)"},
            {"on_pre": "v_post += weight\nx += randn()", "state": "x : 1"},
            {"on_post": "x = poisson(3)", "state": "x : 1"},
            {"on_pre": "v_post += weight*x", "state": "x = rand() : 1"},
            {"state": "dx/dt = -x/tau + xi*tau**-0.5 : 1 (event-driven)"},
        ],
    )
    def test_chance_at_a_synapse(self, problem, random):
        assert problem({**OWN, **random}) == "draw random numbers in synapses, as those of 'drive' onto 'inh' do"

    def test_a_name_that_only_begins_like_a_random_function_is_none(self, problem):
        assert problem({**OWN, "on_pre": "v_post += weight*randomness", "state": "randomness : 1"}) is None


class TestNeurons:
    CELL = {
        "model": "equations",
        "equations": "dv/dt = -v/tau + sigma*sqrt(2/tau)*xi : volt",
        "threshold": "v > 10*mV and rand() < 0.5",
        "reset": "v = randn()*mV",
        "parameters": {"tau": "10 ms", "sigma": "1 mV"},
    }

    def test_neurons_may_draw_and_be_noisy(self, composed):
        settings = {"populations.exc.neuron": self.CELL, "projections": {}}
        assert composed(settings).blueprint.engine == "fast"

    def test_a_random_function_without_a_generator_is_left_to_the_reference_engine(self, composed, monkeypatch):
        monkeypatch.setattr("snnrun.network.engine._DRAWN", frozenset({"randn", "poisson"}))
        settings = {"populations.exc.neuron": self.CELL, "projections": {}}
        assert "the fast engine cannot draw from 'rand'" in composed(settings).engine_remark
