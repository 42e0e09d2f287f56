"""What is measured beside the comparisons: start-up, compiling, threads, memory, analysis."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from measure import measured
from sides import by_brian, by_snnrun, newest, simulate, snnrun_command
from table import Report, Table, spread
from workloads import BRUNEL, HERE, LARGE, MOUSE_CORTEX, SCALING, Workload

BRUNEL_C = Workload("Brunel C", BRUNEL, seconds=1, warmup=0.2, brian="brian_brunel")
CORTEX = Workload("mouse cortex", MOUSE_CORTEX, seconds=1, warmup=0.2, parameters=(("scale", 1),))
COLUMNS = ("what", "median (range)", "unit", "bar")


def measure(report: Report, repeat: int, folder: Path) -> None:
    """Everything but the large network."""
    table = report.table(f"By itself, {repeat} runs each", *COLUMNS)
    start_up(table, repeat)
    small_network(table, repeat, folder)
    compiling(table, repeat, folder)
    threads(table, repeat, folder)
    memory_of_synapses(table, min(repeat, 2), folder)  # hardly differs from run to run
    analysis(table, repeat)


def start_up(table: Table, repeat: int) -> None:
    """What a user waits for before anything happens."""
    for arguments in (["--help"], ["validate", BRUNEL]):
        runs = [measured([*snnrun_command(), *arguments]) for _ in range(repeat)]
        table.row(f"`snnrun {arguments[0]}`, whole process", spread([run.wall for run in runs]), "s", "")


def small_network(table: Table, repeat: int, folder: Path) -> None:
    """What surrounds a simulation: 100 neurons, 1 s."""
    cold = simulate(HERE / "small.yaml", folder)
    table.row("100 neurons, cold, whole process", spread([cold.wall]), "s", "")
    runs = [simulate(HERE / "small.yaml", folder) for _ in range(repeat)]
    table.row("100 neurons, warm, whole process", spread([run.wall for run in runs]), "s", "< 0.6")


def compiling(table: Table, repeat: int, folder: Path) -> None:
    """Processor time of the compilers; writing the sources is counted for neither."""
    short = replace(BRUNEL_C, seconds=0.01, warmup=0)
    first, further, theirs = [], [], []
    for turn in range(repeat):
        told = measured([sys.executable, HERE / "compile_cpu.py", folder / f"cold-{turn}"]).output
        for times, seconds in zip((first, further), told.split(), strict=True):
            times.append(float(seconds))
        theirs.append(by_brian(short, turn, folder)[1])
    table.row("Brunel C, compilers of Brian 2", spread(theirs), "s of processor", "")
    for which, ours in (("the first program of a machine", first), ("a further program", further)):
        table.row(f"Brunel C, compiler of snnrun, {which}", spread(ours), "s of processor", "")
        ratios = [brian / snnrun for brian, snnrun in zip(theirs, ours, strict=True)]
        table.row(f"Brunel C, compilers of Brian 2 over that of snnrun, {which}", spread(ratios), "", "≥ 5")


def threads(table: Table, repeat: int, folder: Path) -> None:
    """Two threads against one, in the simulation alone; for so long that starting and ending do not count."""
    work, ratios, alike = replace(BRUNEL_C, seconds=4), [], True
    for seed in range(repeat):
        one, spikes = by_snnrun(work, seed, folder, threads=1), newest(folder, BRUNEL).spikes
        two, again = by_snnrun(work, seed, folder, threads=2), newest(folder, BRUNEL).spikes
        ratios.append(one.simulate / two.simulate)
        alike &= all(
            np.array_equal(getattr(spikes[name], what), getattr(again[name], what))
            for name in spikes
            for what in ("ticks", "node_ids")
        )
    told = "the same spikes" if alike else "**other spikes**"
    table.row(f"Brunel C for {work.seconds} s, one thread over two; {told}", spread(ratios), "", "≥ 1.7")


def memory_of_synapses(table: Table, repeat: int, folder: Path) -> None:
    """Bytes per synapse of one weight and one delay: what the program grows by from 500 to 2 000 for each neuron."""
    neurons, few, many = 10_000, 500, 2000
    for name, side in [("snnrun", by_snnrun), ("Brian 2", lambda *of: by_brian(*of)[0])]:
        values = []
        for seed in range(repeat):
            small, large = (
                side(SCALING.with_parameters(neurons=neurons, k=k, eta=1), seed, folder) for k in (few, many)
            )
            grown = (large.program - small.program) * 2**20
            values.append(grown / ((many - few) * neurons))
        table.row(f"program of {name}, for each synapse", spread(values), "byte", "≤ 4.5" if name == "snnrun" else "")


def analysis(table: Table, repeat: int) -> None:
    """Standard metrics on 10⁷ spikes."""
    runs = [measured([sys.executable, HERE / "many_spikes.py"]) for _ in range(repeat)]
    table.row("analysis of 10⁷ spikes of 10⁴ neurons", spread([float(run.output) for run in runs]), "s", "")
    table.row("analysis of 10⁷ spikes, memory", spread([run.memory for run in runs]), "MiB", "")


def measure_large(report: Report, folder: Path) -> None:
    """Large networks with all that surrounds their simulation."""
    table = report.table("Large networks, whole processes with compiling and measuring, two threads, one run", *COLUMNS)
    for name, work, seconds, gigabytes in [
        (LARGE.name, LARGE, "", "< 8"),
        ("mouse cortex (90 000 neurons, 720 million synapses), 1 s", CORTEX, "< 120", "< 6"),
    ]:
        run = by_snnrun(work, 1, folder, threads=2)
        table.row(f"{name}: in all", spread([run.process.wall]), "s", seconds)
        table.row(f"{name}: drawing the network", spread([run.build]), "s", "")
        table.row(f"{name}: simulation", spread([run.simulate]), "s", "")
        table.row(f"{name}: memory", spread([run.memory * 2**20 / 1e9]), "GB", gigabytes)
        rates = ", ".join(f"{rate:.3g}" for rate in run.rates.values())
        table.row(f"{name}: rates", rates, "Hz", "")
