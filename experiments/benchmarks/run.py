"""Measures build, run and memory on this machine, side by side with plain Brian 2, and prints a table.

Usage: make bench [ARGS="--repeat 3"]

Every figure is the median over whole processes, with the smallest and largest beside it; memory is the largest resident
size of one process, as the kernel counts it.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
BRUNEL = HERE.parent / "brunel_2000" / "ai.yaml"
SECONDS = 1.0


@dataclass(frozen=True)
class Run:
    """One finished process: seconds of wall clock and of processor, MiB, and what it printed."""

    wall: float
    cpu: float
    memory: float
    output: str


def measured(command: list[str | Path], **environment: str) -> Run:
    """Run a command to its end."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [str(part) for part in command], env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{text}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def row(what: str, values: list[float], unit: str) -> None:
    """Print a line of the table."""
    print(f"| {what} | {statistics.median(values):.3g} | {min(values):.3g}–{max(values):.3g} | {unit} |", flush=True)


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each command")
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory(prefix="snnrun-bench-") as temporary:
        print(f"{cpu_model()}, {len(os.sched_getaffinity(0))} cores; Python {platform.python_version()}, "
              f"brian2 {version('brian2')}, numpy {version('numpy')}\n")  # fmt: skip
        print("| what | median | range | unit |\n|---|---|---|---|")
        start_up(repeat)
        small_network(Path(temporary), repeat)
        brunel(Path(temporary), repeat)
        analysis(repeat)


def start_up(repeat: int) -> None:
    """What a user waits for before anything happens."""
    for arguments in (["--help"], ["validate", BRUNEL]):
        runs = [measured([*snnrun(), *arguments]) for _ in range(repeat)]
        row(f"`snnrun {arguments[0]}`, whole process", [run.wall for run in runs], "s")


def small_network(folder: Path, repeat: int) -> None:
    """What surrounds a simulation: 100 neurons, 1 s."""
    command = [*snnrun(), "simulate", HERE / "small.yaml", "--no-figures", "--force", "--quiet", "-o", folder / "small"]
    cold = measured(command, SNNRUN_CACHE=str(folder / "cache"))
    row("small network, cold, whole process", [cold.wall], "s")
    runs = [measured(command, SNNRUN_CACHE=str(folder / "cache")) for _ in range(repeat)]
    row("small network, warm, whole process", [run.wall for run in runs], "s")


def brunel(folder: Path, repeat: int) -> None:
    """Brunel 2000, panel C: 12 500 neurons, 15.6 million synapses, 1 s; snnrun and plain Brian in turn."""
    settings = ["--set", f"simulation.duration={SECONDS} s", "--set", "simulation.warmup=0.5 s"]
    command = [*snnrun(), "simulate", BRUNEL, *settings, "--no-figures", "--force", "--quiet", "-o", folder / "brunel"]
    cold = measured(command, SNNRUN_CACHE=str(folder / "cold"))
    row("Brunel C, snnrun, cold, whole process", [cold.wall], "s")
    ours, theirs, simulate, compiled = [], [], [], []
    for turn in range(repeat):
        ours.append(measured(command, SNNRUN_CACHE=str(folder / "cold")))
        simulate.append(recorded_time(folder / "brunel"))
        theirs.append(measured([sys.executable, HERE / "brunel_ai_brian.py", SECONDS, folder / f"brian-{turn}"]))
        compiled.append([float(word) for word in theirs[-1].output.split()[-2:]])
    row("Brunel C, snnrun, warm, whole process", [run.wall for run in ours], "s")
    row("Brunel C, snnrun, warm, program", simulate, "s")
    row("Brunel C, snnrun, largest process", [run.memory for run in ours], "MiB")
    row("Brunel C, plain Brian, whole script", [run.wall for run in theirs], "s")
    row("Brunel C, plain Brian, compile", [seconds for seconds, _ in compiled], "s")
    row("Brunel C, plain Brian, program", [seconds for _, seconds in compiled], "s")
    row("Brunel C, plain Brian, largest process", [run.memory for run in theirs], "MiB")
    pairs = [script.wall / run.wall for script, run in zip(theirs, ours, strict=True)]
    row("Brunel C, plain Brian script / snnrun warm, in pairs", pairs, "ratio")


def analysis(repeat: int) -> None:
    """Standard metrics on 10⁷ spikes."""
    runs = [measured([sys.executable, HERE / "many_spikes.py"]) for _ in range(repeat)]
    row("analysis of 10⁷ spikes of 10⁴ neurons", [float(run.output) for run in runs], "s")
    row("analysis of 10⁷ spikes, largest process", [run.memory for run in runs], "MiB")


def snnrun() -> list[str | Path]:
    """The command beside the Python that runs this script."""
    return [Path(sys.executable).parent / "snnrun"]


def recorded_time(folder: Path) -> float:
    """Seconds that the compiled program took in the newest run below a results folder."""
    from snnrun import open_results

    (experiment,) = folder.iterdir()
    return float(open_results(experiment / "latest").recording.provenance["wall_time_simulate"])


def cpu_model() -> str:
    """Name of the processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
