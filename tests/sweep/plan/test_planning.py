"""Planning: from a file and words to points; nothing is written before it is asked for."""

from __future__ import annotations

import pytest

from snnrun.errors import SpecError, UserError
from snnrun.network.loading import load
from snnrun.sweep.files.plan_file import read_list, read_plan
from snnrun.sweep.plan.experiments import point_experiment
from snnrun.sweep.plan.planning import plan_sweep


@pytest.fixture
def file(tmp_path, cells_file):
    (tmp_path / "cells.yaml").write_text(cells_file)
    return tmp_path / "cells.yaml"


@pytest.fixture
def plan(file, tmp_path):
    def planned(*words, **choices):
        return plan_sweep(file, words, **{"parameters": {}, "settings": {}, "output": tmp_path / "results", **choices})

    return planned


def with_sweep(file, section):
    file.write_text(f"{file.read_text()}sweep: {section}\n")


def test_words_make_points_and_each_is_the_experiment_that_load_gives(plan, file):
    made = plan("drive=0.3 nA,0.4 nA", "simulation.duration=100 ms,200 ms")
    assert made.plan.axes == ("drive", "simulation.duration")
    assert len(made.plan.points) == 4
    for point in made.plan.points:
        drive, duration = point.values
        alone = load(file, {"drive": drive}, {"simulation.duration": duration, "simulation.seed": point.seed})
        assert point.run_id == alone.run_id
        assert point_experiment(made.plan, point).run_id == alone.run_id


def test_nothing_is_written_until_it_is_asked_for(plan, tmp_path):
    made = plan("drive=0.3 nA,0.4 nA")
    assert not (tmp_path / "results").exists()
    made.write()
    assert read_plan(made.folder) == made.plan
    assert read_list(made.folder.points_file) == [point.id for point in made.plan.points]
    assert made.folder.makefile.is_file()


def test_the_section_of_the_file_is_what_is_swept_without_words(plan, file):
    with_sweep(file, "{axes: {drive: ['0.2 nA', '0.3 nA', '0.4 nA']}, seeds: 2, keep: summary}")
    made = plan()
    assert len(made.plan.points) == 6
    assert made.plan.keep == "summary"
    assert "sweep" not in made.plan.data


def test_words_for_axes_take_the_place_of_those_in_the_file(plan, file):
    with_sweep(file, "{axes: {simulation.duration: ['100 ms', '200 ms']}, seeds: 3}")
    made = plan("drive=0.3 nA,0.4 nA")
    assert made.plan.axes == ("drive",)
    assert len(made.plan.points) == 6


def test_what_was_planned_with_words_is_planned_again_without(plan):
    before = plan("drive=0.3 nA,0.4 nA", settings={"simulation.duration": "50 ms"})
    before.write()
    assert plan().plan == before.plan


def test_without_anything_to_vary_one_is_told_how_to_name_it(plan):
    with pytest.raises(UserError, match=r"there is nothing to vary\. Name axes, such as g=3:8:11"):
        plan()


@pytest.mark.parametrize(("room", "entry"), [("neurons", "lif"), ("metrics", "mean_rate")])
def test_a_point_is_refused_when_an_entry_was_edited_after_the_plan(plan, own_catalog, room, entry):
    own_catalog(room, entry)
    places = {"neurons": {"populations.cells.neuron": "own"}, "metrics": {"analysis": ["own"]}}
    made = plan("drive=0.3 nA,0.4 nA", settings=places[room])
    point_experiment(made.plan, made.plan.points[0])
    own_catalog(room, entry, {"from __future__": "# edited\nfrom __future__"})
    with pytest.raises(UserError, match=r"is now another than when it was planned.*snnrun sweep plan"):
        point_experiment(made.plan, made.plan.points[0])


def test_values_for_all_points_are_part_of_each(plan):
    made = plan("drive=0.3 nA,0.4 nA", settings={"simulation.duration": "50 ms"})
    assert {point_experiment(made.plan, point).n_ticks for point in made.plan.points} == {500}


