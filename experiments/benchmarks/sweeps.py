"""Whole sweeps against plain Brian, and what they take by themselves."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
from sweep_sides import PROCESSES, Sweep, same_measures, sweep_by_pool, sweep_by_scripts, sweep_by_snnrun
from sweeps_itself import measure_itself
from table import Report, Table, spread

NAME = "sweeps"
# Programs for all points take most of an hour.
COMPILED = 6
AGAINST = ("against", "its, s", "ours, s", "times as fast", "bar", "rates in Hz and CV: its / ours")


def measure(report: Report, repeat: int, folder: Path) -> None:
    """Everything about sweeps."""
    first, _, _ = sweep_by_snnrun(folder)  # compiles
    points = list(zip(first.measures["g"].tolist(), first.measures["eta"].tolist(), strict=True))
    table = report.table(f"A sweep of {len(points)} points, {PROCESSES} at a time, {repeat} turns", *AGAINST)
    ours, theirs = [], []
    for _ in range(repeat):
        ours.append(sweep_by_snnrun(folder))
        theirs.append(sweep_by_pool(points, folder))
    sweeps = [sweep for sweep, _, _ in ours]
    pooled = [sweep.run for sweep in theirs]
    compare(table, "one program and a pool, without compiling", pooled, "≥ 2", theirs[0], sweeps)
    compiled = [sweep.build + sweep.run for sweep in theirs]
    compare(table, "the same with compiling", compiled, "", theirs[0], sweeps)
    chosen = np.linspace(0, len(points) - 1, COMPILED).round().astype(int)
    scripts = sweep_by_scripts([points[point] for point in chosen], folder)
    name = f"a program for each point; {COMPILED} of them stand for all"
    compare(table, name, [scripts.run / COMPILED * len(points)] * repeat, "≥ 30", scripts, sweeps, chosen)
    measure_itself(report, repeat, folder, [process for _, process, _ in ours], ours[0][2])


def compare(
    table: Table,
    name: str,
    its: Sequence[float],
    bar: str,
    theirs: Sweep,
    ours: Sequence[Sweep],
    points: Sequence[int] | slice = slice(None),
) -> None:
    """Add a row; ratios are those of the two sweeps of a turn."""
    ratios = [other / sweep.run for other, sweep in zip(its, ours, strict=True)]
    if bar:
        bar += ": reached" if median(ratios) >= float(bar.removeprefix("≥")) else ": **missed**"
    agreement = "agree" if same_measures(theirs, ours[0], points) else "**differ**"
    same = {name: ours[0].measures[name][points] for name in theirs.measures}
    told = " / ".join(
        ", ".join(f"{np.mean(values):.3g}" for values in side.values()) for side in (theirs.measures, same)
    )
    times = spread(its), spread([sweep.run for sweep in ours]), spread(ratios)
    table.row(name, *times, bar, f"{told} ({agreement})")
