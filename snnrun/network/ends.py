"""The populations of a projection as connectivity rules see them."""

from __future__ import annotations

from collections.abc import Mapping

from snnrun.connectivity.base import Ends, Neurons
from snnrun.network.seeds import stream
from snnrun.spec.sections import PopulationSection


def neurons_of(name: str, section: PopulationSection, seed: int) -> Neurons:
    """Where the neurons of a population are and what they are called.

    Parameters
    ----------
    seed
        Master seed, from which positions at random are drawn.
    """
    labels = section.labels.names if section.labels is not None else None
    if section.positions is None:
        return Neurons(labels=labels)
    positions = section.positions.place(section.size, stream(seed, "positions", name))
    return Neurons(positions, section.positions.space(section.size), labels)


def ends_of(populations: Mapping[str, PopulationSection], source: str, target: str, seed: int) -> Ends:
    """What a projection from one population to another connects."""
    senders = neurons_of(source, populations[source], seed)
    receivers = senders if source == target else neurons_of(target, populations[target], seed)
    return Ends(populations[source].size, populations[target].size, source == target, senders, receivers)
