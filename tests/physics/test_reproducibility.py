"""Same seed, same spikes; and a program that is used again computes what one built afresh would."""

from __future__ import annotations

import numpy as np
import pytest

import snnrun
from snnrun.network.compose import compose
from snnrun.simulation.build_cache import program_for
from snnrun.simulation.fingerprint import fingerprint

pytestmark = pytest.mark.physics

NETWORK = """
snnrun: 1
parameters: {w: 0.5 mV, delay: 1.5 ms, rate: 2.5 kHz, p: 0.1, k: 20, tau_m: 20 ms, sd: 30 pA}
populations:
  exc:
    size: 200
    neuron: &cell {model: lif, tau_m: tau_m, v_rest: 0 mV, v_thresh: 20 mV, v_reset: 10 mV}
    initial: {v: "uniform(0 mV, 20 mV)"}
  inh:
    size: 50
    neuron: *cell
    initial: {v: "uniform(0 mV, 20 mV)"}
projections:
  excitation: {from: exc, to: [exc, inh], synapse: {model: delta, weight: "normal(w, w / 10)", delay: delay},
               connectivity: {rule: fixed_probability, p: p}}
  inhibition: {from: inh, to: [exc, inh], synapse: {model: delta, weight: -6 * w, delay: "uniform(delay, 2 * delay)"},
               connectivity: {rule: fixed_indegree, k: k}}
inputs:
  background: {to: [exc, inh], model: poisson, rate: rate, weight: w}
  noise: {to: exc, model: noise_current, sd: sd, tau: 5 ms}
  frozen: {to: inh, model: noise_current, sd: sd, tau: 5 ms, frozen: true}
simulation: {duration: 200 ms, seed: 1}
record:
  traces: {exc: {variables: [v, I_total], neurons: 3}}
  synapses: [excitation, inhibition]
"""

CHANGES = {
    "weight": {"w": "0.6 mV"},
    "delay": {"delay": "1.1 ms"},
    "rate of the input": {"rate": "3 kHz"},
    "connection probability": {"p": 0.2},
    "in-degree": {"k": 10},
    "membrane time constant": {"tau_m": "15 ms"},
    "noise": {"sd": "0 pA"},
    "seed": {"simulation.seed": 2},
    "duration": {"simulation.duration": "150 ms"},
}


@pytest.fixture(scope="module")
def base(record):
    return record(NETWORK)


@pytest.fixture(scope="module")
def other_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("other_cache")


def changed(changes):
    parameters = {key: value for key, value in changes.items() if "." not in key}
    return {"parameters": parameters, "settings": {key: value for key, value in changes.items() if "." in key}}


def arrays(recording):
    """Every array of a recording, by name."""
    found = {}
    for name, spikes in recording.spikes.items():
        found |= {f"{name} ticks": spikes.ticks, f"{name} node_ids": spikes.node_ids}
    for name, traces in recording.traces.items():
        found |= {f"{name} {variable}": trace.data for variable, trace in traces.items()}
    for name, table in recording.synapses.items():
        columns = ("source_ids", "target_ids", "weight", "delay")
        found |= {f"{name} {column}": getattr(table, column) for column in columns}
    return found | {f"input {name}": waveform for name, waveform in recording.inputs.items()}


def differing(one, other):
    """Names of the arrays that are not equal bit for bit."""
    first, second = arrays(one), arrays(other)
    assert first.keys() == second.keys()
    return {name for name in first if not np.array_equal(first[name], second[name])}


def test_there_is_something_to_compare(base):
    assert min(len(base.spikes["exc"]), len(base.spikes["inh"])) > 100
    assert len(arrays(base)) == 4 + 2 + 16 + 1


def test_the_same_seed_gives_the_same_recording_bit_for_bit(base, record):
    assert differing(base, record(NETWORK)) == set()


def test_another_seed_changes_everything_that_is_drawn(base, record):
    # Only what all synapses share stays: the delay of the one projection, the weight of the other.
    shared = {f"excitation/exc/{target} delay" for target in ("exc", "inh")}
    shared |= {f"inhibition/inh/{target} weight" for target in ("exc", "inh")}
    targets = {f"inhibition/inh/{target} target_ids" for target in ("exc", "inh")}
    unchanged = arrays(base).keys() - differing(base, record(NETWORK, settings={"simulation.seed": 2}))
    assert shared <= unchanged <= shared | targets


def test_neighbouring_seeds_share_no_stream(record):
    # Streams are derived by hashing: with seed + 1, the second stream of one run would be the first of the next.
    waveforms = [record(NETWORK, settings={"simulation.seed": seed}).inputs["frozen"] for seed in (0, 1, 2)]
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert abs(np.corrcoef(waveforms[one], waveforms[other])[0, 1]) < 4 / np.sqrt(2000 / 100)


def test_a_change_in_one_projection_leaves_the_synapses_of_the_other(base, record):
    unlike = differing(base, record(NETWORK, {"p": 0.2}))
    assert not any(name.startswith("inhibition") for name in unlike)
    assert any(name.startswith("excitation") for name in unlike)


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_changed_value_compiles_nothing_and_gives_what_a_fresh_build_gives(
    base, record, changes, other_cache, monkeypatch
):
    arguments = changed(changes)
    before, after = (compose(snnrun.loads(NETWORK, **each)).blueprint for each in ({}, arguments))
    assert fingerprint(before) == fingerprint(after)
    assert not program_for(after).fresh
    # What other tests build meanwhile in the same cache is none of our business: this run took the program of the base.
    reused = record(NETWORK, **arguments)
    assert reused.provenance["fingerprint"] == base.provenance["fingerprint"]
    # In another cache, which was empty before the first of these tests, the program is built from the changed file.
    monkeypatch.setenv("SNNRUN_CACHE", str(other_cache))
    rebuilt = record(NETWORK, **arguments)
    assert differing(reused, rebuilt) == set()
    assert differing(base, reused), "the change had an effect"


def test_a_recording_does_not_depend_on_the_cache_it_was_built_in(base, record, other_cache, monkeypatch):
    monkeypatch.setenv("SNNRUN_CACHE", str(other_cache))
    assert differing(base, record(NETWORK)) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"populations.exc.size": 201},
        {"simulation.dt": "0.05 ms"},
        {"record.traces.exc.neurons": 4},
        {"projections.excitation.synapse.delay": "uniform(1 ms, 2 ms)"},
    ],
    ids=["size", "time step", "what is recorded", "delays that vary"],
)
def test_another_structure_is_another_program(changes):
    before, after = (compose(snnrun.loads(NETWORK, **each)).blueprint for each in ({}, changed(changes)))
    assert fingerprint(before) != fingerprint(after)
