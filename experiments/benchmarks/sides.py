"""One run of a workload by snnrun, by Brian or by NEST, in the same terms."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import Process, measured
from workloads import Workload

RIVALS = Path(__file__).parent / "rivals"


@dataclass(frozen=True)
class Outcome:
    """What one run took and did.

    Parameters
    ----------
    build
        Seconds until the network is there. For snnrun: drawing it and handing it to the program; compiling is not
        counted. For Brian: what its program does beside the loop over time steps; what numpy draws and compiling are
        not counted.
    simulate
        Seconds that the simulation takes then.
    rates
        Spikes per neuron and second after the warm-up, by population.
    memory, program
        MiB of all processes together, and of the one that simulates, where they had most.
    """

    build: float
    simulate: float
    rates: Mapping[str, float]
    memory: float
    program: float
    process: Process

    @property
    def both(self) -> float:
        """Seconds of building and simulating."""
        return self.build + self.simulate


def snnrun_command() -> list[str | Path]:
    """The command beside the Python that runs this script."""
    return [Path(sys.executable).parent / "snnrun"]


def simulate(file: Path, folder: Path, *arguments: str, **values: str | float) -> Process:
    """`snnrun simulate` without figures, of a fresh run below a folder, where its programs are kept as well."""
    command = [*snnrun_command(), "simulate", file, "--no-figures", "--force", "--quiet", "-o", folder / file.stem]
    for path, value in values.items():
        command += ["--set", f"simulation.{path}={value}"]
    return measured([*command, *arguments], SNNRUN_CACHE=str(folder / "cache"))


def by_snnrun(work: Workload, seed: int, folder: Path, *, engine: str = "fast", threads: int = 1) -> Outcome:
    """Simulate with snnrun; its program is compiled in the first run only."""
    parameters = [f"--parameter={name}={value}" for name, value in work.parameters]
    arguments = [f"--engine={engine}", f"--threads={threads}", *parameters]
    times = {"duration": f"{work.seconds} s", "warmup": f"{work.warmup} s", "seed": seed}
    process = simulate(work.file, folder, *arguments, **times)
    recording = newest(folder, work.file)
    provenance = recording.provenance
    window = (recording.n_ticks - recording.warmup_ticks) * recording.dt
    rates = {
        name: len(trains.between(recording.warmup_ticks, recording.n_ticks)) / trains.n_recorded / window
        for name, trains in recording.spikes.items()
    }
    build, loop = (provenance[f"wall_time_{stage}"] for stage in ("construct", "simulate"))
    return Outcome(build, loop, rates, process.memory, process.peaks["program"], process)


def newest(folder: Path, file: Path):
    """The recording of the last run of a file."""
    from snnrun import open_results

    return open_results(folder / file.stem / file.stem / "latest").recording


def by_brian(work: Workload, seed: int, folder: Path) -> tuple[Outcome, float]:
    """Simulate with stock Brian; also the processor seconds of its compilers."""
    with TemporaryDirectory(dir=folder) as project:  # a fresh one: make would not compile again what has not changed
        arguments = [work.seconds, work.warmup, seed, project, *(value for _, value in work.parameters)]
        process = measured([sys.executable, RIVALS / f"{work.brian}.py", *arguments])
    told = json.loads(process.output.splitlines()[-1])
    run = Outcome(told["build"], told["simulate"], told["rates"], process.memory, process.peaks["main"], process)
    return run, told["compile_cpu"]


def by_nest(work: Workload, seed: int) -> Outcome:
    """Simulate with NEST on as many threads as the workload asks for."""
    arguments = [work.seconds, work.warmup, seed, work.threads, *(value for _, value in work.parameters)]
    process = measured([sys.executable, RIVALS / f"{work.nest}.py", *arguments])
    told = json.loads(process.output.splitlines()[-1])
    return Outcome(told["build"], told["simulate"], told["rates"], process.memory, process.memory, process)


def same_rates(theirs: Sequence[Outcome], ours: Sequence[Outcome]) -> bool:
    """Whether the mean rates of all populations agree within sampling error, which runs of other seeds tell.

    Student's t test, at a chance of one in a thousand for each population.
    """
    from scipy.stats import ttest_ind

    return all(
        ttest_ind([run.rates[name] for run in theirs], [run.rates[name] for run in ours]).pvalue > 0.001
        for name in ours[0].rates
    )
