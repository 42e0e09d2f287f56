"""``snnrun simulate``: run an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from snnrun.cli import console, outcome
from snnrun.cli.options import ExperimentFile, Json, NoFigures, Parameters, Quiet, Settings, examples, load_experiment

OutputFolder = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of all results.")]
Force = Annotated[bool, typer.Option("--force", help="Simulate again what has been simulated.")]

EXAMPLE = examples(
    "snnrun simulate experiments/brunel_2000/ai.yaml -p g=4.5 --set simulation.duration='1 s'",
)


def simulate(
    file: ExperimentFile,
    parameters: Parameters,
    settings: Settings,
    output: OutputFolder = Path("results"),
    no_figures: NoFigures = False,
    force: Force = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Simulate an experiment, measure it and draw it.

    The network is compiled to a program, once for each structure. The run goes to a folder below DIR that is named
    after the experiment and its values.
    """
    experiment = load_experiment(file, parameters, settings)
    from snnrun.workflow import run

    results = run(experiment, output, figures=not no_figures, force=force, listener=console.listener(quiet))
    if as_json:
        console.show_json({**outcome.as_plain(results), "warnings": results.recording.warnings})
    elif not quiet:
        outcome.show(results)
