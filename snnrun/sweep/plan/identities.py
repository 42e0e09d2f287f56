"""Who is who among the points of a sweep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from snnrun.network.seeds import derived_seed
from snnrun.spec.document import Document
from snnrun.spec.experiment import json_mapping, json_text, run_id_of
from snnrun.spec.overrides import PARAMETERS, override_data
from snnrun.spec.sweep import Keep, Raw
from snnrun.sweep.files.points import point_id
from snnrun.sweep.plan.resolver import Resolver

SEED: Final = "simulation.seed"
# Enough that no two of many replicates share a seed, and exact in the double through which a seed is read.
_SEED_BITS: Final = 48


@dataclass(frozen=True, slots=True)
class Identity:
    """The names of a point, and its seed; see `snnrun.sweep.files.points.Point`."""

    id: str
    run_id: str
    replicate: int
    seed: int


class Identities:
    """The identities of the points of one sweep: those that loading each of them would give.

    Loading takes 10 ms, which nobody waits for at 20 000 points. So points are only resolved, and what they have in
    common is resolved once. A point that cannot be resolved, because it is no experiment, is named after what is
    written; what is wrong with it is said when it is loaded.

    Parameters
    ----------
    document
        The experiment, without its sweep and with what all points change.
    folder
        Holds its data files.
    axes
        Names of parameters, or dotted paths.
    seeds
        How many replicates each point has, or their seeds; None for one with the seed of the file.
    """

    def __init__(
        self,
        document: Document,
        folder: Path | None,
        axes: Sequence[str],
        keep: Keep,
        seeds: int | Sequence[int] | None,
    ) -> None:
        self._data = document.data
        self._parameters = parameter_axes(document, axes)
        self._resolver = Resolver(document.data, folder)
        self._keep: Keep = keep
        self._seeds = seeds

    def points(self, values: Mapping[str, Raw]) -> list[Identity]:
        """The points at these values of the axes, one for each replicate, by replicate.

        Neither other points nor the order in which they are asked for matter.
        """
        data, dead_ends = override_data(self._data, *split(values, self._parameters))
        resolved = None if dead_ends else self._resolver.resolve(data)
        if resolved is None:
            return self._unreadable(values)
        analysis = resolved.plain.get("analysis")
        simulation = resolved.plain["simulation"]
        texts = {key: text for key, text in resolved.texts.items() if key not in {"analysis", "simulation"}}
        unseeded = json_text({key: value for key, value in simulation.items() if key != "seed"})
        found = []
        for replicate, seed in self._replicates(simulation["seed"], {**texts, "simulation": unseeded}):
            run_id = run_id_of({**texts, "simulation": json_text({**simulation, "seed": seed})})
            found.append(Identity(point_id(run_id, analysis, self._keep), run_id, replicate, seed))
        return found

    def _unreadable(self, values: Mapping[str, Raw]) -> list[Identity]:
        texts = {"data": json_text(self._data), "values": json_text(values)}
        found = []
        for replicate, seed in self._replicates(0, texts):
            run_id = run_id_of({**texts, "seed": json_text(seed)})
            found.append(Identity(point_id(run_id, None, self._keep), run_id, replicate, seed))
        return found

    def _replicates(self, seed: int, texts: Mapping[str, str]) -> Iterable[tuple[int, int]]:
        """Number and seed of each."""
        if self._seeds is None:
            return [(0, seed)]
        if not isinstance(self._seeds, int):
            return enumerate(self._seeds)
        digest = hashlib.sha256(json_mapping(texts).encode()).hexdigest()
        return ((n, derived_seed(seed, digest, str(n), bits=_SEED_BITS)) for n in range(self._seeds))


def parameter_axes(document: Document, axes: Iterable[str]) -> frozenset[str]:
    """Those of the axes that are parameters; the others are dotted paths."""
    known = document.data.get(PARAMETERS)
    return frozenset(axes) & known.keys() if isinstance(known, dict) else frozenset()


def split(values: Mapping[str, Raw], parameters: frozenset[str]) -> Iterator[dict[str, Any]]:
    """New values of parameters, and those at dotted paths, as `apply_overrides` takes them."""
    yield {axis: value for axis, value in values.items() if axis in parameters}
    yield {axis: value for axis, value in values.items() if axis not in parameters}
