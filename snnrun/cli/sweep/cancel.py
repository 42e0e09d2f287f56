"""``snnrun sweep cancel``: end the jobs of a sweep."""

from __future__ import annotations

from snnrun.cli import console
from snnrun.cli.options import examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Target

EXAMPLE = examples("snnrun sweep cancel results/activity_states/sweep")


def cancel(target: Target, output: Results = RESULTS, name: Name = None) -> None:
    """End the SLURM jobs of a sweep; the points that are done stay.

    A sweep that runs on this machine is ended by Ctrl-C.
    """
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.slurm.cancel import cancel_jobs

    folder = find_sweep(target, output, name)
    found = cancel_jobs(folder)
    plan = read_plan(folder)
    done = sum(point.id in folder.scan().done for point in plan.points)
    if found.over:
        console.say("No jobs of this sweep were left.")
    else:
        console.say(f"Ended: {found.running} running and {found.pending} waiting tasks of jobs {', '.join(found.ids)}.")
    console.say(f"{done} of {len(plan.points)} points are done; the rest: snnrun sweep submit, or snnrun sweep run")
