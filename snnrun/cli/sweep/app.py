"""``snnrun sweep``: all its commands, in the order of the work."""

from __future__ import annotations

import typer

from snnrun.cli.options import examples
from snnrun.cli.sweep import build, plan, point, run

app = typer.Typer(
    help="Vary parameters: plan many points, run them here or on a cluster, see what came of them.\n\nThe results are "
    "files, one for each point: whatever is done is never done again, and whatever was interrupted goes on.",
    epilog=examples(
        "snnrun sweep run experiments/activity_states/activity_states.yaml g=3,5,7 eta=1,2",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command(epilog=plan.EXAMPLE)(plan.plan)
app.command(epilog=build.EXAMPLE)(build.build)
app.command(epilog=run.EXAMPLE)(run.run)
app.command(epilog=point.EXAMPLE)(point.point)
