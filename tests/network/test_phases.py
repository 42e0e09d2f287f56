"""Phases: the experiment with other values, from some step on."""

from __future__ import annotations

import json

import numpy as np
import pytest

from snnrun.errors import SpecError
from snnrun.network.compose import compose
from snnrun.network.construct import Construction
from snnrun.network.loading import loads

WIND = {"model": "noise_current", "to": "exc", "sd": "1 pA", "tau": "2 ms", "frozen": True}


def with_phases(phases, **more):
    return {"phases": phases, **more}


def test_phases_follow_each_other_in_time_in_whatever_order_they_are_written(small):
    experiment = small(with_phases({"second": {"start": "20 ms"}, "first": {"start": "10 ms"}}))
    assert [tick for tick, _ in experiment.timeline] == [0, 100, 200]
    assert [name for name, _ in experiment.phases_in_time] == ["first", "second"]


def test_each_phase_is_the_file_with_its_own_values(small):
    key = "projections.drive.synapse.weight"
    experiment = small(with_phases({"one": {"start": "10 ms", "set": {key: "20 pA"}}, "two": {"start": "20 ms"}}))
    weights = [stage.projections["drive"].synapse.weight.pretty() for _, stage in experiment.timeline]
    assert weights == ["10 pA", "20 pA", "10 pA"]


def test_a_parameter_changes_all_values_in_which_it_stands():
    experiment = loads(
        """
        snnrun: 1
        parameters: {strength: 100 pA}
        populations:
          cell: {size: 1, neuron: {model: lif}}
        inputs:
          one: {to: cell, model: constant_current, amplitude: strength}
          two: {to: cell, model: constant_current, amplitude: 2 * strength}
        phases:
          strong: {start: 10 ms, parameters: {strength: 200 pA}}
        simulation: {duration: 100 ms}
        """
    )
    (_, strong) = experiment.timeline[1]
    assert [source.amplitude.pretty() for source in strong.inputs.values()] == ["200 pA", "400 pA"]


def test_the_resolved_experiment_reads_back_with_its_phases(small):
    experiment = small(
        with_phases(
            {"loud": {"start": "10 ms", "set": {"inputs.wind.sd": "5 pA"}}, "late": {"start": "50 ms"}},
            inputs={"wind": WIND},
        )
    )
    resolved = json.loads(json.dumps(experiment.resolved()))
    again = loads(json.dumps(resolved))
    assert again.resolved() == resolved
    assert again.run_id == experiment.run_id
    assert [stage.inputs for _, stage in again.timeline] == [stage.inputs for _, stage in experiment.timeline]


def test_a_phase_says_nothing_about_phases(small):
    for path in ("phases.late.start", "phases"):
        with pytest.raises(SpecError, match="phases"):
            small(with_phases({"one": {"start": "10 ms", "set": {path: {"late": {"start": "3 ms"}}}}}))


def test_a_phase_does_not_bring_what_is_measured(small):
    with pytest.raises(SpecError, match="'analysis' cannot change during the run"):
        small(with_phases({"one": {"start": "10 ms", "set": {"analysis": ["mean_rate"]}}}))


def test_what_is_no_path_is_shown_where_it_stands(small):
    with pytest.raises(SpecError) as refusal:
        small(with_phases({"one": {"start": "10 ms", "set": {"inputs..sd": 1}}}))
    (problem,) = refusal.value.problems
    assert problem.path == ("phases", "one", "set") and "'inputs..sd' is not a key path" in problem.message


def test_other_phases_are_another_run(small):
    def run_id(weight):
        return small(
            with_phases({"one": {"start": "10 ms", "set": {"projections.drive.synapse.weight": weight}}})
        ).run_id

    assert run_id("20 pA") != run_id("30 pA")
    assert run_id("20 pA") != small().run_id


def test_only_what_differs_from_the_phase_before_is_changed(small):
    key = "projections.drive.synapse.weight"
    experiment = small(with_phases({"one": {"start": "10 ms", "set": {key: "20 pA"}}, "two": {"start": "20 ms"}}))
    composition = compose(experiment)
    changes = list(Construction(experiment, composition).changes())
    values = [slot.name for slot in composition.blueprint.slots if slot.kind == "value"]
    assert [(change.tick, values[change.position]) for change in changes] == [
        (100, "drive__inh.weight"),
        (200, "drive__inh.weight"),
    ]
    assert [change.draw().arrays[0].tolist() for change in changes] == [[20e-12], [10e-12]]


def test_drawn_values_of_synapses_are_drawn_for_the_synapses_that_there_are(small):
    key = "projections.drive.synapse.weight"
    experiment = small(
        with_phases({"one": {"start": "10 ms", "set": {key: "uniform(20 pA, 30 pA)"}}}, **{key: "uniform(1 pA, 2 pA)"})
    )
    (change,) = Construction(experiment, compose(experiment)).changes()
    (drawn,) = change.draw().arrays
    assert len(drawn) == 16
    assert np.all((drawn >= 20e-12) & (drawn < 30e-12))


def test_a_frozen_stimulus_goes_on_in_another_strength(small):
    loud = {"loud": {"start": "10 ms", "set": {"inputs.wind.sd": "5 pA"}}}

    def wind(settings):
        experiment = small({"inputs": {"wind": WIND}, **settings})
        construction = Construction(experiment, compose(experiment))
        list(construction.fillings())
        return construction.waveforms["wind"]

    soft, phased = wind({}), wind(with_phases(loud))
    assert np.array_equal(phased[:100], soft[:100])
    assert np.allclose(phased[100:], 5 * soft[100:], rtol=1e-12)


MEASURED = """
snnrun: 1
parameters: {width: 2 ms}
populations:
  cell: {size: 1, neuron: {model: lif}}
inputs:
  noise: {to: cell, model: noise_current, sd: 1 pA, tau: width}
phases:
  slow: {start: 10 ms, parameters: {width: 4 ms}}
simulation: {duration: 100 ms}
analysis: [{metric: fano, window: width}]
"""


def test_what_is_measured_has_no_phases_though_it_uses_a_parameter_that_has():
    experiment = loads(MEASURED)
    assert experiment.resolved()["phases"]["slow"]["set"].keys() == {"parameters.width", "inputs.noise.tau"}
    assert loads(json.dumps(experiment.resolved())).run_id == experiment.run_id


def test_a_phase_cannot_ask_for_other_figures(problem):
    assert "'figures' cannot change during the run" in problem(
        with_phases({"seen": {"start": "10 ms", "set": {"figures": ["raster"]}}}, figures=["rates"])
    )


def test_a_name_of_a_phase_is_safe(problems):
    assert problems(with_phases({"a b": {"start": "1 ms"}}))


def test_a_run_has_one_engine(small):
    with pytest.raises(SpecError, match=r"'simulation\.engine' cannot change during the run"):
        small(with_phases({"one": {"start": "10 ms", "set": {"simulation.engine": "reference"}}}))
