"""What a run will need, against what it needed."""

from __future__ import annotations

import pytest

from snnrun.network.estimate import ASSUMED_RATE, estimate
from snnrun.network.loading import loads

TWO_POPULATIONS = """
snnrun: 1
populations:
  a: {size: 1000, neuron: lif}
  b: {size: 500, neuron: lif}
projections:
  p: {from: a, to: [a, b], synapse: {model: delta, weight: 1 mV, delay: 1 ms},
      connectivity: {rule: fixed_indegree, k: 100}}
simulation: {duration: 1 s}
"""


def test_synapses_are_those_of_the_rules():
    needs = estimate(loads(TWO_POPULATIONS))
    assert needs.synapses == {"p__a": 100_000, "p__b": 50_000}
    assert needs.n_synapses == 150_000


@pytest.mark.parametrize(
    ("drawn", "bytes_per_synapse"),
    [
        # Resident memory of programs of 15.6 million synapses, Brian 2.9, g++ 12: what the compiled program of
        # experiments/brunel_2000/ai.yaml took in all, per synapse.
        ({}, 14.2),
        ({"projections.p.synapse.weight": "uniform(1 mV, 2 mV)"}, 22.0),
        ({"projections.p.synapse.delay": "uniform(1 ms, 2 ms)"}, 26.4),
    ],
    ids=["one value for all", "drawn weights", "drawn delays"],
)
def test_the_program_takes_what_programs_took(drawn, bytes_per_synapse):
    settings = {f"populations.{name}.size": 10_000 for name in "ab"} | {"projections.p.connectivity.k": 1000}
    needs = estimate(loads(TWO_POPULATIONS, settings=settings | drawn))
    assert needs.program / needs.n_synapses == pytest.approx(bytes_per_synapse, rel=0.02)


def test_traces_are_counted_exactly():
    traces = {"record.traces": {"a": {"variables": ["v"], "neurons": 10, "every": "0.5 ms"}}}
    with_traces, without = (
        estimate(loads(TWO_POPULATIONS + "record: {}\n", settings=settings)) for settings in (traces, {})
    )
    # 2000 samples of 10 neurons, 8 bytes each.
    assert with_traces.recording - without.recording == 160_000
    assert with_traces.program - without.program == 160_000


def test_spikes_are_assumed_and_the_assumption_is_said():
    needs = estimate(loads(TWO_POPULATIONS))
    assert needs.spikes == 1500 * ASSUMED_RATE
    assert needs.memory >= needs.structural_memory and needs.disk > needs.structural_disk
    assert any(f"{ASSUMED_RATE:g} Hz" in sentence for sentence in needs.assumptions())


def test_more_of_anything_needs_more():
    small = estimate(loads(TWO_POPULATIONS))
    for settings in (
        {"populations.a.size": 100_000},
        {"projections.p.connectivity.k": 900},
        {"record": {"synapses": ["p"]}},
        {"simulation.duration": "1000 s"},
    ):
        large = estimate(loads(TWO_POPULATIONS, settings=settings))
        assert large.memory >= small.memory and large.disk > small.disk
