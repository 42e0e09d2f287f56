"""A plan is not replaced while it is carried out."""

from __future__ import annotations

from snnrun.errors import ResultsError, UserError
from snnrun.sweep.files.claims import is_alive
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import read_plan
from snnrun.sweep.plan.planning import Planned
from snnrun.sweep.slurm.state import jobs


def refuse_to_replace(made: Planned) -> None:
    """Refuse to plan a sweep anew, with points less, while somebody is working on it.

    Who works reads the plan, and would find no trace of some of his points.

    Raises
    ------
    UserError
        If points of the plan that is there are being computed, or jobs are left that will.
    """
    folder = made.folder
    try:
        before = read_plan(folder)
    except ResultsError:  # there is none, or none that could be carried out
        return
    if before.by_id.keys() <= made.plan.by_id.keys():
        return
    at_work = [point for point in folder.scan().claimed & before.by_id.keys() if is_alive(folder, point)]
    who = f"{len(at_work)} of its points are being computed" if at_work else _jobs(folder)
    if who:
        raise UserError(
            f"{folder.path}: this is a plan with other points than the one that is there, of which {who}. "
            "Wait until that is over, or give this sweep a name of its own: --name NAME"
        )


def _jobs(folder: SweepFolder) -> str:
    """What SLURM has to do yet; empty if nothing, or if it cannot be asked from here."""
    try:
        left = jobs(folder)
    except UserError:
        return ""
    return "" if left is None or left.over else f"jobs are left (SLURM's {', '.join(left.ids)})"
