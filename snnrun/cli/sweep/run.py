"""``snnrun sweep run``: a sweep on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import ExperimentFile, Parameters, Quiet, Settings, examples
from snnrun.cli.sweep.options import RESULTS, Jobs, Name, Results, Words, planned

if TYPE_CHECKING:
    from snnrun.results.sweep_table import SweepTable
    from snnrun.sweep.plan.planning import Planned

DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="Only show what make would run; nothing is written.")]

EXAMPLE = examples(
    "snnrun sweep run experiments/activity_states/activity_states.yaml g=3,5,7 eta=1,2 -j2",
)


def run(
    file: ExperimentFile,
    parameters: Parameters,
    settings: Settings,
    words: Words = None,
    jobs: Jobs = None,
    output: Results = RESULTS,
    name: Name = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Run the points of a sweep that are not done yet, on this machine.

    Plans the sweep, compiles what it needs, and lets make run one point on each processor. Ctrl-C stops it; the same
    command goes on where it was.
    """
    from snnrun.sweep.run.local import run_sweep
    from snnrun.sweep.run.making import is_dry_run, show_commands
    from snnrun.sweep.upkeep.replacing import refuse_to_replace

    def plan() -> Planned:
        return planned(file, words, parameters, settings, output, name)

    def plan_to_run() -> Planned:
        made = plan()
        refuse_to_replace(made)
        return made

    if dry_run or is_dry_run():
        show_commands(plan())
        return
    made, table, figures = run_sweep(plan_to_run, jobs, console.listener(quiet))
    if not quiet:
        _show(made, table, figures)


def _show(made: Planned, table: SweepTable, figures: Sequence[Path]) -> None:
    from snnrun.sweep.plan.search import best_of

    best = best_of(made.plan, table)
    if best is not None:
        console.say(f"Best:    {best}")
        if made.remark is not None:
            console.remark(f"note: {made.remark}")
    n_done = int((table.status == "done").sum())
    done = console.counted(n_done, "point") if n_done == len(table) else f"{n_done} of {len(table)} points done"
    console.say(f"Table:   {console.shown(made.folder.csv_file)}, {done}")
    for figure in figures:
        console.say(f"Figure:  {console.shown(figure)}")
