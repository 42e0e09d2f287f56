"""Identities of points are those that loading each of them gives, whatever varies, in whatever order."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from snnrun.errors import SpecError
from snnrun.network.loading import load, load_document
from snnrun.registry import ROOMS
from snnrun.spec.document import Document
from snnrun.spec.overrides import PARAMETERS
from snnrun.spec.reader import parse_document, read_document
from snnrun.sweep.files.points import point_id
from snnrun.sweep.plan.identities import SEED, Identities

ROOT = Path(__file__).parents[3] / "experiments"
# Those left out draw their synapses when they are checked, which takes seconds.
EXPERIMENTS = sorted(
    path
    for path in ROOT.rglob("*.yaml")
    if not path.stem.startswith("breaks") and path.stem not in {"celegans", "v1", "mouse_cortex"}
)

TWO_CELLS = """
snnrun: 1
parameters: {g: 2, J: 10 pA, T: 100 ms, tau: 5 ms, n: 4 * g}
populations:
  exc: {size: 2 * n, neuron: {model: lif, tau_m: 4 * tau}}
  inh: {size: 4, neuron: {model: lif}}
projections:
  drive:
    from: exc
    to: [inh]
    synapse: {model: exponential_current, weight: J, tau_syn: tau}
    connectivity: {rule: all_to_all}
  brake:
    from: inh
    to: exc
    synapse: {model: exponential_current, weight: -g * J, tau_syn: 10 ms}
    connectivity: {rule: fixed_indegree, k: 3}
inputs:
  wind: {to: exc, model: noise_current, sd: J, tau: 2 ms}
simulation: {duration: 2 * T, warmup: T, seed: 7}
phases:
  loud: {start: T, parameters: {J: 20 pA}}
  late: {start: 1.5 * T, set: {inputs.wind.tau: 3 ms, projections.drive.synapse.weight: 2 * J}}
