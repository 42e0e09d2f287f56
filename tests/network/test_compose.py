"""How a population's equations come together with those of all that arrives at it."""

from __future__ import annotations

from typing import ClassVar

import pytest

from snnrun.language.equations import parse_equations
from snnrun.network.compose import compose
from snnrun.network.projection import projection_name, projection_of

ALL = {"rule": "all_to_all"}
CURRENT = {"model": "exponential_current", "weight": "10 pA", "tau_syn": "5 ms"}
CONDUCTANCE = {"model": "exponential_conductance", "weight": "1 nS"}


def projection(synapse: dict[str, object], source: str = "exc", target: str = "inh") -> dict[str, object]:
    return {"from": source, "to": target, "synapse": synapse, "connectivity": ALL}


@pytest.fixture
def composed(small):
    return lambda settings=None, folder=None: compose(small(settings, folder))


def population(composition, name="inh"):
    return next(p for p in composition.blueprint.populations if p.name == name)


def differential(composition, name="inh"):
    equations = parse_equations("\n".join(population(composition, name).equations.splitlines()))
    return {equation.name for equation in equations if equation.kind == "differential"}


class TestReceptors:
    """Synapses whose kinetics are written the same share a variable."""

    def test_written_the_same_is_one_variable(self, composed):
        again = projection({**CURRENT, "weight": "-3 pA", "delay": "2 ms"}, source="inh")
        assert differential(composed({"projections.again": again})) == {"v", "I_drive"}

    def test_another_text_of_the_same_value_is_another_variable(self, composed):
        # Whether two synapses share must not change when a parameter happens to take the value of another.
        again = projection({**CURRENT, "tau_syn": "5.0 ms"})
        assert differential(composed({"projections.again": again})) == {"v", "I_drive", "I_again"}

    def test_another_value_is_another_variable(self, composed):
        again = projection({**CURRENT, "tau_syn": "6 ms"})
        assert differential(composed({"projections.again": again})) == {"v", "I_drive", "I_again"}

    def test_a_receptor_that_is_named_gives_its_name(self, composed):
        settings = {
            "projections.drive.synapse.receptor": "ampa",
            "projections.again": projection({**CURRENT, "receptor": "ampa"}),
        }
        assert differential(composed(settings)) == {"v", "I_ampa"}

    def test_named_apart_is_apart(self, composed):
        again = projection({**CURRENT, "receptor": "nmda"})
        assert differential(composed({"projections.again": again})) == {"v", "I_drive", "I_nmda"}

    def test_null_is_no_name(self, composed):
        assert differential(composed({"projections.drive.synapse.receptor": None})) == {"v", "I_drive"}

    def test_an_input_shares_with_projections(self, composed):
        rain = {"model": "poisson", "to": "inh", "rate": "5 Hz", "synapse": {**CURRENT, "weight": "1 pA"}}
        composition = composed({"inputs.rain": rain})
        assert differential(composition) == {"v", "I_drive"}
        (update,) = population(composition).updates
        assert update.code == "I_drive += weight_rain * poisson(n_rain * rate_rain * dt)"

    def test_delta_synapses_have_no_variable(self, composed):
        composition = composed({"projections.drive.synapse": {"model": "delta", "weight": "1 mV"}})
        assert differential(composition) == {"v"}
        assert composition.blueprint.projections[0].on_pre == "v_post += weight"


