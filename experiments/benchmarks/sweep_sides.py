"""One sweep by snnrun or by Brian, in the same terms."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from measure import Process, measured
from numpy.typing import NDArray
from sides import RIVALS, by_brian, snnrun_command
from workloads import HERE, Workload

SWEEP = Workload("sweep", HERE / "sweep.yaml", seconds=1, warmup=0.2, brian="brian_sweep")
PROCESSES = 2
MEASURES = ("mean_rate", "cv_isi")


@dataclass(frozen=True)
class Sweep:
    """One whole sweep.

    Parameters
    ----------
    build, run
        Seconds of compiling, if it was done, and of everything else.
    measures
        What was measured, ``exc.mean_rate`` for example; shape (n_points,) each.
    """

    build: float
    run: float
    measures: Mapping[str, NDArray[np.float64]]


def sweep_command(verb: str, *arguments: str | Path) -> list[str | Path]:
    """`snnrun sweep` with a verb."""
    return [*snnrun_command(), "sweep", verb, *arguments]


def programs(folder: Path) -> dict[str, str]:
    """What lets snnrun keep its programs below a folder."""
    return {"SNNRUN_CACHE": str(folder / "cache")}


def fresh(folder: Path) -> Path:
    """A new folder, in which no results lie."""
    return Path(mkdtemp(dir=folder))


def lies_at(output: Path) -> Path:
    """The folder of the sweep in a results folder."""
    return output / SWEEP.file.stem / "sweep"


def sweep_by_snnrun(folder: Path) -> tuple[Sweep, Process, Path]:
    """`snnrun sweep run` from planning to the table, in a new results folder; also the process and the folder."""
    from snnrun.results.store.sweep_tables import read_sweep_table

    output = fresh(folder)
    arguments = [SWEEP.file, "-o", output, f"-j{PROCESSES}", "--quiet"]
    process = measured(sweep_command("run", *arguments), **programs(folder))
    table = read_sweep_table(lies_at(output) / "sweep.h5")
    columns = {column.name: column.data for column in (*table.axes, *table.measures)}
    return Sweep(0.0, process.wall, columns), process, lies_at(output)


def sweep_by_pool(points: Sequence[tuple[float, float]], folder: Path) -> Sweep:
    """A script that compiles once, and lets a pool of processes run the program with the values of each point."""
    own = fresh(folder)
    (own / "points.json").write_text(json.dumps(points))
    arguments = [SWEEP.seconds, SWEEP.warmup, own, PROCESSES, own / "points.json"]
    process = measured([sys.executable, RIVALS / "brian_sweep_pool.py", *arguments])
    told = json.loads(process.output.splitlines()[-1])
    names = [(population, metric) for population in ("exc", "inh") for metric in MEASURES]
    measures = {f"{name}.{metric}": np.array([at[name][metric] for at in told["points"]]) for name, metric in names}
    return Sweep(told["build"], told["run"], measures)


def sweep_by_scripts(points: Sequence[tuple[float, float]], folder: Path) -> Sweep:
    """A script that is run for each point and compiles each time."""

    def run(numbered: tuple[int, tuple[float, float]]) -> Mapping[str, float]:
        seed, (g, eta) = numbered
        return by_brian(SWEEP.with_parameters(g=g, eta=eta), seed, folder)[0].rates

    started = time.perf_counter()
    with ThreadPoolExecutor(PROCESSES) as pool:
        rates = list(pool.map(run, enumerate(points)))
    seconds = time.perf_counter() - started
    return Sweep(0.0, seconds, {f"{name}.mean_rate": np.array([at[name] for at in rates]) for name in rates[0]})


def same_measures(one: Sweep, other: Sweep, points: Sequence[int] | slice = slice(None)) -> bool:
    """Whether what both measured agrees within sampling error, point by point.

    Student's t test for pairs, at a chance of one in a thousand for each measure.

    Parameters
    ----------
    points
        Those of `other` that `one` has.
    """
    from scipy.stats import ttest_rel

    both = one.measures.keys() & other.measures.keys()
    return all(ttest_rel(one.measures[name], other.measures[name][points]).pvalue > 0.001 for name in both)
