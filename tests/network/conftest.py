"""A small experiment, and what is wrong with it after a change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snnrun.errors import SpecError
from snnrun.network.blueprint import Slot
from snnrun.network.construct import Construction
from snnrun.network.filling import Array, Block
from snnrun.network.loading import loads
from snnrun.spec.experiment import Experiment

SMALL = """
snnrun: 1
populations:
  exc: {size: 8, neuron: {model: lif}}
  inh: {size: 2, neuron: {model: lif}}
projections:
  drive:
    from: exc
    to: [inh]
    synapse: {model: exponential_current, weight: 10 pA, tau_syn: 5 ms}
    connectivity: {rule: all_to_all}
inputs: {}
simulation: {duration: 100 ms}
record: {spikes: [exc, inh], traces: {}}
"""


@pytest.fixture
def small() -> Callable[..., Experiment]:
    """The small experiment with other values, by dotted path; its data files lie in ``folder``."""

    def load(settings: dict[str, Any] | None = None, folder: Path | None = None) -> Experiment:
        return loads(SMALL, folder, settings=settings or {})

    return load


@pytest.fixture
def problems(small: Callable[..., Experiment]) -> Callable[..., list[str]]:
    """What is wrong with the small experiment after a change: ``key: message hint``."""

    def find(settings: dict[str, Any], folder: Path | None = None) -> list[str]:
        try:
            small(settings, folder)
        except SpecError as error:
            return list(map(str, error.problems))
        return []

    return find


@pytest.fixture
def problem(problems: Callable[..., list[str]]) -> Callable[..., str]:
    """The one thing that is wrong."""

    def find(settings: dict[str, Any], folder: Path | None = None) -> str:
        (found,) = problems(settings, folder)
        return found

    return find


@pytest.fixture
def contents() -> Callable[[Construction], dict[str, tuple[Array, ...]]]:
    """What a run is filled with, by slot: the blocks of a projection joined, as numbers of sources and targets."""

    def take(construction: Construction) -> dict[str, tuple[Array, ...]]:
        found: dict[str, tuple[Array, ...]] = {}
        pieces: dict[str, list[tuple[Array, ...]]] = {}
        for item in construction.fillings():
            if isinstance(item, Block):
                source_ids = np.repeat(np.arange(len(item.n_outgoing), dtype=np.int32), item.n_outgoing)
                pieces.setdefault(item.slot.name, []).append((source_ids, item.target_ids))
                for filling in item.values:
                    pieces.setdefault(filling.slot.name, []).append(filling.arrays)
            elif item.slot.kind != "synapses":
                found[item.slot.name] = item.arrays
        joined = {name: tuple(map(np.concatenate, zip(*parts, strict=True))) for name, parts in pieces.items()}
        return {slot.name: {**found, **joined}[slot.name] for slot in _filled_slots(construction)}

    return take


def _filled_slots(construction: Construction) -> list[Slot]:
    """The slots of the run, with none of the trial."""
    return [slot for slot in construction.composition.blueprint.slots if slot.kind not in ("initial", "events")]