class TestGapJunctions:
    """Electrical synapses need no spikes; those of each projection have a current of their own."""

    GAP: ClassVar = {"model": "electrical", "weight": "1 nS"}

    def test_each_projection_has_its_own_sum(self, composed):
        settings = {"projections.drive.synapse": self.GAP, "projections.loop": projection(self.GAP, source="inh")}
        composition = composed(settings)
        equations = population(composition).equations.splitlines()
        assert {"I_drive : amp", "I_loop : amp", "I_total = I_drive + I_loop : amp"} <= set(equations)
        drive, loop = composition.blueprint.projections
        assert drive.equations.splitlines()[0] == "I_drive_post = weight * (v_pre - v_post) : amp (summed)"
        assert loop.equations.splitlines()[0] == "I_loop_post = weight * (v_pre - v_post) : amp (summed)"

    def test_nothing_happens_at_a_spike_and_nothing_is_delayed(self, composed):
        composition = composed({"projections.drive.synapse": self.GAP})
        (drive,) = composition.blueprint.projections
        assert (drive.on_pre, drive.on_post) == ("", "")
        assert "drive__inh.delay" not in {slot.name for slot in composition.blueprint.slots}

    def test_the_source_need_not_spike(self, composed):
        silent = {"model": "equations", "equations": "dv/dt = -v/(5*ms) : volt"}
        settings = {"populations.exc.neuron": silent, "projections.drive.synapse": self.GAP, "record.spikes": ["inh"]}
        assert population(composed(settings), "exc").threshold == ""


class TestCurrents:
    """Each receptor and each input has a named current; I_total is their sum."""

    def total(self, composition, name="inh"):
        (line,) = [
            line for line in population(composition, name).equations.splitlines() if line.startswith("I_total = ")
        ]
        return line

    def test_without_any_it_is_zero(self, composed):
        assert self.total(composed(), "exc") == "I_total = 0*amp : amp"

    def test_it_sums_synapses_and_inputs(self, composed):
        settings = {
            "projections.slow": projection(CONDUCTANCE),
            "inputs.step": {"model": "constant_current", "to": "inh", "amplitude": "1 pA"},
        }
        composition = composed(settings)
        assert self.total(composition) == "I_total = I_drive + I_slow + I_step : amp"
        equations = population(composition).equations.splitlines()
        assert "I_slow = g_slow * (e_rev_slow - v) : amp" in equations
        assert "I_step = amplitude_step : amp" in equations
        assert next(line for line in equations if "I_drive" in line) == "dI_drive/dt = -I_drive / tau_syn_drive : amp"

    def test_currents_can_be_recorded_by_their_names(self, composed):
        settings = {
            "projections.slow": projection({**CONDUCTANCE, "receptor": "nmda"}),
            "record.traces": {"inh": {"variables": ["I_drive", "I_nmda", "I_total"]}},
        }
        composition = composed(settings)
        assert population(composition).trace.variables == ("I_drive", "I_nmda", "I_total")
        assert {composition.units["inh"][name] for name in ("I_drive", "I_nmda", "I_total")} == {"A"}

    def test_named_currents_leave_linear_equations_linear(self, composed):
        twice = {
            "model": "equations",
            "weight": "1 pA",
            "equations": "ds/dt = -s/tau : amp",
            "current": "2*s",
            "on_pre": "s_post += weight",
            "parameters": {"tau": "5 ms"},
        }
        composition = composed({"projections.drive.synapse": twice})
        assert "I_drive = 2 * s_drive : amp" in population(composition).equations.splitlines()
        assert population(composition).method == "exact"

    def test_it_is_a_variable_where_the_neuron_asks_for_it(self, composed):
        assert composed().units["exc"] == {"v": "V", "I_total": "A"}
        neuron = {"model": "equations", "equations": "dv/dt = -v/(5*ms) : volt # no I_total", "threshold": "v > 1*volt"}
        assert composed({"populations.exc.neuron": neuron}).units["exc"] == {"v": "V"}


def custom(equations: str, **more: object) -> dict[str, object]:
    return {"model": "equations", "equations": equations, "threshold": "v > 1*volt", "reset": "v = 0*volt", **more}


