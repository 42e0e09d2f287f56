"""A large projection is drawn in blocks of targets; the network is one all the same."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.network.compose import compose
from snnrun.network.construct import Construction
from snnrun.network.filling import Block

LARGE = {
    "populations.exc.size": 100,
    "populations.inh.size": 40,
    "projections.drive.synapse.weight": "uniform(1 pA, 2 pA)",
    "projections.drive.synapse.delay": "uniform(1 ms, 2 ms)",
    "projections.drive.connectivity": {"rule": "fixed_indegree", "k": 30},
}
STDP = {"rule": "stdp", "w_max": "20 pA"}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """1200 synapses make three blocks."""
    monkeypatch.setattr("snnrun.network.drawing.BLOCK_SIZE", 500)


@pytest.fixture
def construction(small):
    def construct(**settings):
        experiment = small({**LARGE, **settings})
        return Construction(experiment, compose(experiment))

    return construct


def blocks_of(construction):
    return [item for item in construction.fillings() if isinstance(item, Block)]


def test_blocks_follow_each_other_and_hold_all_targets(construction):
    announced, *blocks = [item for item in construction().fillings() if item.slot.kind == "synapses"]
    assert announced.arrays[0].tolist() == [len(blocks)] == [3]
    assert [target for block in blocks for target in block.targets] == list(range(40))
    for block in blocks:
        assert block.n_outgoing.sum() == len(block.target_ids) == 30 * len(block.targets)


def test_delays_come_first_and_then_the_values_in_the_order_of_the_slots(construction):
    for block in blocks_of(construction()):
        delay, weight = block.values
        assert (delay.slot.variable, weight.slot.variable) == ("delay", "weight")
        assert delay.arrays[0].dtype == np.int32
        assert np.all((delay.arrays[0] >= 10) & (delay.arrays[0] <= 20))
        assert weight.arrays[0].dtype == np.float64
        assert len(delay.arrays[0]) == len(weight.arrays[0]) == len(block.target_ids)


def test_single_precision_is_of_the_weights_of_each_synapse(construction):
    for block in blocks_of(construction(**{"simulation.weight_precision": "single"})):
        assert [filling.arrays[0].dtype for filling in block.values] == [np.int32, np.float32]


def test_each_block_has_numbers_of_its_own(construction):
    first, second, _ = blocks_of(construction())
    n = min(len(first.target_ids), len(second.target_ids))
    for one, other in zip(first.values, second.values, strict=True):
        assert not np.array_equal(one.arrays[0][:n], other.arrays[0][:n])
    assert not np.array_equal(first.n_outgoing, second.n_outgoing)


def test_the_same_seed_gives_the_same_blocks(construction, contents):
    one, other = contents(construction()), contents(construction())
    assert all(np.array_equal(a, b) for name in one for a, b in zip(one[name], other[name], strict=True))


def test_a_projection_of_one_block_is_drawn_from_the_streams_of_its_name(construction, contents, monkeypatch):
    monkeypatch.setattr("snnrun.network.drawing.BLOCK_SIZE", 1200)
    as_one = contents(construction())
    monkeypatch.setattr("snnrun.network.drawing.BLOCK_SIZE", 1 << 24)
    assert all(np.array_equal(as_one[name][0], array) for name, (array, *_) in contents(construction()).items())


def test_synapses_that_are_kept_are_sorted_with_their_values(construction, contents):
    made = construction(**{"record.synapses": ["drive"]})
    drawn = contents(made)
    table = made.synapses["drive/exc/inh"]
    place = table.source_ids.astype(np.int64) * 40 + table.target_ids
    assert np.all(np.diff(place) > 0)
    sources, targets = drawn["drive__inh"]
    order = np.lexsort((targets, sources))
    assert np.array_equal(table.target_ids, targets[order])
    assert np.array_equal(table.weight, drawn["drive__inh.weight"][0][order])
    assert np.array_equal(np.floor(table.delay / 1e-4 + 0.5), drawn["drive__inh.delay"][0][order])


def test_observed_synapses_are_counted_in_the_order_of_the_blocks(construction, contents):
    settings = {"projections.drive.synapse.plasticity": STDP, "record.weights": {"drive": {"synapses": 50}}}
    made = construction(**settings)
    drawn = contents(made)
    (snapshots,) = [item for item in construction(**settings).fillings() if item.slot.kind == "snapshots"]
    chosen = snapshots.arrays[1]
    sources, targets = drawn["drive__inh"]
    source_ids, target_ids = made.observed["drive__inh"]
    assert np.array_equal(source_ids, sources[chosen]) and np.array_equal(target_ids, targets[chosen])


def test_what_a_phase_draws_comes_in_the_order_of_the_blocks(construction, contents):
    # A phase with the values of another run has just the values of that run.
    key = "projections.drive.synapse.weight"
    phases = {"strong": {"start": "10 ms", "set": {key: "uniform(10 pA, 20 pA)"}}}
    (change,) = construction(phases=phases).changes()
    (wanted,) = contents(construction(**{key: "uniform(10 pA, 20 pA)"}))["drive__inh.weight"]
    assert np.array_equal(change.draw().arrays[0], wanted)


@pytest.mark.parametrize(
    "change",
    [
        {"projections.drive.synapse.weight": "linspace(1 pA, 2 pA)"},
        {"projections.drive.synapse.delay": "linspace(1 ms, 2 ms)"},
        {"projections.drive.connectivity": {"rule": "from_file", "file": "matrix.csv", "layout": "matrix"}},
    ],
    ids=["weights in a row", "delays in a row", "a file"],
)
def test_what_cannot_be_divided_is_one_block(small, tmp_path, change):
    (tmp_path / "matrix.csv").write_text((",".join(["1"] * 40) + "\n") * 100)
    experiment = small({**LARGE, **change}, tmp_path)
    (block,) = blocks_of(Construction(experiment, compose(experiment)))
    assert block.targets == range(40)
