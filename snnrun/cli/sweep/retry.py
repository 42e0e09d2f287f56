"""``snnrun sweep retry``: failed points once more."""

from __future__ import annotations

from snnrun.cli import console
from snnrun.cli.options import Quiet, examples
from snnrun.cli.sweep.options import RESULTS, Jobs, Name, Results, Target

EXAMPLE = examples("snnrun sweep retry results/activity_states/sweep -j2")


def retry(
    target: Target, jobs: Jobs = None, output: Results = RESULTS, name: Name = None, quiet: Quiet = False
) -> None:
    """Run exactly the points again that failed."""
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.upkeep.retrying import retry as run_again

    folder = find_sweep(target, output, name)
    n_points = run_again(folder, jobs, console.listener(quiet))
    if not quiet:
        console.say(f"Failed before and done now: {n_points}" if n_points else "No point has failed.")
