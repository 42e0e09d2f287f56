"""``snnrun sweep submit``: a sweep on a cluster with SLURM."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import ExperimentFile, Parameters, Quiet, Settings, examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Words, planned

if TYPE_CHECKING:
    from snnrun.sweep.plan.planning import Planned
    from snnrun.sweep.slurm.chunks import Chunked
    from snnrun.sweep.slurm.record import Record

SiteFile = Annotated[
    Path | None,
    typer.Option(
        "--site",
        metavar="FILE",
        help="Partition, account, memory, modules …; else the file that $SNNRUN_SLURM names, else "
        "~/.config/snnrun/slurm.yaml.",
    ),
]
Tasks = Annotated[int | None, typer.Option(metavar="N", min=1, help="Divide the points into at least N tasks.")]
PointTime = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="How long a point takes, such as '30 s'; else it is measured."),
]
DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="Write the scripts, and submit nothing.")]
Rewrite = Annotated[bool, typer.Option("--rewrite", help="Write scripts anew that you have edited.")]
Force = Annotated[bool, typer.Option("--force", help="Do not ask SLURM whether jobs of this sweep are left.")]
NextRound = Annotated[
    bool,
    typer.Option(
        "--next-round",
        help="Submit the next round of a search if all points so far are done or have failed. The job that collects "
        "calls this.",
    ),
]

EXAMPLE = examples(
    "snnrun sweep submit experiments/activity_states/activity_states.yaml g=3:8:11 eta=0.9,1,2 seeds=5",
)


def show_example(wanted: bool) -> None:
    """Print the example of a site file."""
    if wanted:
        from snnrun.sweep.slurm.site import EXAMPLE as SITE

        console.say(SITE.rstrip())
        raise typer.Exit


SiteExample = Annotated[
    bool,
    typer.Option(
        "--site-example", callback=show_example, is_eager=True, help="Print an example of a site file and exit."
    ),
]


def submit(
    file: ExperimentFile,
    parameters: Parameters,
    settings: Settings,
    words: Words = None,
    output: Results = RESULTS,
    name: Name = None,
    site: SiteFile = None,
    tasks: Tasks = None,
    point_time: PointTime = None,
    dry_run: DryRun = False,
    rewrite: Rewrite = False,
    force: Force = False,
    next_round: NextRound = False,
    quiet: Quiet = False,
    site_example: SiteExample = False,
) -> None:
    """Run the points that are not done yet, on a cluster with SLURM.

    Plans the sweep, compiles what it needs, writes batch scripts into the folder of the sweep and submits them: array
    tasks that compute some points each, and a job that collects when they are over. You can log out. Programs are
    compiled for x86-64-v3 unless you name another simulation.arch, so that every node gives the same bits.

    Of a search one round is submitted, and the job that collects it submits the next. Where nodes may not submit, or
    points are missing, the log of that job says so; submit again, and the search goes on.
    """
    from snnrun.sweep.slurm.launch import Order, launch
    from snnrun.sweep.slurm.targets import shared_arch

    def plan() -> Planned:
        return planned(file, words, parameters, settings, output, name, defaults=shared_arch())

    order = Order(file, name, site, tasks, point_time, dry_run, rewrite, force, next_round)
    found = launch(plan, order, console.listener(quiet))
    if found is None:
        console.say("This job has submitted the next round before.")
        return
    for script in found.kept:
        console.remark(f"note: {console.shown(script)} is as you have edited it; --rewrite writes it anew")
    if found.division is None:
        _show_end(found.planned)
    elif found.record is None:
        console.say(f"Nothing is submitted. The scripts: {console.shown(found.planned.folder.slurm)}")
    elif not quiet:
        _show(found.planned, found.record, found.division)


def _show_end(made: Planned) -> None:
    """Nothing is left to be computed."""
    from snnrun.sweep.plan.search import best_of
    from snnrun.sweep.table.collect import current_table

    number = console.counted(len(made.plan.points), "point")
    console.say(f"The search is over after {number}." if made.plan.shares else f"All {number} are done.")
    best = best_of(made.plan, current_table(made.plan, made.folder)) if made.plan.shares else None
    if best is not None:
        console.say(f"Best:    {best}")
        if made.remark is not None:
            console.remark(f"note: {made.remark}")
    console.say(f"Table:   snnrun sweep collect {console.typed(made.folder.path)}")


def _show(made: Planned, record: Record, division: Chunked) -> None:
    folder = console.typed(made.folder.path)
    points, tasks = console.counted(record.points, "point"), console.counted(sum(record.arrays.values()), "task")
    longest = console.in_time(division.seconds)
    console.say(f"Submitted {points} in {tasks} of about {longest}: jobs {', '.join(record.jobs)}")
    console.say(f"Scripts and logs: {console.shown(made.folder.slurm)}")
    console.say(f"Watch:   snnrun sweep status {folder} --watch")
    console.say(f"End:     snnrun sweep cancel {folder}")
    if made.plan.shares:
        console.say("You can log out: when all tasks are over, the next round of the search is submitted.")
    else:
        console.say("You can log out: the table and the figures are made when all tasks are over.")
