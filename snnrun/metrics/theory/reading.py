"""Reads from an experiment what the theory of its rates needs, and refuses what the theory does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from snnrun.connectivity.base import ConnectivityRule, Ends
from snnrun.entry import Entry
from snnrun.inputs.constant_current import ConstantCurrent
from snnrun.inputs.noise_current import NoiseCurrent
from snnrun.inputs.poisson import Poisson
from snnrun.language.distributions import Distribution
from snnrun.metrics.theory.lif_network import LifNetwork, LifPopulation, Pathway
from snnrun.metrics.theory.moments import moments
from snnrun.neurons.lif import Lif
from snnrun.neurons.poisson import PoissonNeuron
from snnrun.registry import ROOMS, entries, validate
from snnrun.synapses.base import SynapseModel
from snnrun.synapses.delta import Delta
from snnrun.synapses.exponential_current import ExponentialCurrent
from snnrun.units import Quantity

# Rules that draw each synapse like every other, so that all neurons of a population receive alike.
_RULES: Final = {"all_to_all", "fixed_indegree", "fixed_outdegree", "fixed_probability", "fixed_total_number"}
_SECTIONS: Final = {
    "snnrun", "title", "references", "parameters", "populations", "projections", "inputs", "simulation", "record",
    "analysis", "figures",
}  # fmt: skip
_POPULATION: Final = {"size", "type", "neuron", "initial", "positions", "labels"}
_PROJECTION: Final = {"from", "to", "synapse", "connectivity"}


class NotCoveredError(Exception):
    """A part of an experiment that the theory knows nothing of; the message names it."""


def lif_network(spec: Mapping[str, Any], time_step: float = 0.0) -> LifNetwork:
    """The network of a resolved experiment as the theory sees it.

    Parameters
    ----------
    time_step
        As in `LifNetwork`.

    Raises
    ------
    NotCoveredError
        If the theory does not cover a part of the experiment.
    """
    _refuse_others(spec, _SECTIONS, "the experiment")
    populations: dict[str, LifPopulation] = {}
    sources: dict[str, float] = {}
    cells: dict[str, Lif] = {}
    for name, section in spec["populations"].items():
        where = f"populations.{name}"
        _refuse_others(section, _POPULATION, where)
        neuron = _entry("neurons", section["neuron"], where)
        match neuron:
            case Lif():
                cells[name], populations[name] = neuron, _population(neuron, where)
            case PoissonNeuron():
                _refuse_changed(neuron, {"model", "rate"}, where)
                sources[name] = _number(neuron.rate, f"{where}.neuron.rate")
            case _:
                raise NotCoveredError(f"{where}: {section['neuron']['model']} neurons")
    pathways = list(_projections(spec, cells))
    for name, raw in spec.get("inputs", {}).items():
        where = f"inputs.{name}"
        source = _entry("inputs", raw, where)
        for target in raw["to"]:
            if target not in cells:
                raise NotCoveredError(f"{where}: input to '{target}'")
            match source:
                case Poisson():
                    _refuse_changed(source, {"model", "targets", "rate", "n", "weight", "synapse"}, where)
                    sources[where] = _number(source.rate, f"{where}.rate")
                    synapse = source.contribution().synapse
                    assert synapse is not None
                    pathways.append(_pathway(target, where, source.n, synapse, cells[target], where))
                case ConstantCurrent() | NoiseCurrent():
                    populations[target] = _with_current(populations[target], source, cells[target], where)
                case _:
                    raise NotCoveredError(f"{where}: input of the model {raw['model']}")
    return LifNetwork(populations, tuple(pathways), sources, time_step)


def _population(neuron: Lif, where: str) -> LifPopulation:
    names = ("tau_m", "v_rest", "v_thresh", "v_reset", "tau_refrac")
    return LifPopulation(*(_number(getattr(neuron, name), f"{where}.neuron.{name}") for name in names))


def _projections(spec: Mapping[str, Any], cells: Mapping[str, Lif]) -> Iterator[Pathway]:
    for name, section in spec.get("projections", {}).items():
        where = f"projections.{name}"
        _refuse_others(section, _PROJECTION, where)
        rule = _entry("connectivity", section["connectivity"], where)
        synapse = _entry("synapses", section["synapse"], where)
        if section["connectivity"]["rule"] not in _RULES:
            raise NotCoveredError(f"{where}: connectivity by {section['connectivity']['rule']}")
        assert isinstance(rule, ConnectivityRule) and isinstance(synapse, SynapseModel)
        source = section["from"]
        for target in section["to"]:
            if target not in cells:
                raise NotCoveredError(f"{where}: synapses onto '{target}'")
            n_source, n_target = (spec["populations"][each]["size"] for each in (source, target))
            indegree = rule.expected_synapses(Ends(n_source, n_target, source == target)) / n_target
            yield _pathway(target, source, indegree, synapse, cells[target], where)


def _pathway(target: str, source: str, indegree: float, synapse: SynapseModel, cell: Lif, where: str) -> Pathway:
    understood = {"model", "weight", "delay", "receptor"}
    if isinstance(synapse, Delta):
        step, tau_syn = 1.0, 0.0
    elif isinstance(synapse, ExponentialCurrent):
        tau_syn = _number(synapse.tau_syn, f"{where}.synapse.tau_syn")
        tau_m, r_m = (_number(getattr(cell, name), f"populations.{target}.neuron.{name}") for name in ("tau_m", "r_m"))
        step = r_m * tau_syn / tau_m
        understood.add("tau_syn")
    else:
        raise NotCoveredError(f"{where}: synapses of the model {synapse.model_dump()['model']}")
    _refuse_changed(synapse, understood, where)
    weight = synapse.weight_value()
    if not isinstance(weight, Quantity | Distribution):
        raise NotCoveredError(f"{where}.synapse.weight: neither one value nor a distribution")
    drawn = moments(weight)
    return Pathway(target, source, indegree, step * drawn.mean, step**2 * drawn.square, tau_syn)


def _with_current(
    population: LifPopulation, source: ConstantCurrent | NoiseCurrent, cell: Lif, where: str
) -> LifPopulation:
    r_m = _number(cell.r_m, f"{where}: r_m of the target")
    if isinstance(source, ConstantCurrent):
        _refuse_changed(source, {"model", "targets", "amplitude"}, where)
        return replace(population, drive=population.drive + r_m * _number(source.amplitude, f"{where}.amplitude"))
    if source.density is None:
        raise NotCoveredError(f"{where}: noise that is not white")
    _refuse_changed(source, {"model", "targets", "mean", "density", "kind"}, where)
    noise = r_m * source.density.value / population.tau_m**0.5
    drive = population.drive + r_m * source.mean.value
    return replace(population, drive=drive, noise=(population.noise**2 + noise**2) ** 0.5)


def _entry(room: str, raw: Mapping[str, Any], where: str) -> Entry:
    try:
        return validate(entries(room)[raw[ROOMS[room]]], raw)
    except (KeyError, ValidationError):
        # Values in files are not read again: the theory has no use for values that differ from neuron to neuron.
        raise NotCoveredError(f"{where}: values from a file") from None


def _number(value: object, where: str) -> float:
    if not isinstance(value, Quantity):
        raise NotCoveredError(f"{where}: values that differ between neurons")
    return value.value


def _refuse_others(section: Mapping[str, Any], understood: set[str], where: str) -> None:
    for key, value in section.items():
        if key not in understood and value:
            raise NotCoveredError(f"'{key}' of {where}")


def _refuse_changed(entry: Entry, understood: set[str], where: str) -> None:
    """Refuse an entry that asks for something the theory does not look at."""
    for name, field in type(entry).model_fields.items():
        if name not in understood and getattr(entry, name) != field.get_default():
            raise NotCoveredError(f"'{name}' of {where}")
