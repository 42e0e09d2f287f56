"""The description of an experiment: what was composed, in the words of the field."""

from __future__ import annotations

from snnrun.network.describe import describe
from snnrun.network.loading import loads

NETWORK = """
snnrun: 1
title: Two cells
populations:
  a: {size: 10, type: excitatory, neuron: {model: lif, tau_m: "normal(20 ms, 1 ms, 10 ms)"}}
  b: {size: 5, neuron: lif, initial: {v: -60 mV}}
projections:
  ampa: {from: a, to: b, synapse: {model: exponential_conductance, weight: 1 nS, tau_syn: 5 ms, delay: 1 ms},
         connectivity: {rule: fixed_probability, p: 0.5}}
inputs:
  noise: {to: a, model: noise_current, sd: 10 pA, tau: 5 ms}
simulation: {duration: 1 s}
record: {spikes: {a: {neurons: 3}}, traces: {b: {variables: [v], every: 1 ms}}}
analysis: [mean_rate]
"""

DESCRIPTION = describe(loads(NETWORK))
A, B = DESCRIPTION.populations


def test_equations_hold_what_synapses_and_inputs_add():
    assert "dg_ampa/dt = -g_ampa / tau_syn_ampa : siemens" in B.equations
    assert "I_ampa = g_ampa * (e_rev_ampa - v) : amp" in B.equations
    assert "I_total = I_ampa : amp" in B.equations
    assert "I_noise = mean_noise + sd_noise * x_noise : amp" in A.equations
    assert any("x_noise" in update for update in A.updates)


def test_values_stand_in_the_units_of_the_field():
    assert A.parameters["tau_m"] == "normal(20 ms, 1 ms, 10 ms)"
    assert B.parameters["tau_syn_ampa"] == "5 ms"
    assert B.initial["v"] == "-60 mV"
    assert DESCRIPTION.simulation["duration"] == "1000 ms"


def test_synapses_are_counted_by_target():
    (ampa,) = DESCRIPTION.projections
    assert (ampa.name, ampa.source, ampa.target) == ("ampa", "a", "b")
    assert (ampa.synapses, ampa.indegree) == (25, 5)
    assert (ampa.weight, ampa.delay) == ("1 nS", "1 ms")
    assert ampa.rule == "fixed_probability (p = 0.5, autapses = false)"
    assert ampa.on_pre == "g_ampa_post += weight"


def test_what_is_recorded_measured_and_drawn_is_said():
    assert A.recorded == "spikes of 3 of 10 neurons"
    assert B.recorded == "v of 1 of 5 neurons, every 10 steps"
    assert DESCRIPTION.metrics == ("mean_rate",)
    assert DESCRIPTION.figures == ()


def test_totals_are_those_of_the_parts():
    assert DESCRIPTION.neurons == 15
    assert DESCRIPTION.estimate.n_synapses == 25


def test_files_and_their_columns_are_shown_as_they_are_written(tmp_path):
    (tmp_path / "edges.csv").write_text("source,target,contacts\n0,1,3\n")
    described = describe(loads(NETWORK.replace(
        "{rule: fixed_probability, p: 0.5}",
        "{rule: from_file, file: edges.csv, weight: {column: contacts, factor: 0.1 nS}}",
    ), tmp_path))  # fmt: skip
    assert "file = edges.csv, layout = edges" in described.projections[0].rule
    assert "weight = (column = contacts, unit = 1, factor = 0.1 nS)" in described.projections[0].rule


def test_the_engine_that_will_run_is_said_and_why_it_is_another_one():
    assert (DESCRIPTION.engine, DESCRIPTION.engine_remark) == ("fast", "")
    synapse = "{model: exponential_conductance, weight: 1 nS, tau_syn: 5 ms, delay: 1 ms}"
    coupled = describe(loads(NETWORK.replace(synapse, "{model: electrical, weight: 1 nS}")))
    assert coupled.engine == "reference"
    assert "the reference engine runs instead" in coupled.engine_remark
