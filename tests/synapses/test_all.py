"""Synapse models: what they refuse, and what holds for each of them."""

from __future__ import annotations

import pytest

from snnrun.errors import SpecError
from snnrun.language.equations import parse_equations
from snnrun.network.compose import compose
from snnrun.network.describe import describe
from snnrun.network.loading import loads
from snnrun.registry import entries

NETWORK = """
snnrun: 1
populations: {{cells: {{size: 2, neuron: lif}}}}
projections: {{loop: {{from: cells, to: cells, connectivity: all_to_all, synapse: {synapse}}}}}
inputs: {inputs}
simulation: {{duration: 10 ms}}
"""


def experiment(synapse: str, inputs: str = "{}"):
    return loads(NETWORK.format(synapse=synapse, inputs=inputs))


def network(synapse: str, inputs: str = "{}"):
    return compose(experiment(synapse, inputs)).blueprint


def refusal(synapse: str) -> str:
    with pytest.raises(SpecError) as refused:
        experiment(synapse)
    (problem,) = refused.value.problems
    return str(problem)


@pytest.mark.parametrize("model", entries("synapses"))
def test_what_a_model_says_of_a_spike_names_variables_of_its_target(model):
    kinetics = experiment(entries("synapses")[model].example).projections["loop"].synapse.kinetics()
    state = {equation.name for equation in parse_equations(kinetics.equations)}
    assert kinetics.increment in state | {"v", ""}
    assert bool(kinetics.increment) + bool(kinetics.on_pre) + bool(kinetics.coupling) == 1, "one way to act"


@pytest.mark.parametrize("model", sorted(set(entries("synapses")) - {"delta", "equations"}))
def test_the_current_of_each_receptor_is_one_variable(model):
    (cells,) = network(entries("synapses")[model].example).populations
    names = [equation.name for equation in parse_equations(cells.equations)]
    assert names.count("I_loop") == 1
    assert "I_total = I_loop : amp" in cells.equations.splitlines()


@pytest.mark.parametrize("model", ["alpha_current", "alpha_conductance", "biexponential_conductance", "nmda"])
def test_inputs_raise_the_variable_that_spikes_raise(model):
    example = entries("synapses")[model].example
    rain = f"{{rain: {{model: poisson, to: cells, rate: 5 Hz, synapse: {example}}}}}"
    blueprint = network(example, rain)
    (cells,), (loop,) = blueprint.populations, blueprint.projections
    assert loop.on_pre == "h_loop_post += weight"
    assert cells.updates[0].code.startswith("h_loop += weight_rain * ")


@pytest.mark.parametrize("model", ["biexponential_conductance", "nmda"])
class TestTimesOfRiseAndDecay:
    def test_equal_ones_are_an_alpha_function(self, model):
        assert "both 5 ms" in (told := refusal(f"{{model: {model}, weight: 1 nS, tau_rise: 5 ms, tau_decay: 5 ms}}"))
        assert "alpha_conductance" in told

    def test_the_rise_is_the_shorter(self, model):
        told = refusal(f"{{model: {model}, weight: 1 nS, tau_rise: 6 ms, tau_decay: 5 ms}}")
        assert "'tau_rise' (6 ms) is longer than 'tau_decay' (5 ms)" in told

    def test_drawn_ones_may_overlap(self, model):
        assert network(f"{{model: {model}, weight: 1 nS, tau_rise: 'uniform(1 ms, 5 ms)', tau_decay: 4 ms}}")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("delay: 1 ms", "acts at once: remove 'delay'"),
        ("receptor: gap", "a current of their own: remove 'receptor'"),
        ("plasticity: {rule: stdp, w_max: 1 nS}", "hears no spikes, which plasticity needs: remove 'plasticity'"),
    ],
)
@pytest.mark.parametrize("model", ["electrical", "graded_conductance"])
def test_a_synapse_that_couples_cells_at_any_moment_has_none_of_what_spikes_need(model, more, message):
    assert message in refusal(f"{{model: {model}, weight: 1 nS, {more}}}")


def test_a_graded_conductance_integrates_its_gate_in_each_synapse_and_sums_conductances():
    blueprint = network("{model: graded_conductance, weight: 1 nS}")
    (cells,), (loop,) = blueprint.populations, blueprint.projections
    assert "g_loop_post = weight * s : siemens (summed)" in loop.equations.splitlines()
    assert (loop.state, loop.method, loop.on_pre) == (("s",), "exponential_euler", "")
    assert "I_loop = g_loop * (e_rev_loop - v) : amp" in cells.equations.splitlines()


def test_an_electrical_synapse_is_described_without_spikes():
    (loop,) = describe(experiment("{model: electrical, weight: 1 nS}")).projections
    assert (loop.always, loop.on_pre, loop.delay) == ("weight * (v_pre - v_post)", "", "")
