"""``snnrun sweep build``: the programs of a sweep."""

from __future__ import annotations

from snnrun.cli import console
from snnrun.cli.options import Quiet, examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Target

EXAMPLE = examples("snnrun sweep build results/activity_states/sweep")


def build(target: Target, output: Results = RESULTS, name: Name = None, quiet: Quiet = False) -> None:
    """Compile the programs that a planned sweep needs.

    `snnrun sweep run` does it by itself; this is for those who run the makefile of the sweep on other machines.
    """
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.run.building import build_programs

    plan = read_plan(find_sweep(target, output, name))
    built = build_programs(plan, plan.points, console.listener(quiet))
    for error in built.errors.values():
        raise error
    if not quiet:
        console.say(f"{console.counted(len(plan.builds), 'program')}, {built.fresh} compiled now")
