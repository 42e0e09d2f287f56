"""What holds for every neuron model of the catalog."""

from __future__ import annotations

from pathlib import Path

import pytest

from snnrun.language.dimensions import BUILT_IN, TIME, AnyDimension, check_condition, check_equations, check_statement
from snnrun.language.dimensions import infer as dimension_of
from snnrun.language.equations import parse_condition, parse_equations, parse_statements
from snnrun.language.names import variable_problem
from snnrun.neurons.base import TOTAL_CURRENT, Dynamics, NeuronModel
from snnrun.quantities import Distribution, Quantity
from snnrun.registry import entries
from snnrun.spec.catalog import example
from snnrun.spec.entries import read_entry
from snnrun.spec.reader import parse_value
from snnrun.units import unit

NAMES = sorted(entries("neurons"))
OWN = ("equations", "poisson", "spike_generator")
"""The user's own model has no paper, and sources of spikes have no membrane."""


def read(name: str, folder: Path, text: str = "") -> NeuronModel:
    found = read_entry("neurons", parse_value(text or example("neurons", entries("neurons")[name])), "example", folder)
    assert isinstance(found, NeuronModel)
    return found


@pytest.fixture(params=NAMES)
def neuron(request: pytest.FixtureRequest, tmp_path: Path) -> NeuronModel:
    return read(request.param, tmp_path)


@pytest.fixture(params=[name for name in NAMES if name not in OWN])
def published(request: pytest.FixtureRequest, tmp_path: Path) -> NeuronModel:
    return read(request.param, tmp_path, f"{{model: {request.param}}}")


@pytest.fixture
def dynamics(neuron: NeuronModel) -> Dynamics:
    return neuron.dynamics()


@pytest.fixture
def known(neuron: NeuronModel, dynamics: Dynamics) -> dict[str, AnyDimension]:
    """The dimension of every name that the code of the model may use."""
    values = {name: value.dimension for name, value in neuron.values().items()}
    own = {equation.name: equation.dimension for equation in parse_equations(dynamics.equations)}
    return {**BUILT_IN, TOTAL_CURRENT: unit("A").dimension, **values, **own}


def test_the_equations_have_the_dimensions_that_they_declare(
    dynamics: Dynamics, known: dict[str, AnyDimension]
) -> None:
    check_equations(parse_equations(dynamics.equations), known)


def test_threshold_and_reset_fit_the_variables(dynamics: Dynamics, known: dict[str, AnyDimension]) -> None:
    if dynamics.threshold:
        check_condition(parse_condition(dynamics.threshold), known)
    state = {e.name for e in parse_equations(dynamics.equations) if e.kind != "subexpression"}
    for statement in parse_statements(dynamics.reset):
        check_statement(statement, known)
        assert statement.target in state


def test_the_refractory_period_is_a_time_or_a_condition(dynamics: Dynamics, known: dict[str, AnyDimension]) -> None:
    if dynamics.refractory and dimension_of(parse_condition(dynamics.refractory), known) != TIME:
        check_condition(parse_condition(dynamics.refractory), known)


def test_initial_values_have_the_dimension_of_their_variable(
    dynamics: Dynamics, known: dict[str, AnyDimension]
) -> None:
    state = {e.name for e in parse_equations(dynamics.equations) if e.kind == "differential"}
    assert set(dynamics.initial) <= state
    for variable, expression in dynamics.initial.items():
        assert dimension_of(parse_condition(expression), known) == known[variable]


def test_names_are_free_and_used(neuron: NeuronModel, dynamics: Dynamics) -> None:
    code = "\n".join([dynamics.equations, dynamics.threshold, dynamics.reset, dynamics.refractory])
    code += "\n".join(dynamics.initial.values())
    for name in neuron.values():
        assert variable_problem(name) is None
        assert name in code, f"nothing depends on {name}"


def test_a_neuron_survives_being_written_and_read(neuron: NeuronModel, tmp_path: Path) -> None:
    assert type(neuron).model_validate(neuron.model_dump(mode="json", by_alias=True)) == neuron


def test_a_published_neuron_names_its_source(published: NeuronModel) -> None:
    assert len(published.summary()) > 30
    assert any(reference.doi for reference in published.references)
    assert all(reference.citation for reference in published.references)


def test_a_published_neuron_needs_no_parameter_and_explains_each(published: NeuronModel) -> None:
    meanings = published.meanings()
    assert set(meanings) == set(type(published).model_fields) - {"model"}
    assert all(meaning.endswith(".") for meaning in meanings.values())


def test_every_value_of_a_published_neuron_may_differ_from_cell_to_cell(published: NeuronModel) -> None:
    for name, value in published.values().items():
        assert isinstance(value, Quantity)
        low, high = (Quantity(value.value + step, value.dimension) for step in (0, abs(value.value) / 10 + 1e-12))
        varied = type(published).model_validate({name: f"uniform({low}, {high})"})
        assert isinstance(varied.values()[name], Distribution)


def test_a_published_neuron_has_a_membrane_into_which_currents_flow(published: NeuronModel) -> None:
    dynamics = published.dynamics()
    assert {e.name: e.dimension for e in parse_equations(dynamics.equations)}["v"] == unit("V").dimension
    assert TOTAL_CURRENT in dynamics.equations
    assert dynamics.threshold


def test_a_published_neuron_names_how_it_is_integrated(published: NeuronModel) -> None:
    definition = " ".join((type(published).__doc__ or "").split())
    named = {"rk4": "Runge–Kutta", "exponential_euler": "integrated exactly"}[published.dynamics().method]
    assert named in definition
