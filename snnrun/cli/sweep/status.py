"""``snnrun sweep status``: how a sweep stands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Final

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Target

if TYPE_CHECKING:
    from snnrun.sweep.files.folder import SweepFolder
    from snnrun.sweep.files.points import Plan
    from snnrun.sweep.tell.status import SweepStatus

EXAMPLE = examples(
    "snnrun sweep status experiments/activity_states/activity_states.yaml",
    "snnrun sweep status results/activity_states/sweep --watch",
)

Watch = Annotated[bool, typer.Option("--watch", help="Look again and again, until all is done or you press Ctrl-C.")]
Every = Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="How often --watch looks.")]

_BAR_WIDTH: Final = 40
_WORKERS_SHOWN: Final = 8
_REASONS_SHOWN: Final = 5
_IDS_SHOWN: Final = 3
_LONGEST_REASON: Final = 300


def status(
    target: Target,
    watch: Watch = False,
    every: Every = 2.0,
    output: Results = RESULTS,
    name: Name = None,
    as_json: Json = False,
) -> None:
    """Show how a sweep stands.

    How many points are done, running, failed and missing, the time left, who works on what, and why points failed.
    """
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.tell.status import status_of

    folder = find_sweep(target, output, name)
    plan = read_plan(folder)
    if as_json:
        console.show_json(status_of(plan, folder))
    elif watch:
        _watch(folder, every)
    else:
        _show(plan, folder, status_of(plan, folder))


def _watch(folder: SweepFolder, every: float) -> None:
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.plan.search import sets_left
    from snnrun.sweep.tell.status import status_of

    try:
        while True:
            plan = read_plan(folder)  # to which each round of a search adds
            now = status_of(plan, folder)
            console.clear()
            _show(plan, folder, now)
            if now.n_running + now.n_missing + sets_left(plan) == 0:
                return
            time.sleep(every)
    except KeyboardInterrupt:  # how one stops watching: nothing is interrupted by it
        console.say()


def _show(plan: Plan, folder: SweepFolder, now: SweepStatus) -> None:
    from snnrun.sweep.plan.search import sets_left
    from snnrun.sweep.slurm.state import in_words

    fraction = now.n_done / max(now.n_points, 1)
    filled = int(_BAR_WIDTH * fraction)
    console.heading(f"{plan.experiment}: {console.counted(now.n_points, 'point')}")
    console.say(f"  {'█' * filled}{'░' * (_BAR_WIDTH - filled)} {int(100 * fraction)} %")
    counts = {"done": now.n_done, "running": now.n_running, "failed": now.n_failed, "missing": now.n_missing}
    console.say("  " + "   ".join(f"{number} {status}" for status, number in counts.items()))
    console.say()
    facts = {"time left": _time_left(now), "disk": _disk(now), "folder": console.shown(folder.path)}
    if plan.shares:
        left = sets_left(plan)
        facts["search"] = f"{console.counted(left, 'set')} of values left to choose" if left else "all rounds chosen"
    facts["slurm"] = in_words(folder)
    for key, fact in facts.items():
        if fact:
            console.say(f"  {key:9}  {fact}")
    _show_workers(plan, now)
    _show_failures(now, folder)


def _time_left(now: SweepStatus) -> str:
    if now.n_running + now.n_missing == 0:
        return ""
    if now.seconds_left is None:
        return "known when the first point is done"
    about = console.about(now.seconds_left)
    if now.n_running == 0:
        return f"{about} for one worker; none is running"
    return f"{about} with {console.counted(now.n_running, 'worker')}"


def _disk(now: SweepStatus) -> str:
    used = console.in_bytes(now.disk)
    if now.disk_expected is None or now.n_done == now.n_points:
        return used
    return f"{used}, about {console.in_bytes(now.disk_expected)} when all are done"


def _show_workers(plan: Plan, now: SweepStatus) -> None:
    if not now.workers:
        return
    from snnrun.sweep.table.finding import in_words

    console.say()
    console.heading("Running")
    for worker in now.workers[:_WORKERS_SHOWN]:
        where = ", ".join(filter(None, (worker.host, f"process {worker.pid}", worker.job and f"job {worker.job}")))
        console.say(f"  {worker.point[:8]}  {in_words(plan, plan.by_id[worker.point])}")
        console.say(f"            on {where}, for {console.in_time(worker.seconds)}")
    if len(now.workers) > _WORKERS_SHOWN:
        console.say(f"  and {len(now.workers) - _WORKERS_SHOWN} more")


def _show_failures(now: SweepStatus, folder: SweepFolder) -> None:
    if not now.failures:
        return
    console.say()
    console.heading("Failed")
    for alike in now.failures[:_REASONS_SHOWN]:
        shown = ", ".join(point[:8] for point in alike.points[:_IDS_SHOWN])
        more = f" and {len(alike.points) - _IDS_SHOWN} more" if len(alike.points) > _IDS_SHOWN else ""
        reason = " ".join(alike.message.split())
        reason = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
        console.say(f"  {len(alike.points)} × {reason}")
        console.say(f"      {shown}{more}")
    if len(now.failures) > _REASONS_SHOWN:
        console.say(f"  and {len(now.failures) - _REASONS_SHOWN} more reasons")
    console.say()
    point = now.failures[0].points[0][:8]
    console.say(f"Look at one:    snnrun sweep why {console.typed(folder.path)} {point}")
    console.say(f"Run them again: snnrun sweep retry {console.typed(folder.path)}")
