"""Dale's law: all that a population sends has the sign of its type."""

from __future__ import annotations

import pytest

from snnrun.errors import SpecError
from snnrun.network.loading import loads

CURRENT = {"model": "exponential_current"}
CONDUCTANCE = {"model": "exponential_conductance", "weight": "1 nS"}
LAW = "Dale's law: 'exc' is {kind}, but this weight is {wrong}: {weight}. "
REMEDY = "Turn the sign, or change or remove the population's 'type'."


@pytest.fixture
def sent(problems):
    """What is wrong with a synapse that a population of a type sends."""

    def find(kind, synapse, **more):
        return problems({"populations.exc.type": kind, "projections.drive.synapse": synapse, **more})

    return find


@pytest.mark.parametrize(
    ("kind", "weight"),
    [
        ("excitatory", "10 pA"),
        ("excitatory", "0 pA"),
        ("excitatory", "uniform(0 pA, 1 pA)"),
        ("excitatory", "lognormal(1 pA, 5 pA)"),
        ("excitatory", "normal(1 pA, 5 pA, 0 pA)"),
        ("inhibitory", "-10 pA"),
        ("inhibitory", "0 pA"),
        ("inhibitory", "uniform(-1 pA, 0 pA)"),
        ("inhibitory", "normal(-1 pA, 5 pA, -9 pA, 0 pA)"),
        (None, "-10 pA"),
        (None, "normal(0 pA, 1 pA)"),
    ],
)
def test_a_weight_of_the_right_sign_passes(sent, kind, weight):
    assert sent(kind, {**CURRENT, "weight": weight}) == []


@pytest.mark.parametrize("kind", ["excitatory", "inhibitory"])
def test_gap_junctions_have_no_sign(sent, kind):
    assert sent(kind, {"model": "electrical", "weight": "1 nS"}) == []


@pytest.mark.parametrize(
    ("kind", "weight", "wrong"),
    [
        ("excitatory", "-10 pA", "negative"),
        ("inhibitory", "10 pA", "positive"),
        ("excitatory", "uniform(-1 pA, 1 pA)", "negative"),
    ],
)
def test_a_weight_of_the_wrong_sign_is_refused(sent, kind, weight, wrong):
    (found,) = sent(kind, {**CURRENT, "weight": weight})
    law = LAW.format(kind=kind, wrong=wrong, weight=weight)
    assert found == f"projections.drive.synapse.weight: {law}{REMEDY}"


def test_a_distribution_without_limits_is_given_them(sent):
    (found,) = sent("excitatory", {**CURRENT, "weight": "normal(10 pA, 1 pA)"})
    assert found == (
        "projections.drive.synapse.weight: normal(10 pA, 1 pA) can be negative, but 'exc' is excitatory. "
        "Give it limits: normal(mean, sd, low)."
    )
    (found,) = sent("inhibitory", {**CURRENT, "weight": "normal(-10 pA, 1 pA)"})
    assert "Give it limits: normal(mean, sd, low, high)." in found


def test_a_conductance_is_judged_by_its_reversal_potential_against_the_threshold(sent):
    # The threshold of the default neuron is -50 mV.
    assert sent("excitatory", {**CONDUCTANCE, "e_rev": "0 mV"}) == []
    assert sent("inhibitory", {**CONDUCTANCE, "e_rev": "-80 mV"}) == []
    (found,) = sent("excitatory", {**CONDUCTANCE, "e_rev": "-50 mV"})
    assert found == (
        "projections.drive.synapse.e_rev: Dale's law: 'exc' is excitatory, so the reversal potential must be above the "
        "threshold of 'inh' (-50 mV), but it is -50 mV. Change it, or change or remove the population's 'type'."
    )
    (found,) = sent("inhibitory", {**CONDUCTANCE, "e_rev": "uniform(-80 mV, -40 mV)"})
    assert "must be below the threshold of 'inh' (-50 mV), but it is uniform(-80 mV, -40 mV)" in found


def test_the_threshold_of_the_target_decides_and_not_that_of_the_source(sent):
    low = {"model": "lif", "v_thresh": "-85 mV", "v_reset": "-90 mV"}
    assert sent("excitatory", {**CONDUCTANCE, "e_rev": "-80 mV"}, **{"populations.inh.neuron": low}) == []


def test_a_target_without_a_number_for_its_threshold_is_not_judged(sent):
    custom = {
        "model": "equations",
        "equations": "dv/dt = (I_total*ohm - v)/(5*ms) : volt",
        "threshold": "v > -50*mV",
        "reset": "v = -60*mV",
    }
    assert sent("excitatory", {**CONDUCTANCE, "e_rev": "-80 mV"}, **{"populations.inh.neuron": custom}) == []
    # A name is not a meaning: this v_thresh is no potential.
    named = {**custom, "parameters": {"v_thresh": "3"}}
    assert sent("excitatory", {**CONDUCTANCE, "e_rev": "-80 mV"}, **{"populations.inh.neuron": named}) == []


def test_custom_synapses_are_judged_by_e_rev_where_they_have_one(sent):
    custom = {
        "model": "equations",
        "weight": "1 nS",
        "equations": "dg/dt = -g/tau : siemens",
        "current": "g*(e_rev - v)",
        "on_pre": "g_post += weight",
        "parameters": {"tau": "5 ms", "e_rev": "-80 mV"},
    }
    assert sent("inhibitory", custom) == []
    (found,) = sent("excitatory", custom)
    assert "the reversal potential must be above" in found


SIGNED = """
snnrun: 1
populations:
  exc: {{size: 1, type: {exc}, neuron: lif, labels: {{file: exc.csv}}}}
  inh: {{size: 1, type: {inh}, neuron: lif, labels: {{file: inh.csv}}}}
projections:
  forth: {{from: exc, to: inh, synapse: {{model: delta, weight: 1 mV}}, connectivity: &rule {{rule: from_file,
           file: signed.csv, neurons: labels, subset: true, weight: {{column: w, unit: mV}}}}}}
  back: {{from: inh, to: exc, synapse: {{model: delta, weight: 1 mV}}, connectivity: *rule}}
simulation: {{duration: 1 ms}}
"""


def test_one_file_about_excitatory_and_inhibitory_neurons_is_judged_by_those_of_the_projection(tmp_path):
    (tmp_path / "exc.csv").write_text("name\npyramidal\n")
    (tmp_path / "inh.csv").write_text("name\nbasket\n")
    (tmp_path / "signed.csv").write_text("source,target,w\npyramidal,basket,2\nbasket,pyramidal,-3\n")
    loads(SIGNED.format(exc="excitatory", inh="inhibitory"), tmp_path)
    with pytest.raises(SpecError) as caught:
        loads(SIGNED.format(exc="inhibitory", inh="excitatory"), tmp_path)
    assert [problem.key for problem in caught.value.problems] == [
        "projections.forth.connectivity.weight",
        "projections.back.connectivity.weight",
    ]
