"""``snnrun sweep collect``: one table of all points."""

from __future__ import annotations

from snnrun.cli import console
from snnrun.cli.options import Json, Quiet, examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Target

EXAMPLE = examples("snnrun sweep collect results/activity_states/sweep")


def collect(
    target: Target, output: Results = RESULTS, name: Name = None, quiet: Quiet = False, as_json: Json = False
) -> None:
    """Gather all results in one table, and draw them.

    The table is written as sweep.h5 and as sweep.csv. `snnrun sweep run` does it at its end; a half-done sweep can be
    collected at any time.
    """
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.plan.search import best_of
    from snnrun.sweep.table.collect import collect_and_draw

    folder = find_sweep(target, output, name)
    plan = read_plan(folder)
    table, figures = collect_and_draw(plan, folder, console.listener(quiet))
    n_done = int((table.status == "done").sum())
    if as_json:
        files = {"table": folder.table_file, "csv": folder.csv_file, "figures": figures}
        console.show_json({"points": len(table), "done": n_done, **files})
    elif not quiet:
        best = best_of(plan, table)
        if best is not None:
            console.say(f"Best:    {best}")
        console.say(f"Table:   {console.shown(folder.csv_file)}, {n_done} of {len(table)} points done")
        for figure in figures:
            console.say(f"Figure:  {console.shown(figure)}")
