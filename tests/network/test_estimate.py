"""What a run will need, against what it needed."""

from __future__ import annotations

import math

import pytest

from snnrun.network.estimate import ASSUMED_RATE, estimate
from snnrun.network.loading import loads

REFERENCE = {"simulation.engine": "reference"}
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
def test_the_program_of_the_reference_engine_takes_what_programs_took(drawn, bytes_per_synapse):
    settings = {f"populations.{name}.size": 10_000 for name in "ab"} | {"projections.p.connectivity.k": 1000}
    needs = estimate(loads(TWO_POPULATIONS, settings={**REFERENCE, **settings, **drawn}))
    assert needs.program / needs.n_synapses == pytest.approx(bytes_per_synapse, rel=0.02)


@pytest.mark.parametrize(
    ("drawn", "bytes_per_synapse"),
    [
        # The same of programs of the fast engine of 10 million synapses, g++ 12: peak of their resident memory.
        ({"projections.p.synapse.weight": "uniform(1 mV, 2 mV)"}, 26.3),
        ({"projections.p.synapse.delay": "uniform(1 ms, 2 ms)"}, 10.4),
    ],
    ids=["drawn weights", "drawn delays"],
)
def test_the_program_of_the_fast_engine_takes_what_programs_took(drawn, bytes_per_synapse):
    settings = {f"populations.{name}.size": 10_000 for name in "ab"} | {"projections.p.connectivity.k": 1000}
    needs = estimate(loads(TWO_POPULATIONS, settings={**settings, **drawn, "projections.p.to": "a"}))
    assert needs.program / needs.n_synapses == pytest.approx(bytes_per_synapse, rel=0.04)


@pytest.mark.parametrize(
    ("changed", "bytes_per_synapse"),
    [
        # The target, counted within 65 536 neurons; each number; a position and the source for spikes of the target.
        ({}, 2),
        ({"projections.p.synapse.weight": "uniform(1 mV, 2 mV)"}, 2 + 8),
        ({"projections.p.synapse.weight": "uniform(1 mV, 2 mV)", "simulation.weight_precision": "single"}, 2 + 4),
        ({"projections.p.synapse.plasticity": {"rule": "stdp", "w_max": "2 mV"}}, 2 + 8 + 8),
    ],
    ids=["one value for all", "drawn weights", "in single precision", "plastic"],
)
def test_the_fast_engine_keeps_rows(changed, bytes_per_synapse):
    # Twice as many sources for one neuron each have twice the rows, and as much of everything else.
    settings = {f"populations.{name}.size": 200_000 for name in "ab"} | {"projections.p.connectivity.k": 500}
    few, many = (
        estimate(loads(TWO_POPULATIONS, settings={**settings, **changed, "projections.p.connectivity.k": k}))
        for k in (500, 1000)
    )
    assert few.n_synapses == 2e8
    # Blocks are of one size, but twice as many of them; where rows begin takes 4 bytes in each.
    pieces = 4 * 200_000 * (2 * math.ceil(1e8 * 2 / 2**24) - 2 * math.ceil(1e8 / 2**24))
    assert many.program - few.program - pieces == pytest.approx(2e8 * bytes_per_synapse, rel=0.02)


def test_a_row_has_a_piece_for_each_delay():
    delay = {"projections.p.synapse.delay": "uniform(1 ms, 3 ms)"}
    needs, without = (estimate(loads(TWO_POPULATIONS, settings=settings)) for settings in (delay, {}))
    # From 1 to 3 ms there are 21 steps of 0.1 ms, 1000 sources have rows onto two targets, and the delays of the larger
    # block are in memory while it is read.
    assert needs.program - without.program == 20 * 2 * 1000 * 4 + 4 * 100_000


def test_synapses_are_drawn_in_blocks_that_do_not_grow_with_the_network():
    sizes = {f"populations.{name}.size": 200_000 for name in "ab"}
    large, larger = (
        estimate(loads(TWO_POPULATIONS, settings={**sizes, "projections.p.connectivity.k": k})) for k in (1000, 4000)
    )
    assert larger.n_synapses == 4 * large.n_synapses
    assert larger.drawing == pytest.approx(large.drawing, rel=0.05)
    assert larger.scratch == large.scratch == 0


def test_traces_are_counted_exactly():
    traces = {"record.traces": {"a": {"variables": ["v"], "neurons": 10, "every": "0.5 ms"}}}
    with_traces, without = (
        estimate(loads(TWO_POPULATIONS + "record: {}\n", settings=settings)) for settings in (traces, {})
    )
    # 2000 samples of 10 neurons, 8 bytes each.
    assert with_traces.recording - without.recording == 160_000
    assert with_traces.scratch - without.scratch == 160_000
    # The fast engine writes them as they come.
    assert with_traces.program == without.program


def test_the_reference_engine_holds_traces_and_spikes_until_the_end():
    traces = {"record.traces": {"a": {"variables": ["v"], "neurons": 10, "every": "0.5 ms"}}}
    with_traces, without = (
        estimate(loads(TWO_POPULATIONS + "record: {}\n", settings={**REFERENCE, **settings}))
        for settings in (traces, {})
    )
    assert with_traces.program - without.program == 160_000
    assert without.program_spike == 12


def test_each_trial_leaves_its_output_on_the_disk():
    traces = {"record.traces": {"a": {"variables": ["v"], "neurons": 10, "every": "0.5 ms"}}}
    needs = estimate(loads(TWO_POPULATIONS + "record: {}\n", settings={**traces, "simulation.trials": 3}))
    assert needs.scratch == 3 * 160_000


def test_spikes_are_assumed_and_the_assumption_is_said():
    needs = estimate(loads(TWO_POPULATIONS))
    assert needs.spikes == 1500 * ASSUMED_RATE
    assert needs.memory >= needs.structural_memory and needs.disk > needs.structural_disk
    assert any(f"{ASSUMED_RATE:g} Hz" in sentence for sentence in needs.assumptions())


def test_more_of_anything_needs_more():
    small = estimate(loads(TWO_POPULATIONS))
    for settings, on_disk in (
        ({"populations.a.size": 100_000}, True),
        ({"projections.p.connectivity.k": 900}, False),
        ({"record": {"synapses": ["p"]}}, True),
        ({"simulation.duration": "1000 s"}, True),
    ):
        large = estimate(loads(TWO_POPULATIONS, settings=settings))
        assert large.memory >= small.memory
        assert large.disk > small.disk if on_disk else large.disk == small.disk
