"""What a cluster wants to be told: partition, account, memory, modules, in one small file."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from snnrun.entry import Strict
from snnrun.spec.messages import problem_of
from snnrun.spec.reader import read_document
from snnrun.spec.report import spec_error
from snnrun.sweep.slurm.durations import read_duration

SITE_VARIABLE: Final = "SNNRUN_SLURM"
EXAMPLE: Final = """\
# What the cluster wants to be told. Every line may be left out.
partition: compute
account: my_group
qos: normal
memory: 4G              # of one task
cpus: 4                 # of one task: so many points are computed at a time
time: 2 h               # after which SLURM ends a task; else twice what its points are expected to take
chunk: 15 min           # how long one task should take
tasks: 20               # at least so many tasks, however short
setup:                  # commands of the shell before anything else
  - module load gcc/13 python/3.12
options:                # any others of sbatch
  - --constraint=rome
"""

Duration = Annotated[float, BeforeValidator(read_duration)]


def _word(text: str) -> str:
    if not text.isprintable() or shlex.quote(text) != text:
        raise ValueError(f"{text!r} is not one word of letters, digits and signs such as '-', '_', ',', ':' and '/'.")
    return text


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"{text!r} is not one line.")
    return text


Word = Annotated[str, AfterValidator(_word)]
Line = Annotated[str, AfterValidator(_line)]


class Site(Strict):
    """The section that a site file is."""

    partition: Word | None = None
    """Where the tasks run."""
    account: Word | None = None
    """Who pays."""
    qos: Word | None = None
    """Quality of service."""
    memory: Word | None = None
    """Memory of one task, as sbatch takes it."""
    cpus: Annotated[int, Field(ge=1)] = 1
    """Processors of one task: so many points are computed at a time."""
    time: Duration | None = None
    """Seconds after which SLURM ends a task; None for twice what its points are expected to take."""
    chunk: Duration = 900.0
    """Seconds that one task should take."""
    tasks: Annotated[int, Field(ge=1)] | None = None
    """At least so many tasks, as long as there are as many points; None for what the work is worth."""
    setup: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    """Commands of the shell before anything else."""
    options: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    """Further options of sbatch."""


def site_file() -> Path:
    """Where the settings of the site lie if nobody names another file."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "snnrun" / "slurm.yaml"


def chosen_file(named: Path | None = None) -> Path | None:
    """The named file; else the one that ``$SNNRUN_SLURM`` names, else the user's if it is there."""
    if chosen := named or os.environ.get(SITE_VARIABLE):
        return Path(chosen)
    return site_file() if site_file().exists() else None


def read_site(named: Path | None = None) -> Site:
    """The settings of the site, from the file that is chosen.

    Raises
    ------
    SpecError
        With every problem that was found.
    """
    file = chosen_file(named)
    if file is None:
        return Site()
    document = read_document(file)
    try:
        return Site.model_validate(document.data)
    except ValidationError as error:
        raise spec_error([problem_of(detail, Site, document) for detail in error.errors()], document) from None
