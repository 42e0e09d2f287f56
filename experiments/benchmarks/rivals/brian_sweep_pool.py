"""A whole sweep in plain Brian 2, with one program for all points, run by a pool of processes: sweep.yaml.

The rate of a `PoissonInput` is compiled in, so that what arrives from outside is drawn by `poisson`.

Usage: python brian_sweep_pool.py SECONDS WARMUP FOLDER PROCESSES POINTS
POINTS is a file with a JSON list of pairs, g and eta. Seconds of building and of running, and what was measured of each
point, are printed as JSON.
"""

import json
import multiprocessing
import shutil
import sys
import time
from pathlib import Path

import numpy as np
from brian2 import NeuronGroup, SpikeMonitor, Synapses, defaultclock, device, ms, mV, run, second, set_device

SECONDS, WARMUP, FOLDER, PROCESSES = float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
POPULATIONS = {"exc": (0, 800), "inh": (800, 1000)}

set_device("cpp_standalone", build_on_run=False)
defaultclock.dt = 0.1 * ms
neurons = NeuronGroup(
    1000,
    """
    dv/dt = -v/(20*ms) : volt (unless refractory)
    g : 1 (shared, constant)
    arriving : Hz (shared, constant)
    """,
    threshold="v > 20*mV",
    reset="v = 10*mV",
    refractory=2 * ms,
    method="exact",
)
neurons.v = "rand()*20*mV"
neurons.run_regularly("v += 0.8*mV * poisson(arriving*dt)", when="synapses")
excitation = Synapses(neurons[:800], neurons, on_pre="v += 0.8*mV", delay=1.5 * ms)
excitation.connect(j="k for k in sample(N_post, p=0.1) if k != i")
inhibition = Synapses(neurons[800:], neurons, on_pre="v -= g_post*0.8*mV", delay=1.5 * ms)
inhibition.connect(j="k for k in sample(N_post, p=0.1) if k != i + 800")
spikes = SpikeMonitor(neurons)
run(SECONDS * second)


def simulate(point: tuple[int, tuple[float, float]]) -> dict[str, dict[str, float]]:
    """Run the program with the values of one point; rates and variability of intervals after the warm-up."""
    number, (g, eta) = point
    values = {neurons.g: g, neurons.arriving: eta * 20 * mV / (0.8 * mV * 20 * ms)}
    device.run(run_args=values, results_directory=f"point_{number}", with_output=False)
    times, sources = np.asarray(spikes.t), np.asarray(spikes.i)
    shutil.rmtree(FOLDER / f"point_{number}")  # 200 networks are gigabytes
    measured = times >= WARMUP
    return {
        name: activity(times[within], sources[within], last - first)
        for name, (first, last) in POPULATIONS.items()
        for within in [measured & (sources >= first) & (sources < last)]
    }


def activity(times: np.ndarray, sources: np.ndarray, n: int) -> dict[str, float]:
    """Mean rate, and the mean over neurons of the coefficient of variation of their intervals."""
    order = np.lexsort((times, sources))
    times, sources = times[order], sources[order]
    intervals, owners = np.diff(times)[np.diff(sources) == 0], sources[1:][np.diff(sources) == 0]
    number = np.bincount(owners)
    enough = number >= 10
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.bincount(owners, intervals) / number
        variances = np.bincount(owners, (intervals - means[owners]) ** 2) / number
        variations = np.sqrt(variances) / means
    return {"mean_rate": len(times) / n / (SECONDS - WARMUP), "cv_isi": float(variations[enough].mean())}


if __name__ == "__main__":
    points = json.loads(Path(sys.argv[5]).read_text())
    started = time.perf_counter()
    device.build(directory=str(FOLDER), run=False)
    built = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        found = pool.map(simulate, enumerate(points), chunksize=1)
    ended = time.perf_counter()
    print(json.dumps({"build": built - started, "run": ended - built, "points": found}))
