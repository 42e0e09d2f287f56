"""``snnrun simulate``: run an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from snnrun.cli import console, outcome
from snnrun.cli.options import (
    ExperimentFile,
    Json,
    NoFigures,
    Parameters,
    Quiet,
    Settings,
    Threads,
    examples,
    load_experiment,
)

OutputFolder = Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Folder of all results.")]
Force = Annotated[bool, typer.Option("--force", help="Simulate again what has been simulated.")]
Engine = Annotated[
    str | None,
    typer.Option(metavar="ENGINE", help="'fast' or 'reference'; short for --set simulation.engine=ENGINE."),
]

EXAMPLE = examples(
    "snnrun simulate experiments/brunel_2000/ai.yaml -p g=4.5 --set simulation.duration='1 s'",
)


def simulate(
    file: ExperimentFile,
    parameters: Parameters,
    settings: Settings,
    engine: Engine = None,
    threads: Threads = 1,
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
    chosen = [] if engine is None else [f"simulation.engine={engine}"]
    experiment = load_experiment(file, parameters, [*settings, *chosen])
    from snnrun.workflow import run

    listener = console.listener(quiet)
    results = run(experiment, output, figures=not no_figures, force=force, threads=threads, listener=listener)
    if as_json:
        console.show_json({**outcome.as_plain(results), "warnings": results.recording.warnings})
    elif not quiet:
        outcome.show(results)
