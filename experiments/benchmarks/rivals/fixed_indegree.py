"""A fixed in-degree for Brian, drawn in numpy.

Brian can draw it itself (`connect(i="k for k in sample(N_pre, size=K)")`), but stores it target by target, which makes
the run twice as slow: arrays in the order of sources are the best that it can be given.
"""

import numpy as np


def fixed_indegree(random: np.random.Generator, n_source: int, n_target: int, k: int) -> dict[str, np.ndarray]:
    """Arguments of `Synapses.connect`: k different sources for each target, in the order of sources."""
    sources = np.concatenate([random.choice(n_source, k, replace=False, shuffle=False) for _ in range(n_target)])
    targets = np.repeat(np.arange(n_target), k)
    order = np.argsort(sources, kind="stable")
    return {"i": sources[order], "j": targets[order]}