def test_the_same_sweep_written_otherwise_has_the_same_points(plan):
    one = plan("drive=0.3 nA,0.4 nA", "simulation.duration=0.1 s,0.2 s")
    other = plan("simulation.duration=200 ms,100 ms", "drive=400 pA,300 pA")
    assert {point.id for point in one.plan.points} == {point.id for point in other.plan.points}


def test_seeds_depend_on_values_and_replicate_and_not_on_the_order(plan):
    one = plan("drive=0.3 nA,0.4 nA", "seeds=3")
    other = plan("drive=0.4 nA,0.35 nA,0.3 nA", "seeds=4")
    seeds = {(point.values, point.replicate): point.seed for point in one.plan.points}
    others = {(point.values, point.replicate): point.seed for point in other.plan.points}
    assert len(set(seeds.values())) == 6
    assert seeds.items() <= others.items()


def test_without_seeds_a_point_is_what_simulate_computes(plan, file):
    (point,) = plan("drive=0.35 nA").plan.points
    assert point.run_id == load(file, {"drive": "350 pA"}).run_id


@pytest.mark.parametrize(
    "words",
    [
        ("simulation.duration=100 ms,k*50 ms", "k=2"),
        ("populations.cells.neuron={model: lif},{model: lif, tau_m: 20 ms}",),
        ("inputs.push.amplitude=drive,0.3 nA",),
    ],
)
def test_one_experiment_written_in_two_ways_is_refused(plan, file, words):
    file.write_text(file.read_text().replace("{drive: 300 pA}", "{drive: 300 pA, k: 2}"))
    with pytest.raises(UserError, match=r"would be the same point twice\. Remove one"):
        plan(*words)


def test_what_was_planned_for_a_cluster_is_the_same_sweep_here(plan, file):
    words = ("drive=0.3 nA,0.4 nA",)
    there = plan(*words, defaults={"simulation.arch": "x86-64-v3"})
    assert plan(*words).plan.points != there.plan.points
    there.write()
    assert plan(*words).plan.points == there.plan.points
    here = plan(*words, settings={"simulation.arch": "native"})
    assert here.plan.points != there.plan.points


def test_its_words_ask_for_the_same_sweep(plan):
    made = plan("drive=0.3 nA,0.4 nA", "seeds=2", settings={"simulation.duration": "200 ms"})
    assert made.words == ["drive=0.3 nA,0.4 nA", "seeds=2", "--set", "simulation.duration=200 ms"]


def test_more_points_of_a_sobol_sequence_keep_those_that_are_there(plan):
    ids = {
        n: [point.id for point in plan("drive=0.2 nA:0.5 nA", "design=sobol", f"points={n}").plan.points]
        for n in (8, 16)
    }
    assert ids[16][:8] == ids[8]


def test_sizes_need_programs_of_their_own_and_currents_do_not(plan):
    assert len(plan("drive=0.2 nA:0.5 nA:7").plan.builds) == 1
    made = plan("populations.cells.size=5,6,7", "drive=0.3 nA,0.4 nA")
    assert len(made.plan.builds) == 3
    by_build = {(point.values[0], point.build) for point in made.plan.points}
    assert len(by_build) == 3
    for build in made.plan.builds:
        assert build.point in made.plan.by_id


def test_points_that_are_no_experiments_are_found_before_anything_runs(plan):
    with pytest.raises(SpecError, match="duration"):
        plan("simulation.duration=100 ms,-1 s")


def test_a_second_sweep_of_an_experiment_has_a_name(plan, tmp_path):
    assert plan("drive=0.3 nA,0.4 nA", name="fine").folder.path == tmp_path / "results" / "cells" / "sweep-fine"
    with pytest.raises(UserError, match="--name"):
        plan("drive=0.3 nA,0.4 nA", name="../elsewhere")
