"""Who is who among the points of a sweep."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from snnrun.network.loading import load_document
from snnrun.network.seeds import derived_seed
from snnrun.spec.document import Document
from snnrun.spec.overrides import PARAMETERS
from snnrun.spec.sweep import Keep, Raw
from snnrun.sweep.points import point_id

SEED = "simulation.seed"


@dataclass(frozen=True, slots=True)
class Identity:
    """The names of a point, and its seed."""

    id: str
    run_id: str
    replicate: int
    seed: int


class Identities:
    """The identities of the points of one sweep."""

    def __init__(
        self,
        document: Document,
        folder: Path | None,
        axes: Sequence[str],
        keep: Keep,
        seeds: int | Sequence[int] | None,
    ) -> None:
        self._document = document
        self._folder = folder
        self._parameters = frozenset(axes) & document.data.get(PARAMETERS, {}).keys()
        self._keep: Keep = keep
        self._seeds = seeds

    def points(self, values: Mapping[str, Raw]) -> list[Identity]:
        """The points at these values of the axes, one for each replicate."""
        parameters = {axis: value for axis, value in values.items() if axis in self._parameters}
        settings = {axis: value for axis, value in values.items() if axis not in self._parameters}
        experiment = load_document(self._document, self._folder, "experiment", parameters, settings)
        resolved = experiment.resolved()
        unseeded = {**resolved, "simulation": {k: v for k, v in resolved["simulation"].items() if k != "seed"}}
        digest = hashlib.sha256(json.dumps(unseeded, sort_keys=True).encode()).hexdigest()
        found = []
        for replicate, seed in enumerate(self._seeds_of(experiment.simulation.seed, digest)):
            seeded = load_document(self._document, self._folder, "experiment", parameters, {**settings, SEED: seed})
            run_id = seeded.run_id
            found.append(Identity(point_id(run_id, resolved.get("analysis"), self._keep), run_id, replicate, seed))
        return found

    def _seeds_of(self, seed: int, digest: str) -> Iterator[int]:
        if self._seeds is None:
            yield seed
        elif isinstance(self._seeds, int):
            for replicate in range(self._seeds):
                yield derived_seed(seed, digest, str(replicate), bits=32)
        else:
            yield from self._seeds
