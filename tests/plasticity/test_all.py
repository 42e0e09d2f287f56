"""What holds for every rule of plasticity of the catalog."""

from __future__ import annotations

import pytest

from snnrun.language.dimensions import check_equations, check_statement
from snnrun.language.equations import parse_equations, parse_statements
from snnrun.language.linearity import is_linear
from snnrun.network.synapse_code import synapse_code
from snnrun.plasticity.base import LearningRule, PlasticityRule
from snnrun.quantities import Scope
from snnrun.registry import entries
from snnrun.spec.catalog import example
from snnrun.spec.reader import parse_value
from snnrun.synapses.exponential_conductance import ExponentialConductance

RULES = sorted(entries("plasticity"))


@pytest.fixture(params=RULES)
def rule(request: pytest.FixtureRequest) -> PlasticityRule:
    entry = entries("plasticity")[request.param]
    found = entry.model_validate(parse_value(example("plasticity", entry)), context=Scope())
    assert isinstance(found, PlasticityRule)
    return found


def test_the_equations_have_the_dimensions_that_they_declare(rule: PlasticityRule) -> None:
    changes = rule.changes()
    check_equations(
        parse_equations(changes.state), {name: value.dimension for name, value in changes.parameters.items()}
    )


def test_the_statements_keep_the_dimensions_of_what_they_change(rule: PlasticityRule) -> None:
    synapse = ExponentialConductance(weight="1 nS", plasticity=rule)
    code = synapse_code(synapse)
    known = {equation.name: equation.dimension for equation in code.state}
    known |= {name: value.dimension for name, value in code.parameters.items()}
    weight = synapse.weight_value().dimension
    for statement in (*code.on_pre, *code.on_post):
        check_statement(statement, known | {"weight": weight, "g_post": weight})


def test_state_is_solved_exactly_from_spike_to_spike(rule: PlasticityRule) -> None:
    state = parse_equations(rule.changes().state)
    assert all("event-driven" in equation.flags for equation in state)
    assert is_linear(state, {equation.name for equation in state})


def test_all_parameters_are_used_and_all_start_values_belong_to_the_state(rule: PlasticityRule) -> None:
    changes = rule.changes()
    text = "\n".join([changes.state, changes.before, changes.transmitted, changes.after, changes.on_post])
    assert all(name in text for name in changes.parameters)
    assert changes.initial.keys() <= {equation.name for equation in parse_equations(changes.state)}


def test_a_spike_is_transmitted_before_it_changes_the_weight(rule: PlasticityRule) -> None:
    targets = [
        statement.target for statement in synapse_code(ExponentialConductance(weight="1 nS", plasticity=rule)).on_pre
    ]
    assert targets.index("g_post") < targets.index("weight" if isinstance(rule, LearningRule) else "x")


def test_a_rule_changes_weights_only_within_their_limits(rule: PlasticityRule) -> None:
    changes = rule.changes()
    statements = parse_statements("\n".join([changes.before, changes.after, changes.on_post]))
    to_weight = [statement.expression for statement in statements if statement.target == "weight"]
    assert bool(to_weight) == isinstance(rule, LearningRule)
    assert all(expression.startswith("clip(") for expression in to_weight)
    assert all(expression.endswith(", w_low, w_high)") for expression in to_weight)
    assert all("learning_rate * " in expression for expression in to_weight)
