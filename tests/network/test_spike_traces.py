"""Which variables of synapses become traces of their sources and targets, and what spikes then do to them when."""

from __future__ import annotations

import pytest

from snnrun.network.blueprint import ProjectionBlueprint
from snnrun.network.compose import compose
from snnrun.network.loading import loads
from snnrun.network.spike_traces import Parts, SpikeTraces, take_apart

SHARED = "tau : second (shared, constant)"


def apart(on_pre="", on_post="", state="", varied_delay=False) -> Parts:
    """Synapses with the traces a, b and z, taken apart."""
    traces = "\n".join(f"d{name}/dt = -{name} / tau : 1 (event-driven)" for name in "abz")
    equations = f"{state or traces}\nweight : 1 (constant)\nown : 1 (constant)\n{SHARED}"
    integrated = tuple(name for name in "abz" if f"d{name}/dt" in equations)
    return take_apart(
        ProjectionBlueprint("x__y", "x", "y", equations, "exact", on_pre, on_post, varied_delay, integrated)
    )


def texts(statements) -> list[str]:
    return [statement.text() for statement in statements]


def of(parts: Parts) -> tuple[set[str], set[str], set[str]]:
    """The variables of sources, of targets and of synapses."""
    return set(parts.source.names), set(parts.target.names), set(parts.synapses.state)


class TestCatalog:
    """The rules of the catalog leave nothing to synapses but their weight."""

    @staticmethod
    def apart(rule: str) -> Parts:
        experiment = loads(f"""
            snnrun: 1
            populations: {{a: {{size: 2, neuron: {{model: lif}}}}, b: {{size: 2, neuron: {{model: lif}}}}}}
            projections:
              p:
                {{from: a, to: b, connectivity: {{rule: all_to_all}},
                 synapse: {{model: exponential_current, weight: 1 pA, plasticity: {{{rule}}}}}}}
            simulation: {{duration: 1 ms}}
            """)
        return take_apart(compose(experiment).blueprint.projections[0])

    @pytest.mark.parametrize("pairing", ["all", "nearest"])
    @pytest.mark.parametrize("bounds", ["additive", "multiplicative", "mixed"])
    def test_pairs(self, bounds, pairing):
        parts = self.apart(f"rule: stdp, w_max: 1 pA, bounds: {bounds}, pairing: {pairing}")
        assert of(parts) == ({"pre_trace"}, {"post_trace"}, set())
        assert parts.source.shared == ("tau_plus",)
        assert parts.target.shared == ("tau_minus",)
        statement = "{} += 1" if pairing == "all" else "{} = 1"
        assert texts(parts.source.before) == [statement.format("pre_trace")]
        assert texts(parts.target.before) == [statement.format("post_trace")]
        assert not parts.source.after
        assert not parts.target.after
        assert [line.partition(" ")[0] for line in parts.synapses.on_pre.splitlines()] == ["I_p_post", "weight"]
        assert parts.synapses.on_post.startswith("weight = ")

    def test_triplets_see_what_was_before_their_own_spike(self):
        parts = self.apart("rule: stdp_triplet, w_max: 1 pA")
        assert of(parts) == ({"r1", "r2"}, {"o1", "o2"}, set())
        assert (texts(parts.source.before), texts(parts.source.after)) == (["r1 += 1"], ["r2 += 1"])
        assert (texts(parts.target.before), texts(parts.target.after)) == (["o1 += 1"], ["o2 += 1"])

    def test_inhibition(self):
        assert of(self.apart("rule: inhibitory_stdp, eta: 1 pA, w_max: 1 pA")) == ({"pre_trace"}, {"post_trace"}, set())

    def test_depression_uses_resources_after_transmission(self):
        parts = self.apart("rule: short_term")
        assert of(parts) == ({"x"}, set(), set())
        assert (texts(parts.source.before), texts(parts.source.after)) == ([], ["x -= U * x"])
        assert parts.source.initial == (("x", 1.0),)
        assert parts.synapses.initial == ()

    def test_facilitation_comes_before_transmission(self):
        parts = self.apart("rule: short_term, tau_facil: 1 s")
        assert (texts(parts.source.before), texts(parts.source.after)) == (["u += U * (1 - u)"], ["x -= u * x"])