record: {traces: {exc: {variables: v}}}
analysis: [{metric: mean_rate}]
"""

# Room of the catalog → where an entry of it may stand, a copy of which entry, with which parameters.
OWN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "neurons": ("populations.exc.neuron", "lif", {"tau_m": "4 * tau"}),
    "synapses": (
        "projections.drive.synapse",
        "exponential_current",
        {"weight": "J", "tau_syn": "tau"},
    ),
    "connectivity": ("projections.brake.connectivity", "fixed_indegree", {"k": "g"}),
    "inputs": ("inputs.wind", "noise_current", {"to": "exc", "sd": "J", "tau": "2 ms"}),
    "metrics": ("analysis[0]", "cv_isi", {}),
}


@pytest.fixture
def document() -> Document:
    return parse_document(TWO_CELLS, "two cells")


def identities(document: Document, axes: Any, seeds: Any = None, keep: Any = "analysis") -> Identities:
    return Identities(document, None, list(axes), keep, seeds)


def loaded(document: Document, folder: Path | None, point: Mapping[str, Any], seed: int | None = None) -> Any:
    known = document.data.get(PARAMETERS) or {}
    parameters = {axis: value for axis, value in point.items() if axis in known}
    settings = {axis: value for axis, value in point.items() if axis not in known}
    if seed is not None:
        settings[SEED] = seed
    return load_document(document, folder, "experiment", parameters, settings)


def assert_as_loaded(document: Document, folder: Path | None, points: list[dict[str, Any]]) -> int:
    """Holds all points that can be loaded against their loaded selves; how many there were."""
    many = Identities(document, folder, list(points[0]), "analysis", None)
    compared = 0
    for point in points:
        (found,) = many.points(point)
        try:
            experiment = loaded(document, folder, point)
        except SpecError:
            continue
        analysis = experiment.resolved().get("analysis")
        assert found.run_id == experiment.run_id, point
        assert found.id == point_id(experiment.run_id, analysis, "analysis")
        assert found.seed == experiment.simulation.seed
        compared += 1
    return compared


def grid(axes: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    points = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    # In no order, so that what was read before is asked for after something else.
    random.Random(1).shuffle(points)
    return points


class TestAsLoaded:
    @pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
    def test_the_shipped_experiments_with_each_parameter_changed(self, path: Path) -> None:
        document = read_document(path)
        document.data.pop("sweep", None)
        parameters = document.data.get(PARAMETERS) or {}
        points: list[dict[str, Any]] = [{}, {"simulation.seed": 5}, {"title": "Another"}]
        points += [{name: f"({raw}) * 1.25"} for name, raw in list(parameters.items())[:5]]
        names = sorted({axis for point in points for axis in point})
        # Each point says something about each axis.
        unchanged = {**parameters, "simulation.seed": document.data["simulation"].get("seed", 1)}
        unchanged["title"] = document.data.get("title", "")
        full = [{axis: point.get(axis, unchanged[axis]) for axis in names} for point in points]
        assert assert_as_loaded(document, path.parent, full) >= 3

    @pytest.mark.parametrize(
        "axes",
        [
            {"g": [1, 1.5, "3"], "J": ["10 pA", "0.02 nA", "g * 5 pA"]},
            {"n": [3, "g * g"], "g": [2, 5]},
            {"populations.exc.size": [8, 9.0, "n"], "n": [5, 8]},
            {"populations.exc.neuron.tau_m": ["10 ms", "tau"], "tau": ["5 ms", "10 ms"]},
            {"populations.inh.neuron": [{"model": "lif"}, {"model": "qif"}, "lif"]},
            {"simulation.duration": ["0.2 s", "300 ms", "3 * T"], "T": ["50 ms", "100 ms"]},
            {"inputs.wind.to": ["exc", ["exc"], ["exc", "inh"]], "inputs.wind.sd": ["J", "10 pA"]},
            {"projections.drive.to[0]": ["inh", "exc"]},
            {"record.spikes": [["exc"], ["exc", "inh"], {"exc": {"neurons": 2}}], "g": [1, 2]},
            {"record": [{}, {"spikes": ["exc"]}]},
            {"parameters.g": [1, 2], "parameters.unused": ["1 mV", 3]},
            {"parameters": [{"g": 1, "J": "1 pA", "T": "50 ms", "tau": "5 ms", "n": 5}]},
            {"analysis": [["mean_rate"], ["cv_isi", "mean_rate"], None], "g": [1, 2]},
            {"analysis[0].metric": ["mean_rate", "cv_isi"]},
            {"projections": [{}], "phases": [{}]},
            {"simulation.seed": [1, 2], "simulation.trials": [1, 3]},
        ],
        ids=", ".join,
    )
    def test_whatever_varies(self, document: Document, axes: dict[str, list[Any]]) -> None:
        assert assert_as_loaded(document, None, grid(axes)) > 0

    def test_receptors_that_synapses_share_at_some_points(self, document: Document) -> None:
        # Both projections with 10 ms, written the same, share one receptor; '2 * tau' is the same time, but not text.
        axis = "projections.drive.synapse.tau_syn"
        assert assert_as_loaded(document, None, grid({axis: ["5 ms", "10 ms", "2 * tau"], "g": [1, 2]})) == 6

    def test_phases_whose_parts_vary(self, document: Document) -> None:
        axes = {
            "phases.loud.start": ["20 ms", "T", "120 ms"],
            "phases.loud.parameters.J": ["20 pA", "10 pA", "2 * g * 1 pA"],
            "g": [1, 2],
        }
        assert assert_as_loaded(document, None, grid(axes)) == 18

    def test_more_values_than_are_remembered(self, document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("snnrun.sweep.plan.resolver._MAX_REMEMBERED", 2)
        assert assert_as_loaded(document, None, grid({"g": [1, 2, 3, 4], "J": ["1 pA", "2 pA", "3 pA"]})) == 12

    @pytest.mark.parametrize("room", OWN)
    def test_entries_that_the_user_has_added(self, own_catalog: Any, room: str) -> None:
        place, entry, settings = OWN[room]
        own_catalog(room, entry)
        name = {ROOMS[room]: "own", **settings}
        document = parse_document(TWO_CELLS, "two cells")
        axes = {place: [name, {**name, ROOMS[room]: entry}], "g": [1, 2], "T": ["100 ms", "0.2 s"]}
        assert assert_as_loaded(document, None, grid(axes)) == 8
        stored = loaded(document, None, {place: name}).resolved()
        assert load_document(Document(stored), None, "experiment").resolved() == stored


class TestEditedEntries:
    """An entry that the user has edited is another one, even where its name and its parameters are the same."""

    @pytest.mark.parametrize("room", OWN)
    def test_what_was_computed_before_is_not_taken_for_what_would_be_computed_now(
        self, own_catalog: Any, room: str
    ) -> None:
        place, entry, settings = OWN[room]
        document = parse_document(TWO_CELLS, "two cells")
        point = {place: {ROOMS[room]: "own", **settings}}
        found = []
        for edit in ({}, {"from __future__": "# edited\nfrom __future__"}, {}):
            own_catalog(room, entry, edit)
            assert assert_as_loaded(document, None, [point]) == 1
            found += identities(document, [place]).points(point)
        before, edited, undone = found
        assert before == undone
        assert edited.id != before.id
        assert (edited.run_id == before.run_id) == (room == "metrics")

    def test_the_standard_set_of_metrics_is_another_with_an_entry_of_ones_own(
        self, own_catalog: Any, document: Document
    ) -> None:
        standard = {"analysis": None}
        (ours,) = identities(document, ["analysis"]).points(standard)
        found = [ours]
        for edit in ({}, {"counts / duration": "2 * counts / duration"}):
            own_catalog("metrics", "mean_rate", edit)
            found += identities(document, ["analysis"]).points(standard)
        assert len({one.id for one in found}) == 3
        assert len({one.run_id for one in found}) == 1


class TestNames:
    def test_a_number_is_the_same_however_it_is_written(self, document: Document) -> None:
        many = identities(document, ["g", "J"])
        same = [{"g": 1, "J": "10 pA"}, {"g": 1.0, "J": "0.01 nA"}, {"g": "1", "J": "1e-11 A"}]
        assert len({many.points(point)[0] for point in same}) == 1

    def test_what_is_measured_and_kept_tells_points_apart_not_runs(self, document: Document) -> None:
        found = [identities(document, ["analysis"]).points({"analysis": [m]})[0] for m in ("mean_rate", "cv_isi")]
        found.append(identities(document, [], keep="full").points({})[0])
        assert len({one.id for one in found}) == 3
        assert len({one.run_id for one in found}) == 1

    def test_what_is_only_shown_tells_no_points_apart(self, document: Document) -> None:
        many = identities(document, ["title", "figures"])
        found = {many.points({"title": title, "figures": ["raster"]})[0] for title in ("One", "Two")}
        assert len(found) == 1

    @pytest.mark.parametrize("wrong", ["2 mV", "1 +", "unknown", None, True, [1], "n"])
    def test_what_is_no_experiment_has_a_name_of_its_own(self, document: Document, wrong: Any) -> None:
        many = identities(document, ["g"], seeds=2)
        names = {point.id for value in (1, wrong, 2) for point in many.points({"g": value})}
        assert len(names) == 6
        assert many.points({"g": wrong}) == identities(document, ["g"], seeds=2).points({"g": wrong})

    def test_a_path_that_leads_nowhere_is_for_the_checks_to_report(self, document: Document) -> None:
        assert len(identities(document, ["populations.ex.size"]).points({"populations.ex.size": 3})) == 1


class TestSeeds:
    def test_without_seeds_it_is_that_of_the_file(self, document: Document) -> None:
        assert [(point.replicate, point.seed) for point in identities(document, ["g"]).points({"g": 1})] == [(0, 7)]

    def test_listed_seeds_are_the_same_at_every_point(self, document: Document) -> None:
        many = identities(document, ["g"], seeds=[3, 1, 2])
        for g in (1, 2):
            assert [(point.replicate, point.seed) for point in many.points({"g": g})] == [(0, 3), (1, 1), (2, 2)]

    def test_a_seed_is_that_of_the_loaded_point(self, document: Document) -> None:
        many = identities(document, ["g"], seeds=3)
        for point in many.points({"g": 1.5}):
            assert loaded(document, None, {"g": 1.5}, point.seed).run_id == point.run_id

    def test_derived_seeds_differ_between_points_and_replicates(self, document: Document) -> None:
        many = identities(document, ["g"], seeds=1000)
        assert len({point.seed for g in (1, 2, 3) for point in many.points({"g": g})}) == 3000

    def test_the_order_of_axes_and_points_does_not_matter(self, document: Document) -> None:
        points = grid({"g": [1, 2], "J": ["10 pA", "20 pA"], "simulation.duration": ["0.2 s", "0.3 s"]})
        one = identities(document, ["g", "J", "simulation.duration"], seeds=2)
        other = identities(document, ["simulation.duration", "J", "g"], seeds=2)
        forwards = [one.points(point) for point in points]
        backwards = [other.points(dict(reversed(point.items()))) for point in reversed(points)]
        assert forwards == backwards[::-1]

    def test_more_replicates_keep_the_first_ones(self, document: Document) -> None:
        few, many = (identities(document, ["g"], seeds=n).points({"g": 1}) for n in (3, 5))
        assert many[:3] == few

    def test_what_makes_no_difference_to_the_run_makes_none_to_its_seeds(self, document: Document) -> None:
        many = identities(document, ["title", "g"], seeds=2)
        one, other = (many.points({"title": t, "g": g}) for t, g in (("One", 1), ("Two", "1.0")))
        assert one == other

    def test_another_seed_of_the_file_gives_other_seeds(self, document: Document) -> None:
        many = identities(document, [SEED], seeds=2)
        seeds = [point.seed for seed in (1, 2) for point in many.points({SEED: seed})]
        assert len(set(seeds)) == 4


@pytest.mark.parametrize("name", ["first_network", "vogels_2011"])  # without phases, and with
def test_a_run_is_named_after_all_that_is_simulated(name: str) -> None:
    experiment = load(ROOT / name / f"{name}.yaml")
    shown = {"title", "references", "analysis", "figures", "sweep"}
    simulated = {key: value for key, value in experiment.resolved().items() if key not in shown}
    text = json.dumps(simulated, sort_keys=True)
    assert experiment.run_id == hashlib.sha256(text.encode()).hexdigest()[:16]
