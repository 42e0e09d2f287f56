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
    from snnrun.sweep.slurm.chunks import Limits
    from snnrun.sweep.slurm.record import Record
    from snnrun.sweep.slurm.site import Site
    from snnrun.sweep.slurm.submission import Chunked

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
    quiet: Quiet = False,
    site_example: SiteExample = False,
) -> None:
    """Run the points that are not done yet, on a cluster with SLURM.

    Plans the sweep, compiles what it needs, writes batch scripts into the folder of the sweep and submits them: array
    tasks that compute some points each, and a job that collects when they are over. You can log out. Programs are
    compiled for x86-64-v3 unless you name another simulation.arch, so that every node gives the same bits.
    """
    from snnrun.sweep.slurm.chunks import limits
    from snnrun.sweep.slurm.submission import refuse_twice, submit_chunks, write_scripts
    from snnrun.sweep.slurm.targets import shared_arch

    chosen = _site(site, tasks)
    made = planned(file, words, parameters, settings, output, name, defaults=shared_arch())
    if not force:
        refuse_twice(made.folder)
    accepted = limits()  # before anything that takes long
    made.write()
    division = _divided(made, chosen, accepted, point_time, quiet)
    if division is None:
        table = f"snnrun sweep collect {console.typed(made.folder.path)}"
        console.say(f"All {len(made.plan.points)} points are done; their table: {table}")
        return
    for script in write_scripts(made.folder, chosen, division.time, rewrite=rewrite):
        console.remark(f"note: {console.shown(script)} is as you have edited it; --rewrite writes it anew")
    if dry_run:
        console.say(f"Nothing is submitted. The scripts: {console.shown(made.folder.slurm)}")
        return
    record = submit_chunks(made.folder, division)
    if not quiet:
        _show(made, record, division)


def _site(file: Path | None, tasks: int | None) -> Site:
    from snnrun.sweep.slurm.site import read_site

    site = read_site(file)
    return site if tasks is None else site.model_copy(update={"tasks": tasks})


def _divided(made: Planned, site: Site, accepted: Limits, point_time: str | None, quiet: bool) -> Chunked | None:
    """The missing points in tasks; None when none is missing, be it that the last one was run to time it."""
    from snnrun.errors import UserError
    from snnrun.sweep.slurm.durations import read_duration
    from snnrun.sweep.slurm.submission import chunked
    from snnrun.sweep.slurm.timing import prepare

    try:
        given = None if point_time is None else read_duration(point_time)
    except ValueError as error:
        raise UserError(f"--point-time {error}") from None
    missing = _missing(made)
    if missing:
        seconds = prepare(made, missing, given, console.listener(quiet))
        missing = _missing(made)
    return chunked(missing, seconds, site, accepted) if missing else None


def _missing(made: Planned) -> list[str]:
    done = made.folder.scan().done
    return [point.id for point in made.plan.points if point.id not in done]


def _show(made: Planned, record: Record, division: Chunked) -> None:
    folder = console.typed(made.folder.path)
    tasks = sum(record.arrays.values())
    longest = console.in_time(division.seconds)
    console.say(f"Submitted {record.points} points in {tasks} tasks of about {longest}: jobs {', '.join(record.ids)}")
    console.say(f"Scripts and logs: {console.shown(made.folder.slurm)}")
    console.say(f"Watch:   snnrun sweep status {folder} --watch")
    console.say(f"End:     snnrun sweep cancel {folder}")
    console.say("You can log out: the table and the figures are made when all tasks are over.")
