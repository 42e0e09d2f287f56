"""Analysis of 10⁷ spikes of 10⁴ neurons in two populations: the standard metrics without those over pairs."""

import time

import numpy as np

from snnrun.metrics.analyse import analyse, standard_metrics
from snnrun.metrics.correlation import Correlation
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Population, Recording, SpikeTrains

SIZES = {"exc": 8_000, "inh": 2_000}
RATE, N_TICKS, DT = 100, 100_000, 1e-4  # hertz, steps, seconds

random = np.random.default_rng(1)
spikes = {}
for name, size in SIZES.items():
    n_spikes = round(RATE * size * N_TICKS * DT)
    ticks = np.sort(random.integers(0, N_TICKS, n_spikes, dtype=np.int64))
    spikes[name] = SpikeTrains(ticks, random.integers(0, size, n_spikes, dtype=np.int32), size, DT, 0, N_TICKS)
recording = Recording(
    run_id="many_spikes",
    title="",
    seed=1,
    dt=DT,
    n_ticks=N_TICKS,
    warmup_ticks=0,
    populations={name: Population(size, n_spikes=len(spikes[name])) for name, size in SIZES.items()},
    spikes=spikes,
)
metrics = [metric for metric in standard_metrics() if not isinstance(metric, Correlation)]
started = time.perf_counter()
analyse(Observation(recording), metrics)
print(time.perf_counter() - started)
