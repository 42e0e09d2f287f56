"""``snnrun sweep gc``: what a sweep does not need."""

from __future__ import annotations

from typing import Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Target

EXAMPLE = examples("snnrun sweep gc results/activity_states/sweep --dry-run")

DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="Only show what would be removed.")]


def gc(
    target: Target, dry_run: DryRun = False, output: Results = RESULTS, name: Name = None, as_json: Json = False
) -> None:
    """Remove what the plan of a sweep does not need.

    That is results of points that are no longer in the plan, failures of points that are done, and what killed workers
    have left. Nothing is touched that a worker needs, and no run outside the folder of the sweep.
    """
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.upkeep.cleaning import remove, rubbish

    folder = find_sweep(target, output, name)
    found = rubbish(read_plan(folder), folder)
    removed = found if dry_run else remove(folder, found)
    if as_json:
        console.show_json({"removed": not dry_run, "files": [vars(one) for one in removed]})
        return
    for kind in dict.fromkeys(one.kind for one in removed):
        sizes = [one.size for one in removed if one.kind == kind]
        console.say(f"{len(sizes):6}  {kind}, {console.in_bytes(sum(sizes))}")
    if not removed:
        console.say("Nothing is there that the plan does not need.")
    else:
        console.say(f"{console.in_bytes(sum(one.size for one in removed))} {'to be freed' if dry_run else 'freed'}")
