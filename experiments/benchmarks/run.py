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
from statistics import mean

import itself
from sides import Outcome, by_brian, by_nest, by_snnrun, same_rates
from table import Report, Table, machine, spread
from workloads import HERE, LARGE, WORKLOADS, Bar, Workload

NO_NEST = (
    f"NEST is not installed here: its rows are missing. To have them:\n    {sys.executable} -m pip install '.[bench]'"
)
AGAINST = (
    "network",
    "against",
    "its build, s",
    "its simulation, s",
    "snnrun build, s",
    "snnrun simulation, s",
    "simulation: times as fast",
    "both: times as fast",
    "bar",
    "its rates, Hz",
    "snnrun rates, Hz",
    "same rates",
)


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each program")
    parser.add_argument("--large", action="store_true", help="also the networks of minutes and gigabytes, once each")
    parser.add_argument("--only", metavar="NAME", help="only the comparison of the network with this in its name")
    parser.add_argument("--write", action="store_true", help="put the tables into the README of this folder")
    options = parser.parse_args()
    report = Report()
    report.say(machine())
    has_nest = find_spec("nest") is not None
    if not has_nest:
        print(f"\n{NO_NEST}")
    with tempfile.TemporaryDirectory(prefix="snnrun-bench-") as temporary:
        folder = Path(temporary)
        table = report.table(f"Against other simulators, {options.repeat} runs each", *AGAINST)
        for work in WORKLOADS:
            if not options.only or options.only in work.name:
                compare(work, options.repeat, folder, table, has_nest=has_nest)
        if not options.only:
            itself.measure(report, options.repeat, folder)
        if options.large:
            table = report.table("Large networks, one run each", *AGAINST)
            compare(LARGE, 1, folder, table, has_nest=has_nest)
            itself.mouse_cortex(report, folder)
    if options.write:
        report.write(HERE / "README.md")


def compare(work: Workload, repeat: int, folder: Path, table: Table, *, has_nest: bool) -> None:
    """Let the programs take turns, and add a row for each rival."""
    by_snnrun(work, 0, folder, threads=work.threads)  # compiles
    ours, brian, nest = [], [], []
    for seed in range(1, repeat + 1):
        ours.append(by_snnrun(work, seed, folder, threads=work.threads))
        if work.brian:
            brian.append(by_brian(work, seed, folder)[0])
        if work.nest and has_nest:
            nest.append(by_nest(work, seed))
    for name, theirs, bar in [("Brian 2", brian, work.brian_bar), ("NEST", nest, work.nest_bar)]:
        if theirs:
            table.row(*cells(work, name, theirs, ours, bar))


def cells(work: Workload, rival: str, theirs: list[Outcome], ours: list[Outcome], bar: Bar) -> list[str]:
    """The row of one comparison; ratios are those of runs of one turn."""
    turns = list(zip(theirs, ours, strict=True))
    simulate = [a.simulate / b.simulate for a, b in turns]
    both = [(a.build + a.simulate) / (b.build + b.simulate) for a, b in turns]
    return [
        work.name,
        rival,
        *(spread([getattr(run, part) for run in side]) for side in (theirs, ours) for part in ("build", "simulate")),
        spread(simulate),
        spread(both),
        bar.text(simulate, both),
        rates(theirs),
        rates(ours),
        "" if len(turns) == 1 else "yes" if same_rates(theirs, ours) else "**no**",
    ]


def rates(runs: list[Outcome]) -> str:
    """Mean rates of the populations over runs."""
    return ", ".join(f"{mean(run.rates[name] for run in runs):.3g}" for name in runs[0].rates)


if __name__ == "__main__":
    main()
