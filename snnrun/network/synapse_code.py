"""What each synapse is and what spikes do to it: the equations of its model, those of its plasticity around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from snnrun.language.equations import Equation, Statement, names_in, parse_equations, parse_statements
from snnrun.language.syntax import substitute
from snnrun.quantities import Values
from snnrun.synapses.base import Kinetics, SynapseModel


@dataclass(frozen=True)
class SynapseCode:
    """The synapses of one model and one rule of plasticity, in the equation language.

    Parameters
    ----------
    state
        Equations of each synapse.
    parameters
        Values that they and the statements use, beside the weight.
    initial
        Start values of state variables; the others start at zero.
    on_pre, on_post
        Statements at a spike of the source and of the target.
    """

    state: tuple[Equation, ...]
    parameters: Mapping[str, Values]
    initial: Mapping[str, float]
    on_pre: tuple[Statement, ...]
    on_post: tuple[Statement, ...]

    @property
    def changed(self) -> frozenset[str]:
        """What spikes change: variables of the synapse, and of the target with ``_post`` at their end."""
        return frozenset(statement.target for statement in (*self.on_pre, *self.on_post))


def synapse_code(synapse: SynapseModel) -> SynapseCode:
    """The code of a synapse: a spike arrives, is transmitted, and then changes the synapse."""
    kinetics = synapse.kinetics()
    model = SynapseCode(
        parse_equations(kinetics.state),
        kinetics.state_parameters,
        {},
        parse_statements(transmission(kinetics)),
        parse_statements(kinetics.on_post),
    )
    if synapse.plasticity is None:
        return model
    rule = synapse.plasticity.changes()
    transmitted = tuple(_transmitting(statement, rule.transmitted) for statement in model.on_pre)
    return SynapseCode(
        (*model.state, *parse_equations(rule.state)),
        {**model.parameters, **rule.parameters},
        rule.initial,
        (*parse_statements(rule.before), *transmitted, *parse_statements(rule.after)),
        (*model.on_post, *parse_statements(rule.on_post)),
    )


def transmission(kinetics: Kinetics) -> str:
    """What a spike of the source does; empty where synapses act without spikes."""
    return kinetics.on_pre or (f"{kinetics.increment}_post += weight" if kinetics.increment else "")


def _transmitting(statement: Statement, what: str) -> Statement:
    if "weight" not in names_in(statement.expression):
        return statement
    expression = substitute(statement.expression, "weight", what)
    return Statement(statement.target, statement.operator, expression, statement.line)
