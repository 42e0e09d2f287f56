"""Times snnrun side by side with Brian 2 and NEST on this machine, and prints tables.

Usage: make bench [ARGS="--repeat 3 --large --write"]

Every figure is the median over whole runs, each with a seed of its own, with the smallest and largest beside it. The
programs that are compared take turns. NEST is optional; without it, its rows are missing.
"""

import argparse
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, median

import itself
import sweeps
from sides import Outcome, by_brian, by_nest, by_snnrun, same_rates
from table import Report, Table, machine, spread
from workloads import HERE, LARGE, WORKLOADS, Bar, Workload

NO_NEST = (
    f"NEST is not installed here: its rows are missing. To have them:\n    {sys.executable} -m pip install '.[bench]'"
)
AGAINST = (
    "network",
    "against",
    "build, s: its / ours",
    "simulation, s: its / ours",
    "memory of the program, MiB: its / ours",
    "build: times as fast",
    "simulation: times as fast",
    "both: times as fast",
    "bar",
    "rates, Hz: its / ours",
)


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each program")
    parser.add_argument("--large", action="store_true", help="also the networks of a minute and gigabytes, once each")
    parser.add_argument("--hour", action="store_true", help="also NEST with the largest of them, which takes an hour")
    parser.add_argument("--only", metavar="NAME", help="only the networks with this in their names, or sweeps")
    parser.add_argument("--write", action="store_true", help="put the tables into the README of this folder")
    options = parser.parse_args()
    if options.only and options.write:
        parser.error("--write puts all tables into the README; run without --only")
    report = Report()
    report.say(machine())
    has_nest = find_spec("nest") is not None
    if not has_nest:
        print(f"\n{NO_NEST}")
    with tempfile.TemporaryDirectory(prefix="snnrun-bench-") as temporary:
        folder = Path(temporary)
        if chosen := [work for work in WORKLOADS if (options.only or "") in work.name]:
            table = report.table(f"Against other simulators, {options.repeat} runs each", *AGAINST)
            for work in chosen:
                compare(work, options.repeat, folder, table, has_nest=has_nest)
        if not options.only:
            itself.measure(report, options.repeat, folder)
        if (options.only or "") in sweeps.NAME:
            sweeps.measure(report, options.repeat, folder)
        if options.large:
            itself.measure_large(report, folder)
        if options.hour:
            table = report.table("The largest, one run each", *AGAINST)
            compare(LARGE, 1, folder, table, has_nest=has_nest)
    if options.write:
        report.write(HERE / "README.md")


def compare(work: Workload, repeat: int, folder: Path, table: Table, *, has_nest: bool) -> list[Outcome]:
    """Let the programs take turns, and add a row for each rival; the runs of snnrun."""
    ours, brian, nest = [], [], []
    for seed in range(1, repeat + 1):
        ours.append(by_snnrun(work, seed, folder, threads=work.threads))
        if work.brian:
            brian.append(by_brian(work, seed, folder)[0])
        if work.nest and has_nest:
            nest.append(by_nest(work, seed))
    for name, theirs, bar in [("Brian 2", brian, work.brian_bar), ("NEST", nest, work.nest_bar)]:
        if theirs:
            table.row(work.name, name, *cells(theirs, ours, bar))
    return ours


def cells(theirs: list[Outcome], ours: list[Outcome], bar: Bar) -> list[str]:
    """The figures of one comparison; ratios are those of the two runs of a turn."""
    ratios = {
        part: [getattr(one, part) / getattr(other, part) for one, other in zip(theirs, ours, strict=True)]
        for part in ("build", "simulate", "both")
    }
    return [
        *(
            " / ".join(f"{median(getattr(run, part) for run in side):.3g}" for side in (theirs, ours))
            for part in ("build", "simulate", "program")
        ),
        *map(spread, ratios.values()),
        bar.text({part: median(values) for part, values in ratios.items()}),
        f"{rates(theirs)} / {rates(ours)}{agreement(theirs, ours)}",
    ]


def rates(runs: list[Outcome]) -> str:
    """Mean rates of the populations over runs."""
    return ", ".join(f"{mean(run.rates[name] for run in runs):.3g}" for name in runs[0].rates)


def agreement(theirs: list[Outcome], ours: list[Outcome]) -> str:
    """Whether rates agree; one run does not tell how much they vary."""
    if len(ours) == 1:
        return ""
    return " (agree)" if same_rates(theirs, ours) else " (**differ**)"


if __name__ == "__main__":
    main()