def test_what_spikes_of_both_sides_change_stays_with_the_synapses():
    parts = apart(on_pre="a += 1\nz += 1\nv_post += a * z", on_post="b += 1\nz = 0\nweight += b")
    assert of(parts) == ({"a"}, {"b"}, {"z"})
    assert parts.synapses.on_pre == "z += 1\nv_post += a * z"
    assert parts.synapses.on_post == "z = 0\nweight += b"


def test_with_delays_of_their_own_synapses_hear_their_source_at_different_times():
    parts = apart(on_pre="a += 1\nv_post += a", on_post="b += 1\nweight += a * b", varied_delay=True)
    assert of(parts) == (set(), {"b", "z"}, {"a"})


@pytest.mark.parametrize("amount", ["own", "weight", "v_post", "i", "z"])
def test_amounts_that_differ_between_synapses_keep_a_trace_with_them(amount):
    parts = apart(on_pre=f"a += {amount}\nv_post += a", on_post="z += own")
    assert "a" in of(parts)[2]


@pytest.mark.parametrize("law", ["-a / tau * own", "(b - a) / tau", "-a ** 2 / tau", "(half - a) / tau"])
def test_laws_that_differ_between_synapses_or_have_no_exact_solution_keep_a_trace_with_them(law):
    state = f"da/dt = {law} : 1 (event-driven)\ndb/dt = -b / tau : 1 (event-driven)\nhalf = own / 2 : 1"
    assert "a" in of(apart(on_pre="a += 1\nb += 1", on_post="b += own", state=state))[2]


def test_a_trace_on_which_a_variable_of_synapses_depends_stays_with_them():
    state = "da/dt = -a / tau : 1 (event-driven)\ndz/dt = (twice - z) / tau : 1 (event-driven)\ntwice = 2 * a : 1"
    assert of(apart(on_pre="a += 1\nz += own", state=state)) == (set(), set(), {"a", "z"})


def test_traces_may_depend_on_each_other():
    state = "da/dt = -a / tau : 1 (event-driven)\ndb/dt = (a - b) / tau : 1 (event-driven)"
    parts = apart(on_pre="a += 1", on_post="weight += b", state=state)
    assert set(parts.source.names) == {"a", "b"}
    assert [equation.text() for equation in parts.source.equations] == [
        "da/dt = -a / tau : 1",
        "db/dt = (a - b) / tau : 1",
    ]


def order(traces: SpikeTraces) -> tuple[list[str], list[str]]:
    return texts(traces.before), texts(traces.after)


class TestOrder:
    def test_what_no_synapse_reads_before_is_done_first(self):
        assert order(apart(on_pre="v_post += weight\na += 1").source) == (["a += 1"], [])

    def test_what_synapses_read_before_is_done_last(self):
        assert order(apart(on_pre="v_post += a\na += 1").source) == ([], ["a += 1"])

    def test_a_reader_may_hide_behind_a_subexpression(self):
        state = "da/dt = -a / tau : 1 (event-driven)\ntwice = 2 * a : 1"
        assert order(apart(on_pre="v_post += twice\na += 1", state=state).source) == ([], ["a += 1"])

    def test_what_depends_on_it_is_done_later(self):
        assert order(apart(on_pre="v_post += a\na += 1\nb += a").source) == ([], ["a += 1", "b += a"])

    def test_nothing_overtakes_what_it_changes(self):
        assert order(apart(on_pre="v_post += a\na += b\nb += 1").source) == ([], ["a += b", "b += 1"])

    def test_a_trace_read_before_and_after_its_change_stays_with_the_synapses(self):
        assert "a" in of(apart(on_pre="v_post += a\na += 1\nweight += a"))[2]

    def test_so_does_one_that_spikes_of_the_target_read_after_its_change(self):
        assert "a" in of(apart(on_pre="v_post += a\na += 1", on_post="weight += a"))[2]

    def test_nothing_reads_a_trace_of_the_target_after_it(self):
        assert order(apart(on_pre="weight -= a", on_post="weight += a\na += 1").target) == ([], ["a += 1"])
