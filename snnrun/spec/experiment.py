"""One experiment: the whole file as a frozen object."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from snnrun.entry import Strict
from snnrun.figures.base import Figure
from snnrun.inputs.base import InputModel
from snnrun.metrics.base import Metric
from snnrun.quantities import AnyValue
from snnrun.registry import OneOf
from snnrun.spec.sections import (
    ID_DIGITS,
    VIEW,
    PhaseSection,
    PopulationSection,
    ProjectionSection,
    RecordSection,
    SimulationSection,
    SourceReference,
)
from snnrun.spec.sweep import SweepSection


def differences(one: Any, other: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """What stands elsewise in the other of two plain trees: path of keys → value there."""
    # Sections that are optional are not there when they say nothing; below, other keys make another entry.
    if isinstance(one, dict) and isinstance(other, dict) and (one.keys() == other.keys() or not path):
        below = [differences(one.get(key), other.get(key), (*path, key)) for key in {**one, **other}]
        return {place: value for found in below for place, value in found.items()}
    return {} if one == other else {path: other}


def resolved_phase(phase: PhaseSection, plain: dict[str, Any], stage: dict[str, Any]) -> dict[str, Any]:
    """A phase as it is stored: all that is other in its stage than in the experiment, both as plain data."""
    changed = differences(plain, stage)
    settings = {".".join(path): value for path, value in changed.items() if path[0] not in {"phases", *VIEW}}
    return {"start": str(phase.start), "set": settings}


def json_text(plain: Any) -> str:
    """Plain data as JSON: the same text for the same data."""
    return json.dumps(plain, sort_keys=True)


def json_mapping(texts: Mapping[str, str]) -> str:
    """What `json_text` gives for a mapping, from what it gives for each value."""
    return f"{{{', '.join([f'{_json_key(key)}: {texts[key]}' for key in sorted(texts)])}}}"


@cache
def _json_key(key: str) -> str:
    return json.dumps(key)


def run_id_of(sections: Mapping[str, str]) -> str:
    """Short name of a run, from the texts of the resolved sections that are simulated."""
    return hashlib.sha256(json_mapping(sections).encode()).hexdigest()[:ID_DIGITS]


class Experiment(Strict):
    """Everything that one file says, checked and with every value filled in."""

    snnrun: Literal[1]
    """Version of the file format."""
    title: str = ""
    """What the experiment shows; printed on figures."""
    references: Annotated[tuple[SourceReference, ...], Field(strict=False)] = ()
    """Papers behind the experiment."""
    parameters: dict[str, AnyValue] = {}
    """Named values that expressions use, and that `-p` changes."""
    populations: dict[str, PopulationSection] = Field(min_length=1)
    """The neurons."""
    projections: dict[str, ProjectionSection] = {}
    """The synapses between them."""
    inputs: dict[str, Annotated[InputModel, OneOf("inputs")]] = {}
    """What drives the network from outside."""
    simulation: SimulationSection
    """How it is run."""
    phases: dict[str, PhaseSection] = {}
    """Parts of the run in which some values differ."""
    record: RecordSection = RecordSection()
    """What is recorded."""
    analysis: Annotated[tuple[Annotated[Metric, OneOf("metrics")], ...], Field(strict=False)] | None = None
    """What is measured; by default the standard set."""
    figures: Annotated[tuple[Annotated[Figure, OneOf("figures")], ...], Field(strict=False)] | None = None
    """What is drawn; by default the standard set."""
    sweep: SweepSection | None = None
    """What varies from run to run in a sweep; a single run leaves it aside."""

    _stages: tuple[tuple[int, Experiment], ...] = PrivateAttr(default=())
    _yaml: str = PrivateAttr(default="")
    _name: str = PrivateAttr(default="experiment")

    @property
    def yaml(self) -> str:
        """The file as its author wrote it."""
        return self._yaml

    @property
    def name(self) -> str:
        """Name of the experiment: the folder and the file it came from."""
        return self._name

    @property
    def phases_in_time(self) -> tuple[tuple[str, PhaseSection], ...]:
        """The phases by name, in the order in which they start."""
        return tuple(sorted(self.phases.items(), key=lambda named: named[1].start.value))

    @property
    def timeline(self) -> tuple[tuple[int, Experiment], ...]:
        """The experiment as it is from the first step, and from the first step of each phase; by that step."""
        return ((0, self), *self._stages)

    @property
    def n_ticks(self) -> int:
        """Length of the run in time steps."""
        return round(self.simulation.duration.value / self.simulation.dt.value)

    @property
    def warmup_ticks(self) -> int:
        """Length of the warm-up in time steps."""
        return round(self.simulation.warmup.value / self.simulation.dt.value)

    def resolved(self) -> dict[str, Any]:
        """The experiment with every value written out, ready for JSON; reads back to an equal one without its sweep."""
        plain = self._plain()
        # A phase that changes a parameter changes all values in which it stands.
        for (name, phase), (_, stage) in zip(self.phases_in_time, self._stages, strict=False):
            plain["phases"][name] = resolved_phase(phase, plain, stage._plain())
        return plain

    def _plain(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"sweep"})

    @property
    def run_id(self) -> str:
        """Short name of the run that this experiment asks for: the same simulation has the same."""
        return run_id_of({key: json_text(value) for key, value in self.resolved().items() if key not in VIEW})
