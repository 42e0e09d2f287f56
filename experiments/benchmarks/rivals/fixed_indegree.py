"""A fixed in-degree for Brian, drawn in numpy.

Brian can draw it itself (`connect(i="k for k in sample(N_pre, size=K)")`), but stores it target by target, which makes
the run twice as slow: arrays in the order of sources are the best that it can be given.
"""

import numpy as np


def fixed_indegree(random: np.random.Generator, first: int, last: int, n_target: int, k: int) -> dict[str, np.ndarray]:
    """Arguments of `Synapses.connect` from the neurons first … last - 1 onto all: k different sources for each.

    None is its own source. That matters: the spike would come back while the neuron is refractory, and inhibitory
    neurons that lose so much of their inhibition fire so much more that Brunel's network loses 1 % of its rate.
    """
    rows = []
    for target in range(n_target):
        inside = first <= target < last
        row = random.choice(last - first - inside, k, replace=False, shuffle=False)
        rows.append(row + (row >= target - first) if inside else row)
    sources, targets = np.concatenate(rows), np.repeat(np.arange(n_target), k)
    order = np.argsort(sources, kind="stable")
    return {"i": sources[order], "j": targets[order]}
