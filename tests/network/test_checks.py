"""What the sections of an experiment say about each other is true, or is told with its remedy."""

from __future__ import annotations

import pytest

ALL = {"rule": "all_to_all"}
CONDUCTANCE = {"model": "exponential_conductance", "weight": "1 nS"}
# No threshold, and no place for currents.
PASSIVE = {"model": "equations", "equations": "dv/dt = -v/tau : volt", "parameters": {"tau": "10 ms"}}


def neuron(equations: str, **more: object) -> dict[str, object]:
    return {"model": "equations", "equations": equations, "threshold": "v > 1*volt", "reset": "v = 0*volt", **more}


def test_a_sound_experiment_has_no_problems(problems):
    assert problems({}) == []


CASES = {
    "unknown target": (
        {"projections.drive.to": "ihn"},
        "projections.drive.to: There is no population 'ihn'. Did you mean 'inh'?",
    ),
    "unknown target among others": (
        {"projections.drive.to": ["inh", "x"]},
        "projections.drive.to[1]: There is no population 'x'. Known: exc, inh.",
    ),
    "unknown source": (
        {"projections.drive.from": "ecx"},
        "projections.drive.from: There is no population 'ecx'. Did you mean 'exc'?",
    ),
    "target named twice": (
        {"projections.drive.to": ["inh", "inh"]},
        "projections.drive.to[1]: The population 'inh' is named twice. Remove one.",
    ),
    "unknown target of an input": (
        {"inputs.step": {"model": "constant_current", "to": "all", "amplitude": "1 pA"}},
        "inputs.step.to: There is no population 'all'. Known: exc, inh.",
    ),
    "unknown population in spikes": (
        {"record.spikes": ["exc", "inb"]},
        "record.spikes.inb: There is no population 'inb'. Did you mean 'inh'?",
    ),
    "unknown population in traces": (
        {"record.traces": {"ex": {"variables": "v"}}},
        "record.traces.ex: There is no population 'ex'. Did you mean 'exc'?",
    ),
    "unknown projection": (
        {"record.synapses": ["drvie"]},
        "record.synapses: There is no projection 'drvie'. Did you mean 'drive'?",
    ),
    "duration off the grid": (
        {"simulation.duration": "100.05 ms"},
        "simulation.duration: 100.05 ms is no whole number of time steps of 0.1 ms. Change it, or 'simulation.dt'.",
    ),
    "warm-up off the grid": (
        {"simulation.warmup": "0.13 ms"},
        "simulation.warmup: 0.13 ms is no whole number of time steps of 0.1 ms. Change it, or 'simulation.dt'.",
    ),
    "delay off the grid": (
        {"projections.drive.synapse.delay": "0.15 ms"},
        (
            "projections.drive.synapse.delay: 0.15 ms is no whole number of time steps of 0.1 ms. "
            "Change it, or 'simulation.dt'."
        ),
    ),
    "sampling off the grid": (
        {"record.traces": {"exc": {"variables": "v", "every": "0.25 ms"}}},
        "record.traces.exc.every: 0.25 ms is no whole number of time steps of 0.1 ms. Change it, or 'simulation.dt'.",
    ),
    "metric of a population without recorded spikes": (
        {"record.spikes": ["exc"], "analysis": [{"metric": "coherence", "of": ["exc", "inh"]}]},
        "analysis[0]: The metric 'coherence' asks for 'inh', of which no spikes are recorded. Known: exc.",
    ),
    "metric of an unknown population": (
        {"analysis": ["mean_rate", {"metric": "crosscorrelation", "of": ["exc", "ing"]}]},
        (
            "analysis[1]: The metric 'crosscorrelation' asks for 'ing', of which no spikes are recorded. "
            "Did you mean 'inh'?"
        ),
    ),
    "nothing left after the warm-up": (
        {"simulation.warmup": "100 ms"},
        "simulation.warmup: The warm-up of 100 ms leaves nothing of the 100 ms. Shorten it or lengthen the duration.",
    ),
    "one receptor, two kinetics": (
        {
            "projections.back": {
                "from": "inh",
                "to": "inh",
                "synapse": {**CONDUCTANCE, "receptor": "drive"},
                "connectivity": ALL,
            }
        },
        (
            "projections.back.synapse.receptor: The receptor 'drive' works differently in projections.drive. "
            "Synapses on one receptor share all but weight and delay; give this one another name."
        ),
    ),
    "receptor that is no name": (
        {"projections.drive.synapse.receptor": "a b"},
        (
            "projections.drive.synapse.receptor: 'a b' is not a name: letters, digits and '_', a letter first, "
            "at most 63 characters."
        ),
    ),
    "projection that is no name": (
        {"projections": {"a b": {"from": "exc", "to": "inh", "synapse": CONDUCTANCE, "connectivity": ALL}}},
        "projections.a b: 'a b' is not a name: letters, digits and '_', a letter first, at most 63 characters.",
    ),
    "unknown initial variable": (
        {"populations.exc.initial": {"w": "1 mV"}},
        "populations.exc.initial.w: There is no state variable 'w'. Known: v.",
    ),
    "initial value of another dimension": (
        {"populations.exc.initial": {"v": "1 pA"}},
        "populations.exc.initial.v: 'v' is a value in mV, got 1 pA.",
    ),
    "initial values of a shared variable": (
        {
            "populations.exc.neuron": neuron("dv/dt = (x - v)/(5*ms) : volt\nx : volt (shared)"),
            "populations.exc.initial": {"x": "uniform(0 mV, 1 mV)"},
        },
        "populations.exc.initial.x: 'x' is shared by all neurons: one value is needed, not one for each.",
    ),
    "no place for currents": (
        {"populations.inh.neuron": PASSIVE, "record.spikes": ["exc"]},
        (
            "populations.inh.neuron.equations: Currents arrive at 'inh', but its equations have no place for them. "
            "Use I_total in them, the sum of all currents in ampere."
        ),
    ),
    "no potential for a delta synapse": (
        {
            "populations.inh.neuron": neuron("du/dt = -u/(5*ms) : volt", threshold="u > 1*volt", reset="u = 0*volt"),
            "projections.drive.synapse": {"model": "delta", "weight": "1 mV"},
        },
        "projections.drive: The neurons of 'inh' have no variable 'v' to act on.",
    ),
    "a variable that comes twice": (
        {"populations.inh.neuron": neuron("dv/dt = (I_drive*ohm + I_total*ohm - v)/(5*ms) : volt\nI_drive : amp")},
        (
            "populations.inh: The variable 'I_drive' comes twice: from the neuron and from what arrives at it. "
            "Rename the variable, or the projection or input."
        ),
    ),
    "a receptor named like the sum of currents": (
        {"projections.drive.synapse.receptor": "total"},
        (
            "populations.inh: The variable 'I_total' comes twice: from the neuron and from what arrives at it. "
            "Rename the variable, or the projection or input."
        ),
    ),
    "a variable named like the current": (
        {
            "projections.drive.synapse": {
                "model": "equations",
                "weight": "1 pA",
                "equations": "dI/dt = -I/(5*ms) : amp",
                "current": "2*I",
                "on_pre": "I_post += weight",
            }
        },
        "projections.drive.synapse.current: 'I' is the name of the whole current; call the variable differently.",
    ),
    "a gap junction of a cell without potential": (
        {
            "populations.exc.neuron": {
                "model": "equations",
                "equations": "dx/dt = -x/(5*ms) : volt",
                "threshold": "x > 1*volt",
            },
            "projections.drive.synapse": {"model": "electrical", "weight": "1 nS"},
        },
        "projections.drive.from: The neurons of 'exc' have no variable 'v' to couple.",
    ),
    "a gap junction from outside": (
        {
            "inputs.burst": {
                "model": "spike_times",
                "to": "exc",
                "times": ["1 ms"],
                "synapse": {"model": "electrical", "weight": "1 nS"},
            }
        },
        (
            "inputs.burst.synapse: This synapse couples two neurons; an input has no neurons of its own. "
            "Use another synapse model here."
        ),
    ),
    "unknown recorded variable": (
        {"record.traces": {"inh": {"variables": "I_driv"}}},
        "record.traces.inh.variables: 'inh' has no variable 'I_driv'. Did you mean 'I_drive'?",
    ),
    "unknown variable among others": (
        {"record.traces": {"inh": {"variables": ["v", "u"]}}},
        "record.traces.inh.variables[1]: 'inh' has no variable 'u'. Known: v, I_drive, I_total.",
    ),
    "variable recorded twice": (
        {"record.traces": {"inh": {"variables": ["v", "v"]}}},
        "record.traces.inh.variables[1]: 'v' is named twice. Remove one.",
    ),
    "more traces than neurons": (
        {"record.traces": {"inh": {"variables": "v", "neurons": 3}}},
        "record.traces.inh.neurons: In 'inh': there are only 2 neurons, not 3.",
    ),
    "a trace of a neuron that is not there": (
        {"record.traces": {"inh": {"variables": "v", "neurons": [0, 2]}}},
        "record.traces.inh.neurons: In 'inh': there is no neuron 2: they are 0 to 1.",
    ),
    "more spike trains than neurons": (
        {"record.spikes": {"inh": {"neurons": 3}}},
        "record.spikes.inh.neurons: There are only 2 neurons in 'inh'.",
    ),
    "spikes of what never spikes": (
        {"populations.inh.neuron": {**PASSIVE, "equations": "dv/dt = -v/tau + I_total/(1*pF) : volt"}},
        "record.spikes.inh: The neurons of 'inh' have no threshold, so they never spike.",
    ),
    "source that never spikes": (
        {"populations.exc.neuron": PASSIVE, "record.spikes": ["inh"]},
        "projections.drive.from: The neurons of 'exc' have no threshold: they never spike.",
    ),
    "rule that cannot connect": (
        {"projections.drive.connectivity": {"rule": "one_to_one"}},
        (
            "projections.drive.connectivity: one_to_one needs populations of the same size, got 8 and 2 neurons. "
            "Make the sizes equal, or use another rule such as fixed_indegree with k: 1."
        ),
    ),
    "delay of an input": (
        {
            "inputs.burst": {
                "model": "spike_times",
                "to": "exc",
                "times": ["1 ms"],
                "synapse": {"model": "delta", "weight": "1 mV", "delay": "1 ms"},
            }
        },
        "inputs.burst.synapse.delay: What comes from outside has no delay. Remove it.",
    ),
    "statements at the spike of an input": (
        {
            "inputs.burst": {
                "model": "spike_times",
                "to": "exc",
                "times": ["1 ms"],
                "synapse": {"model": "equations", "weight": "1 mV", "on_pre": "v_post += weight"},
            }
        },
        (
            "inputs.burst.synapse: This synapse acts by statements at the spike of a neuron; an input has no neurons "
            "of its own. Use another synapse model here."
        ),
    ),
    "more synapses than can be counted": (
        {"populations.exc.size": 10**6, "populations.inh.size": 10**6},
        (
            "projections.drive.connectivity: About 1e+12 synapses onto 'inh': programs count up to 2147483647 in one "
            "projection. Make the populations smaller or the connections sparser, or split the projection."
        ),
    ),
    "more neurons than can be counted": (
        {"populations.exc.size": 2**31, "projections": {}},
        "populations.exc.size: Programs count up to 2147483647 neurons. Take fewer.",
    ),
    "spike that changes what cannot change": (
        {"populations.exc.neuron": neuron("dv/dt = -v/tau : volt", reset="tau = 1*ms", parameters={"tau": "5 ms"})},
        (
            "populations.exc.neuron.reset: 'tau' cannot be changed at a spike: it is a parameter, or follows from "
            "others. Give what changes an equation, or declare it there as in 'x : volt'."
        ),
    ),
    "spike without an effect": (
        {"projections.drive.synapse": {"model": "equations", "weight": "1 mV", "on_pre": "# nothing"}},
        "projections.drive.synapse.on_pre: A spike does nothing here; write a statement such as v_post += weight.",
    ),
    "exact integration of what is not linear": (
        {"populations.exc.neuron": neuron("dv/dt = -v**2/(5*ms*mV) : volt", method="exact")},
        (
            "populations.exc.neuron.method: The equations, with all that arrives, are not linear; they have no exact "
            "solution. Use 'rk4', or leave 'method' out."
        ),
    ),
    "exact integration of equal time constants": (
        {"populations.inh.neuron": {"model": "lif", "tau_m": "5 ms", "method": "exact"}},
        (
            "populations.inh.neuron.method: Two time constants are the same within a percent, and the exact "
            "solution divides by their difference. Use 'rk4', or leave 'method' out."
        ),
    ),
    "noise integrated as if it were smooth": (
        {"populations.exc.neuron": neuron("dv/dt = -v/(5*ms) + xi*volt*second**-0.5 : volt", method="rk4")},
        (
            "populations.exc.neuron.method: Equations with white noise cannot be integrated by 'rk4'. "
            "Use 'euler' or 'heun'."
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_tells_where_what_and_what_to_do(problem, case):
    settings, message = CASES[case]
    assert problem(settings) == message


def test_all_problems_are_told_at_once(problems):
    found = problems(
        {
            "projections.drive.from": "ecx",
            "populations.inh.initial": {"w": "1 mV"},
            "simulation.duration": "0.05 ms",
            "record.synapses": ["x"],
        }
    )
    assert {text.partition(":")[0] for text in found} == {
        "projections.drive.from",
        "populations.inh.initial.w",
        "simulation.duration",
        "record.synapses",
    }


def test_a_broken_projection_does_not_make_its_variables_unknown(problem):
    # I_drive exists as soon as the weight is right.
    settings = {"projections.drive.synapse.weight": "10", "record.traces": {"inh": {"variables": "I_drive"}}}
    assert problem(settings) == "projections.drive.synapse.weight: The unit is missing. Write for example '10 pA'."


def test_delays_that_are_drawn_are_rounded_to_the_grid_instead(problems):
    assert problems({"projections.drive.synapse.delay": "uniform(0.11 ms, 0.19 ms)"}) == []


def test_times_on_the_grid_pass_in_spite_of_rounding(problems):
    # 0.3 / 0.1 is 2.9999999999999996 for the computer.
    assert problems({"projections.drive.synapse.delay": "0.3 ms", "simulation.duration": "1.7 s"}) == []


class TestFiles:
    """Values that come from files."""

    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "edges.csv").write_text("source,target,w,d\n0,0,1,1\n1,1,-2,-1\n")
        (tmp_path / "none.csv").write_text("0,0\n" * 8)
        (tmp_path / "three.csv").write_text("v\n1\n2\n3\n")
        return tmp_path

    def edges(self, **columns: object) -> dict[str, object]:
        return {"projections.drive.connectivity": {"rule": "from_file", "file": "edges.csv", **columns}}

    def test_a_sound_file_passes(self, problems, folder):
        assert problems(self.edges(weight={"column": "w", "unit": "pA"}), folder) == []

    def test_weights_have_the_unit_of_the_synapse(self, problem, folder):
        assert problem(self.edges(weight={"column": "w", "unit": "mV"}), folder) == (
            "projections.drive.connectivity.weight: Expected a value in pA, got edges.csv (2 values, -2 mV … 1 mV)."
        )

    def test_weights_of_custom_synapses_have_the_unit_of_the_written_weight(self, problem, folder):
        settings = self.edges(weight={"column": "w", "unit": "pA"})
        settings["projections.drive.synapse"] = {"model": "equations", "weight": "1 mV", "on_pre": "v_post += weight"}
        assert problem(settings, folder) == (
            "projections.drive.connectivity.weight: The synapse is written with 1 mV, "
            "but the file holds edges.csv (2 values, -2 pA … 1 pA)."
        )

    def test_conductances_are_not_negative(self, problem, folder):
        settings = self.edges(weight={"column": "w", "unit": "nS"})
        settings["projections.drive.synapse"] = CONDUCTANCE
        assert "projections.drive.connectivity.weight: Must not be below 0 nS" in problem(settings, folder)

    def test_delays_are_not_negative(self, problem, folder):
        assert "projections.drive.connectivity.delay: Must not be below 0 ms" in problem(
            self.edges(delay={"column": "d", "unit": "ms"}), folder
        )

    def test_gap_junctions_have_no_delays(self, problem, folder):
        settings = self.edges(delay={"column": "d", "unit": "ms"}, weight={"column": "d", "unit": "nS"})
        (folder / "edges.csv").write_text("source,target,d\n0,1,2\n")
        settings["projections.drive.synapse"] = {"model": "electrical", "weight": "1 nS"}
        assert problem(settings, folder) == (
            "projections.drive.connectivity.delay: This synapse acts at once. Remove it."
        )

    @pytest.mark.parametrize("kind", ["excitatory", "inhibitory"])
    def test_weights_obey_dales_law(self, problem, folder, kind):
        settings = {**self.edges(weight={"column": "w", "unit": "pA"}), "populations.exc.type": kind}
        wrong = "negative" if kind == "excitatory" else "positive"
        assert f"connectivity.weight: Dale's law: 'exc' is {kind}, but this weight is {wrong}" in problem(
            settings, folder
        )

    def test_a_column_that_is_missing_is_told_once(self, problem, folder):
        settings = {**self.edges(weight={"column": "x", "unit": "pA"}), "populations.exc.type": "excitatory"}
        assert problem(settings, folder) == (
            "projections.drive.connectivity: edges.csv has no column 'x'. Known: source, target, w, d."
        )

    def test_values_for_neurons_are_as_many_as_neurons(self, problem, folder):
        values = {"file": "three.csv", "unit": "mV"}
        assert problem({"populations.exc.initial": {"v": values}}, folder) == (
            "populations.exc.initial.v: The file holds 3 values, but there are 8 neurons."
        )
        assert problem({"populations.exc.neuron": {"model": "lif", "v_rest": values}}, folder) == (
            "populations.exc.neuron.v_rest: The file holds 3 values, but there are 8 neurons."
        )
        custom = neuron("dv/dt = (e_0 - v)/(5*ms) : volt", parameters={"e_0": values})
        assert problem({"populations.exc.neuron": custom}, folder) == (
            "populations.exc.neuron.parameters.e_0: The file holds 3 values, but there are 8 neurons."
        )

    def test_values_for_inputs_and_receptors_are_as_many_as_neurons(self, problem, folder):
        amplitude = {"file": "three.csv", "unit": "pA"}
        assert problem({"inputs.step": {"model": "constant_current", "to": "exc", "amplitude": amplitude}}, folder) == (
            "inputs.step.amplitude: The file holds 3 values, but there are 8 neurons."
        )
        assert problem({"projections.drive.synapse.tau_syn": {"file": "three.csv", "unit": "ms"}}, folder) == (
            "projections.drive.synapse.tau_syn: The file holds 3 values, but there are 2 neurons."
        )

    def test_values_for_synapses_come_with_their_neurons(self, problem, folder):
        settings = {"projections.drive.synapse.weight": {"file": "three.csv", "unit": "pA"}}
        assert problem(settings, folder) == (
            "projections.drive.synapse.weight: Values of single synapses come with their neurons. "
            "Use the rule 'from_file', whose table can hold weights and delays."
        )
