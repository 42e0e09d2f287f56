"""``snnrun sweep``: all its commands, in the order of the work."""

from __future__ import annotations

import typer

from snnrun.cli.options import examples
from snnrun.cli.sweep import build, cancel, collect, gc, plan, point, retry, run, status, submit, table, why

app = typer.Typer(
    help="Vary parameters: many runs, planned, run and seen as one.\n\nThey are run on this machine or on a cluster. "
    "The results are files, one for each: whatever is done is never done again, and whatever was interrupted goes on.",
    epilog=examples(
        "snnrun sweep run experiments/activity_states/activity_states.yaml g=3,5,7 eta=1,2",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command(epilog=plan.EXAMPLE)(plan.plan)
app.command(epilog=build.EXAMPLE)(build.build)
app.command(epilog=run.EXAMPLE)(run.run)
app.command(epilog=submit.EXAMPLE)(submit.submit)
app.command(epilog=cancel.EXAMPLE)(cancel.cancel)
app.command(epilog=status.EXAMPLE)(status.status)
app.command(epilog=table.EXAMPLE)(table.table)
app.command(epilog=why.EXAMPLE)(why.why)
app.command(epilog=retry.EXAMPLE)(retry.retry)
app.command(epilog=collect.EXAMPLE)(collect.collect)
app.command(epilog=gc.EXAMPLE)(gc.gc)
app.command(epilog=point.EXAMPLE)(point.point)
