"""What the NEST scripts share: the command line, and what they tell at the end.

Usage: python nest_X.py SECONDS WARMUP SEED THREADS
"""

import json
import sys
import time
from collections.abc import Mapping

import nest

SECONDS, WARMUP = float(sys.argv[1]), float(sys.argv[2])


def begin() -> None:
    """Set the kernel up."""
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.ResetKernel()
    nest.resolution = 0.1
    nest.rng_seed = int(sys.argv[3])
    nest.local_num_threads = int(sys.argv[4])


def finish(started: float, recorders: Mapping[str, tuple[nest.NodeCollection, nest.NodeCollection]]) -> None:
    """Simulate, and print times and rates.

    Parameters
    ----------
    started
        When building began, by `time.perf_counter`. What NEST calls preparing (tables of connections, buffers) counts
        as building.
    recorders
        By name of the population, its neurons and their spike recorder.
    """
    nest.Prepare()
    built = time.perf_counter()
    nest.Run(1000 * SECONDS)
    simulated = time.perf_counter()
    nest.Cleanup()
    rates = {
        name: float((recorder.events["times"] > 1000 * WARMUP).sum()) / len(neurons) / (SECONDS - WARMUP)
        for name, (neurons, recorder) in recorders.items()
    }
    print(json.dumps({"build": built - started, "simulate": simulated - built, "rates": rates}))