class TestMethod:
    """The method of integration follows from the equations with all that arrives."""

    @pytest.mark.parametrize(
        ("settings", "method"),
        [
            ({}, "exact"),
            ({"projections.drive.synapse": CONDUCTANCE}, "exponential_euler"),
            ({"projections.drive.synapse": {"model": "alpha_current", "weight": "1 pA"}}, "exact"),
            ({"projections.drive.synapse": {"model": "alpha_conductance", "weight": "1 nS"}}, "rk4"),
            ({"projections.drive.synapse": {"model": "nmda", "weight": "1 nS"}}, "rk4"),
            ({"projections.drive.synapse": {"model": "electrical", "weight": "1 nS"}}, "exact"),
            ({"populations.inh.neuron": {"model": "lif", "tau_m": "5 ms"}}, "rk4"),
            ({"populations.inh.neuron": {"model": "lif", "tau_m": "5.04 ms"}}, "rk4"),
            ({"populations.inh.neuron": {"model": "lif", "tau_m": "uniform(4 ms, 6 ms)"}}, "rk4"),
            ({"populations.inh.neuron": {"model": "lif", "tau_m": "uniform(5.5 ms, 6 ms)"}}, "exact"),
            ({"populations.inh.neuron": {"model": "lif", "tau_m": "normal(20 ms, 1 ms, 0.1 ms)"}}, "rk4"),
            ({"populations.inh.neuron": {"model": "lif", "method": "euler"}}, "euler"),
            ({"populations.inh.neuron": {"model": "lif", "tau_refrac": "5 ms"}}, "exact"),
            ({"populations.inh.neuron": {"model": "hodgkin_huxley"}}, "rk4"),
            ({"populations.inh.neuron": custom("dv/dt = (I_total*ohm - v)/(9*ms) : volt")}, "exact"),
            ({"populations.inh.neuron": custom("dv/dt = (I_total*ohm - v**2/volt)/(9*ms) : volt")}, "rk4"),
            (
                {"populations.inh.neuron": custom("dv/dt = (I_total*ohm - v)/(9*ms) + xi*volt/second**0.5 : volt")},
                "euler",
            ),
        ],
    )
    def test_is(self, composed, settings, method):
        assert population(composed(settings)).method == method

    def test_what_exponential_euler_cannot_do_is_left_to_runge_kutta(self, composed):
        # The NMDA current depends on the potential through its magnesium block, so v is not linear even by itself.
        nmda = {
            "model": "equations",
            "weight": "1 nS",
            "equations": "dg/dt = -g/tau : siemens",
            "current": "g*(e_rev - v)/(1 + exp(-v/(16*mV)))",
            "on_pre": "g_post += weight",
            "parameters": {"tau": "100 ms", "e_rev": "0 mV"},
        }
        assert population(composed({"projections.drive.synapse": nmda})).method == "rk4"


class TestCustomSynapses:
    """Statements at a spike see the variables of the receptor by their own names."""

    def test_the_receptor_is_put_into_the_statements(self, composed):
        synapse = {
            "model": "equations",
            "weight": "1 pA",
            "equations": "dI/dt = -I/tau : amp",
            "current": "I",
            "state": "du/dt = -u/tau : 1 (event-driven)",
            "on_pre": "u += 1\nI_post += weight*u",
            "on_post": "u = 0",
            "parameters": {"tau": "5 ms"},
        }
        composition = composed({"projections.drive.synapse": synapse})
        (drive,) = composition.blueprint.projections
        assert drive.on_pre == "u += 1\nI_drive_post += weight * u"
        assert drive.on_post == "u = 0"
        assert "dI_drive/dt = -I_drive / tau_drive : amp" in population(composition).equations
        assert drive.equations.splitlines() == [
            "du/dt = -u / tau : 1 (event-driven)",
            "weight : amp (shared, constant)",
            "tau : second (shared, constant)",
        ]
        assert drive.state == ("u",)

    def test_a_weight_that_spikes_change_belongs_to_each_synapse(self, composed):
        synapse = {"model": "equations", "weight": "1 mV", "on_pre": "v_post += weight\nweight *= 0.9"}
        composition = composed({"projections.drive.synapse": synapse})
        (drive,) = composition.blueprint.projections
        assert drive.equations == "weight : volt (constant)"
        (slot,) = [slot for slot in composition.blueprint.slots if slot.name == "drive__inh.weight"]
        assert slot.size is None


