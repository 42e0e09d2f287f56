"""Arguments and options that the commands about sweeps share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from snnrun.cli.options import assignments

if TYPE_CHECKING:
    from snnrun.sweep.plan.planning import Planned

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="AXIS=VALUES",
        show_default=False,
        help="What varies: g=3:8:11 (eleven even steps), eta=0.9,1,2 (a list), rate='log:1 Hz:100 Hz:5'; seeds=5, "
        "design=sobol points=64, keep=full. Without any: the sweep of the file, or what was planned before.",
    ),
]
Target = Annotated[
    Path, typer.Argument(metavar="TARGET", help="The experiment file, or the folder of a sweep.", show_default=False)
]
Results = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of all results.")]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Name of the sweep, if the experiment has several.")
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "-j", "--jobs", metavar="N", min=1, help="How many points are computed at a time; else one on each processor."
    ),
]

RESULTS = Path("results")


def planned(
    file: Path,
    words: Sequence[str] | None,
    parameters: Sequence[str],
    settings: Sequence[str],
    output: Path,
    name: str | None,
    defaults: Mapping[str, Any] = {},
) -> Planned:
    """The plan that the arguments of a command ask for; nothing is written.

    Parameters
    ----------
    defaults
        Settings where neither the file nor the user says anything.

    Raises
    ------
    UserError
        If there is nothing to vary, or a point is no valid experiment.
    """
    from snnrun.errors import UserError
    from snnrun.sweep.plan.planning import plan_sweep

    if "=" in file.name and not file.exists():
        raise UserError(f"{file}: the experiment file comes first, as in: snnrun sweep plan FILE g=3:8:11")
    return plan_sweep(
        file,
        words or (),
        parameters=assignments(parameters, "-p"),
        settings=assignments(settings, "--set"),
        output=output,
        name=name,
        defaults=defaults,
    )
