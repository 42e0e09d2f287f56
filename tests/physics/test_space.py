"""A wave of spikes around a ring: it arrives when the distance says."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.physics

RING = """
snnrun: 1
parameters: {speed: 0.25 m/s}
populations:
  source:
    size: 1
    neuron: {model: spike_generator, times: [1 ms]}
    positions: &ring {extent: 2 mm, periodic: true}
  target:
    size: 40
    neuron: {model: lif, v_rest: 0 mV, v_thresh: 10 mV, v_reset: 0 mV, tau_refrac: 1 ms}
    positions: *ring
projections:
  wave:
    from: source
    to: target
    synapse: {model: delta, weight: 20 mV * exp(-distance / (1 mm)), delay: 0.5 ms + distance / speed}
    connectivity: {rule: distance_dependent, profile: box, p_max: 1, width: 600 um}
simulation: {duration: 20 ms}
record: {synapses: [wave]}
"""


def test_spikes_arrive_after_the_way_around_the_ring_as_far_as_the_kernel_reaches(record) -> None:
    recording = record(RING)
    source, target = recording.populations["source"], recording.populations["target"]
    assert target.extent == (2e-3,) and target.periodic and target.positions.shape == (40, 1)
    gap = np.abs(target.positions[:, 0] - source.positions[0, 0])
    distances = np.minimum(gap, 2e-3 - gap)
    spikes = recording.spikes["target"]
    # 20 mV · exp(-0.6) is 11 mV, still above the threshold: all within the kernel fire, once.
    reached = np.flatnonzero(distances <= 600e-6)
    assert sorted(spikes.node_ids) == reached.tolist() and len(reached) == 24
    # Neurons are 25 µm, 75 µm … away: whole steps at this speed. In the step after the arrival they are found above
    # threshold.
    expected = 1e-3 + 0.5e-3 + distances[spikes.node_ids] / 0.25 + 0.1e-3
    np.testing.assert_allclose(spikes.times, expected, rtol=1e-9)
    table = recording.synapses["wave/source/target"]
    np.testing.assert_allclose(table.weight, 20e-3 * np.exp(-distances[table.target_ids] / 1e-3))
