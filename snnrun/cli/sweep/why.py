"""``snnrun sweep why``: one point of a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Target

if TYPE_CHECKING:
    from snnrun.sweep.files.folder import SweepFolder
    from snnrun.sweep.tell.why import Why

EXAMPLE = examples(
    "snnrun sweep why results/activity_states/sweep g=5 eta=2 replicate=0",
    "snnrun sweep why results/activity_states/sweep 3f2a91",
)

PointWords = Annotated[
    list[str],
    typer.Argument(
        metavar="POINT",
        help="The begin of its id, or values that only it has: g=5 eta=2 replicate=0.",
        show_default=False,
    ),
]


def why(target: Target, point: PointWords, output: Results = RESULTS, name: Name = None, as_json: Json = False) -> None:
    """Show one point: how it stands, and why.

    Also where its files are, what differs from the nearest point that is done, and how to run it alone.
    """
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.table.finding import find_point
    from snnrun.sweep.tell.why import why as explain

    folder = find_sweep(target, output, name)
    plan = read_plan(folder)
    found = explain(plan, folder, find_point(plan, point), target)
    if as_json:
        console.show_json({**_plain(found), "will_run": found.status in ("failed", "missing")})
    else:
        _show(found, folder)


def _plain(found: Why) -> dict[str, Any]:
    return {
        "point": found.point.id,
        "run_id": found.point.run_id,
        "values": found.values,
        "replicate": found.point.replicate,
        "seed": found.point.seed,
        "status": found.status,
        "message": found.message,
        "worker": found.worker,
        "files": found.files,
        "nearest": found.nearest.id if found.nearest else None,
        "differences": found.differences,
        "command": found.command,
        "is_same_run": found.is_same_run,
    }


def _show(found: Why, folder: SweepFolder) -> None:
    from snnrun.sweep.table.columns import as_text

    point = found.point
    console.heading(f"Point {point.id}: {found.status}")
    facts = {axis: as_text(value) for axis, value in found.values.items()}
    facts |= {"replicate": str(point.replicate), "seed": str(point.seed)}
    width = max(map(len, (*facts, *found.files)))
    for name, fact in facts.items():
        console.say(f"  {name:{width}}  {fact}")
    console.say()
    console.say(_reason(found, folder))
    if found.files:
        console.say()
        for name, path in found.files.items():
            console.say(f"  {name:{width}}  {console.shown(path)}")
    console.say()
    console.say(_nearest(found))
    console.say()
    console.say("Run it alone:" if found.command else "Its experiment file is no longer where it was planned.")
    if found.command:
        console.say(f"  {found.command}")
    if found.command and not found.is_same_run:
        console.say("  This gives another run: the file has changed since. Plan the sweep again: snnrun sweep plan")


def _reason(found: Why, folder: SweepFolder) -> str:
    at = ""
    if found.worker and found.worker.host:
        at = f" on {found.worker.host}, process {found.worker.pid}"
    match found.status:
        case "done":
            return "It is done, and will not run again."
        case "running":  # its worker may be done between two looks
            since = f", for {console.in_time(found.worker.seconds)}" if at and found.worker else ""
            return f"It is running{at}{since}."
        case "failed":
            again = f"Run what failed again: snnrun sweep retry {console.typed(folder.path)}"
            return f"It failed:\n{_indented(found.message)}\n{again}"
    begun = f"Its last worker{at} was killed. " if found.worker else "It has not been tried yet. "
    return f"{begun}The next run of the sweep computes it."


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _nearest(found: Why) -> str:
    from snnrun.sweep.table.columns import as_text

    if found.nearest is None:
        return "No other point is done."
    differences = ", ".join(
        f"{one.axis} = {as_text(one.there)} (here {as_text(one.here)})" for one in found.differences
    )
    return f"The nearest point that is done, {found.nearest.id[:8]}, has {differences}."