class TestSlots:
    """What is structure stands in the blueprint; what is a number is a slot."""

    def test_numbers_are_no_structure(self, composed):
        other = {
            "populations.exc.neuron": {"model": "lif", "tau_m": "30 ms"},
            "projections.drive.synapse.weight": "3 pA",
            "projections.drive.synapse.delay": "2 ms",
            "projections.drive.connectivity": {"rule": "fixed_probability", "p": 0.5},
            "simulation.duration": "2 s",
            "simulation.seed": 5,
        }
        assert composed(other).blueprint == composed().blueprint

    @pytest.mark.parametrize(
        "settings",
        [
            {"populations.exc.size": 9},
            {"simulation.dt": "0.05 ms"},
            {"record.traces": {"exc": {"variables": "v"}}},
            {"record.spikes": ["exc"]},
            {"projections.drive.synapse.weight": "uniform(1 pA, 2 pA)"},
            {"projections.drive.synapse.delay": "uniform(1 ms, 2 ms)"},
            {"populations.exc.neuron": {"model": "lif", "tau_m": "uniform(20 ms, 30 ms)"}},
        ],
    )
    def test_structure_is_structure(self, composed, settings):
        assert composed(settings).blueprint != composed().blueprint

    def test_sizes(self, composed):
        settings = {
            "populations.inh.neuron": {"model": "lif", "v_rest": "uniform(-70 mV, -65 mV)"},
            "populations.inh.initial": {"v": "-60 mV"},
            "projections.drive.synapse.weight": "uniform(1 pA, 2 pA)",
        }
        sizes = {slot.name: slot.size for slot in composed(settings).blueprint.slots}
        assert sizes["inh.v_rest"] == 2
        assert sizes["inh.v"] == 2
        assert sizes["inh.tau_m"] == 1
        assert sizes["drive__inh.weight"] is None
        assert sizes["drive__inh.delay"] == 1

    def test_a_shared_variable_has_one_value(self, composed):
        neuron = custom("dv/dt = (x - v)/(5*ms) : volt\nx : volt (shared)")
        settings = {"populations.exc.neuron": neuron, "populations.exc.initial": {"x": "1 mV"}}
        sizes = {slot.name: slot.size for slot in composed(settings).blueprint.slots}
        assert sizes["exc.x"] == 1

    def test_every_value_slot_has_its_value(self, composed):
        composition = composed({"projections.slow": projection(CONDUCTANCE)})
        wanted = {slot.name for slot in composition.blueprint.slots if slot.kind in ("value", "delay")}
        assert wanted == composition.values.keys()

    def test_an_initial_value_replaces_that_of_the_model(self, composed):
        assert population(composed(), "exc").initial == (("v", "v_rest"),)
        assert population(composed({"populations.exc.initial": {"v": "-60 mV"}}), "exc").initial == ()


def test_a_projection_onto_two_populations_is_two(composed):
    composition = composed({"projections.drive.to": ["exc", "inh"]})
    assert [p.name for p in composition.blueprint.projections] == ["drive__exc", "drive__inh"]
    assert projection_of(projection_name("exc_to_all", "inh_2")) == "exc_to_all"


def test_spikes_are_recorded_of_all_of_some_or_of_none(composed):
    def recorded(spikes):
        return {p.name: p.spikes for p in composed({"record.spikes": spikes}).blueprint.populations}

    assert recorded(None) == {"exc": 8, "inh": 2}
    assert recorded(["exc"]) == {"exc": 8, "inh": 0}
    assert recorded({"exc": {"neurons": 3}, "inh": "all"}) == {"exc": 3, "inh": 2}


def test_sampling_is_counted_in_steps(composed):
    composition = composed({"record.traces": {"exc": {"variables": ["v", "I_total"], "neurons": 2, "every": "0.3 ms"}}})
    trace = population(composition, "exc").trace
    assert (trace.variables, trace.node_ids, trace.every) == (("v", "I_total"), (0, 1), 3)


def test_traces_are_recorded_of_the_neurons_that_are_named(composed):
    composition = composed({"record.traces": {"exc": {"variables": "v", "neurons": [5, 2]}}})
    assert population(composition, "exc").trace.node_ids == (5, 2)
