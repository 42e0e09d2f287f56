"""A part of a population: the neurons that an input reaches, or that are recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag

from snnrun.errors import suggestion
from snnrun.quantities import PositiveCount


def _kind(raw: Any) -> str:
    if not isinstance(raw, list | tuple):
        return "count"
    return "labels" if raw and isinstance(raw[0], str) else "numbers"


# The first so many neurons, or those with these numbers, or those with these labels.
Part = int | tuple[int, ...] | tuple[str, ...]
PartField = Annotated[
    Annotated[PositiveCount, Tag("count")]
    | Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(strict=False), Tag("numbers")]
    | Annotated[tuple[str, ...], Field(strict=False), Tag("labels")],
    Discriminator(_kind),
]


def part_problem(part: Part | None, n_neurons: int, labels: Sequence[str]) -> str | None:
    """Why a population has no such part; None if it has.

    Parameters
    ----------
    n_neurons, labels
        Of the population; no labels where its neurons have none.
    """
    if part is None:
        return None
    if isinstance(part, int):
        return None if part <= n_neurons else f"There are only {n_neurons} neurons, not {part}."
    if not part:
        return "No neurons are chosen: name some, or remove the key."
    twice = [item for item, number in Counter[int | str](part).items() if number > 1]
    if twice:
        return f"Neuron {twice[0]!r} is named twice. Remove one."
    for item in part:
        if isinstance(item, int) and item >= n_neurons:
            return f"There is no neuron {item}: they are 0 to {n_neurons - 1}."
        if isinstance(item, str) and not labels:
            return f"Neuron {item!r} cannot be found: the population has no 'labels'. Give it some, or use numbers."
        if isinstance(item, str) and item not in labels:
            return f"There is no neuron {item!r}. {suggestion(item, labels)}"
    return None


def chosen(part: Part | None, n_neurons: int, labels: Sequence[str]) -> NDArray[np.int32]:
    """The numbers of the neurons in a part of a population, in the order in which the part names them; None for all."""
    if part is None or isinstance(part, int):
        return np.arange(n_neurons if part is None else part, dtype=np.int32)
    number_of = {label: number for number, label in enumerate(labels)}
    return np.array([item if isinstance(item, int) else number_of[item] for item in part], dtype=np.int32)
