"""From a file to a checked experiment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from snnrun.network.checks import check
from snnrun.network.phases import stages
from snnrun.results.recording import Recording
from snnrun.spec.document import Document
from snnrun.spec.draft import draft
from snnrun.spec.experiment import Experiment
from snnrun.spec.overrides import apply_overrides
from snnrun.spec.reader import parse_document, read_document
from snnrun.spec.report import spec_error


def load(
    path: Path | str, parameters: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
) -> Experiment:
    """Read and check an experiment file.

    Parameters
    ----------
    parameters
        New values of the experiment's parameters, as ``-p`` gives them: ``{"g": 4.5}``.
    settings
        New values of anything else, by dotted path, as ``--set`` gives them: ``{"simulation.duration": "5 s"}``.

    Raises
    ------
    SpecError
        With every problem that was found.
    """
    path = Path(path)
    return load_document(read_document(path), path.parent, name_of(path), parameters, settings)


def loads(
    text: str,
    folder: Path | None = None,
    parameters: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Experiment:
    """As `load`, from the text of an experiment; ``folder`` holds its data files."""
    return load_document(parse_document(text, "experiment"), folder, "experiment", parameters, settings)


def restored(recording: Recording, folder: Path | None = None) -> Experiment:
    """The experiment behind a recording, checked as any other: the recording may come from somebody else.

    Parameters
    ----------
    folder
        Holds the data files of the experiment, if it has any.

    Raises
    ------
    SpecError
        With every problem that was found.
    """
    document = Document(dict(recording.spec_resolved), name="the experiment stored in the recording")
    return load_document(document, folder, "experiment")


def load_document(
    document: Document,
    folder: Path | None,
    name: str,
    parameters: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Experiment:
    """As `load`, from what the reader made of a file.

    Parameters
    ----------
    name
        Name of the experiment.
    """
    document = apply_overrides(document, parameters or {}, settings or {})
    drafted = draft(document, folder)
    problems = [*drafted.problems, *check(drafted)]
    if problems or drafted.experiment is None:
        raise spec_error(problems, document)
    experiment = drafted.experiment
    experiment._stages, problems = stages(experiment, document, folder)
    if problems:
        raise spec_error(problems, document)
    experiment._yaml, experiment._name = document.text, name
    return experiment


def name_of(path: Path) -> str:
    """The name of the experiment in a file, in characters that are safe in a path: ``my net.yaml`` is ``my_net``."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", path.stem).lstrip(".") or "experiment"
