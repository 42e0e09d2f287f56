"""Which variables of synapses belong to neurons: the traces that spikes leave.

Brian lets each synapse keep what spikes have left behind, and integrates it when the next one comes. But a variable
that only spikes of the source change, all synapses of that source alike, is the same for all of them and can be kept
once for the source; so with the target. Then a synapse holds little more than its weight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from snnrun.language.equations import Equation, Statement, names_in, parse_equations, parse_statements
from snnrun.language.linearity import is_linear
from snnrun.network.blueprint import ProjectionBlueprint

Names = frozenset[str]
Statements = tuple[Statement, ...]

# What the synapses of a projection share, and no statement of theirs can change.
_SHARED: Final = {"shared", "constant"}


@dataclass(frozen=True)
class SpikeTraces:
    """Variables that the neurons on one side of a projection have in the place of its synapses.

    Parameters
    ----------
    equations
        Their differential equations.
    before, after
        What a spike does to them: before the synapses that it meets, and after all synapses of the time step.
    shared
        Values of the projection that all of this uses.
    initial
        Those that do not start at zero, with their start values.
    """

    equations: tuple[Equation, ...]
    before: tuple[Statement, ...]
    after: tuple[Statement, ...]
    shared: tuple[str, ...]
    initial: tuple[tuple[str, float], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, in the order of the equations."""
        return tuple(equation.name for equation in self.equations)


@dataclass(frozen=True)
class Parts:
    """A projection taken apart: what stays with its synapses, and the traces of its sources and of its targets."""

    synapses: ProjectionBlueprint
    source: SpikeTraces
    target: SpikeTraces


def take_apart(projection: ProjectionBlueprint) -> Parts:
    """Give to sources and targets what the synapses of a projection need not keep.

    Synapses with delays of their own hear a spike of their source at different times: it leaves no trace at the source.
    """
    code = _Code.of(projection)
    integrated = frozenset(equation.name for equation in code.equations if equation.kind == "differential")
    source = frozenset[str]() if projection.varied_delay else integrated - _targets(code.on_post)
    target = integrated - _targets(code.on_pre) - source
    while True:
        # What has to stay with the synapses keeps there what it depends on, until nothing more does.
        staying = integrated - source - target
        kept = (
            source - code.refused(source, code.on_pre, code.on_post, staying),
            target - code.refused(target, code.on_post, (), staying),
        )
        if kept == (source, target):
            break
        source, target = kept
    return Parts(
        code.of_synapses(source | target, projection),
        code.of_neurons(source, code.on_pre, code.on_post, projection),
        code.of_neurons(target, code.on_post, (), projection),
    )


@dataclass(frozen=True)
class _Code:
    """What the synapses of a projection are, and what spikes do to them.

    Below, a spike does ``own`` to the synapses of a neuron, and ``then`` is what spikes do later in a time step.
    """

    equations: tuple[Equation, ...]
    on_pre: Statements
    on_post: Statements

    @classmethod
    def of(cls, projection: ProjectionBlueprint) -> Self:
        on_pre, on_post = parse_statements(projection.on_pre), parse_statements(projection.on_post)
        return cls(parse_equations(projection.equations), on_pre, on_post)

    def refused(self, traces: Names, own: Statements, then: Statements, staying: Names) -> Names:
        """Which of these variables the neurons cannot keep."""
        known = traces | self._shared
        refused = {one.target for one in own if not names_in(one.expression) <= known}
        for equation in self.equations:
            if equation.name in staying:
                refused |= self._reads(equation.expression)
            elif equation.name in traces:
                own_law = names_in(equation.expression) <= known and is_linear([equation], traces)
                refused |= set() if own_law else {equation.name}
        return traces & refused | self._in_order(traces, own, then).torn

    def of_neurons(
        self, traces: Names, own: Statements, then: Statements, projection: ProjectionBlueprint
    ) -> SpikeTraces:
        equations = tuple(replace(equation, flags=()) for equation in self.equations if equation.name in traces)
        order = self._in_order(traces, own, then)
        expressions = [equation.expression for equation in equations]
        expressions += [statement.expression for statement in (*order.before, *order.after)]
        used = {name for expression in expressions for name in names_in(expression)}
        return SpikeTraces(
            equations,
            order.before,
            order.after,
            shared=tuple(sorted(used & self._shared)),
            initial=tuple((name, value) for name, value in projection.initial if name in traces),
        )

    def of_synapses(self, traces: Names, projection: ProjectionBlueprint) -> ProjectionBlueprint:
        return replace(
            projection,
            equations="\n".join(equation.text() for equation in self.equations if equation.name not in traces),
            on_pre="\n".join(one.text() for one in self.on_pre if one.target not in traces),
            on_post="\n".join(one.text() for one in self.on_post if one.target not in traces),
            state=tuple(name for name in projection.state if name not in traces),
            initial=tuple((name, value) for name, value in projection.initial if name not in traces),
        )

    @property
    def _shared(self) -> Names:
        return frozenset(equation.name for equation in self.equations if set(equation.flags) >= _SHARED)

    def _reads(self, expression: str) -> Names:
        """The variables on which the value of an expression depends."""
        names = names_in(expression)
        for equation in self.equations:
            if equation.kind == "subexpression" and equation.name in names:
                names |= self._reads(equation.expression)
        return names

    def _in_order(self, traces: Names, own: Statements, then: Statements) -> _Order:
        """When to do what a spike does to these variables, so that synapses read what they always did.

        Before the synapses if that is possible: whatever comes later in the step reads the new values.
        """
        before: list[Statement] = []
        after: list[Statement] = []
        torn = set()
        for position, statement in enumerate(own):
            if statement.target not in traces:
                continue
            if self._is_read(statement.target, own[:position], traces) or _depends(statement, after):
                after.append(statement)
                if self._is_read(statement.target, (*own[position:], *then), traces):
                    torn.add(statement.target)
            else:
                before.append(statement)
        return _Order(tuple(before), tuple(after), frozenset(torn))

    def _is_read(self, variable: str, statements: Statements, traces: Names) -> bool:
        """Whether synapses read a variable in some of these statements; those about traces are none of theirs."""
        return any(variable in self._reads(one.expression) for one in statements if one.target not in traces)


@dataclass(frozen=True)
class _Order:
    """What a spike does to traces, and those of them that some synapses would read too late, or others too early."""

    before: Statements
    after: Statements
    torn: Names


def _targets(statements: Statements) -> Names:
    return frozenset(statement.target for statement in statements)


def _depends(statement: Statement, earlier: Iterable[Statement]) -> bool:
    """Whether it makes a difference that a statement is done after these."""
    return any(
        one.target == statement.target
        or one.target in names_in(statement.expression)
        or statement.target in names_in(one.expression)
        for one in earlier
    )
