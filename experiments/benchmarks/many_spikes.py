"""Analysis of 10⁷ spikes of 10⁴ neurons: the standard metrics without those over pairs of neurons."""

import time

import numpy as np

from snnrun.metrics.analyse import analyse, standard_metrics
from snnrun.metrics.correlation import Correlation
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Population, Recording, SpikeTrains

N_SPIKES, N_NEURONS, N_TICKS, DT = 10_000_000, 10_000, 100_000, 1e-4

random = np.random.default_rng(1)
spikes = SpikeTrains(
    ticks=np.sort(random.integers(0, N_TICKS, N_SPIKES, dtype=np.int64)),
    node_ids=random.integers(0, N_NEURONS, N_SPIKES, dtype=np.int32),
    n_recorded=N_NEURONS,
    dt=DT,
    start=0,
    stop=N_TICKS,
)
recording = Recording(
    run_id="many_spikes",
    title="",
    seed=1,
    dt=DT,
    n_ticks=N_TICKS,
    warmup_ticks=0,
    populations={"exc": Population(N_NEURONS, n_spikes=N_SPIKES)},
    spikes={"exc": spikes},
)
metrics = [metric for metric in standard_metrics() if not isinstance(metric, Correlation)]
started = time.perf_counter()
analyse(Observation(recording), metrics)
print(time.perf_counter() - started)
