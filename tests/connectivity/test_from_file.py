"""Connectivity from a file: what it lists is what is connected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from snnrun.connectivity import Ends, Neurons
from snnrun.connectivity.from_file import FromFile
from snnrun.quantities import Scope
from snnrun.units import unit

EDGES = "pre,post,w,d\n2,0,0.5,1.5\n0,1,0.25,2\n\n# measured twice\n0,1,0.75,1\n1,1,1,3\n"


def _rule(folder: Path, **settings: Any) -> FromFile:
    return FromFile.model_validate(settings, context=Scope(folder=folder))


def _edges(folder: Path, text: str = EDGES, **settings: Any) -> FromFile:
    (folder / "edges.csv").write_text(text)
    return _rule(folder, file="edges.csv", **{"source": "pre", "target": "post", **settings})


def _message(rule: FromFile, n_source: int, n_target: int) -> str:
    message = rule.problem(Ends(n_source, n_target, False))
    assert message is not None
    return message


def test_an_edge_list_keeps_autapses_multapses_and_the_values_of_each_synapse(tmp_path: Path) -> None:
    rule = _edges(tmp_path, weight={"column": "w", "unit": "nS"}, delay={"column": "d", "unit": "ms"})
    assert rule.problem(Ends(3, 2, False)) is None
    synapses = rule.connect(Ends(3, 2, False), np.random.default_rng(1))
    assert synapses.source_ids.tolist() == [0, 0, 1, 2] and synapses.target_ids.tolist() == [1, 1, 1, 0]
    assert synapses.weight is not None and synapses.delay is not None
    np.testing.assert_allclose(synapses.weight, [0.25e-9, 0.75e-9, 1e-9, 0.5e-9], rtol=1e-15)
    np.testing.assert_allclose(synapses.delay, [2e-3, 1e-3, 3e-3, 1.5e-3], rtol=1e-15)


def test_weights_and_delays_show_their_dimension_and_bounds(tmp_path: Path) -> None:
    rule = _edges(tmp_path, weight={"column": "w", "unit": "nS"}, delay={"column": "d", "unit": "ms"})
    weights, delays = rule.weights(), rule.delays()
    assert weights is not None and delays is not None
    assert weights.dimension == unit("nS").dimension and weights.bounds() == pytest.approx((0.25e-9, 1e-9))
    assert delays.bounds() == pytest.approx((1e-3, 3e-3))
    assert _edges(tmp_path).weights() is None


def test_a_matrix_connects_rows_to_columns_where_it_is_not_zero(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.array([[0.0, 2.0, 0.0], [-1.0, 0.0, 3.0]]))
    rule = _rule(tmp_path, file="w.npy", layout="matrix", weight={"unit": "mV"})
    assert rule.problem(Ends(2, 3, False)) is None
    synapses = rule.connect(Ends(2, 3, False), np.random.default_rng(1))
    assert synapses.source_ids.tolist() == [0, 1, 1] and synapses.target_ids.tolist() == [1, 0, 2]
    assert synapses.weight is not None
    np.testing.assert_allclose(synapses.weight, [2e-3, -1e-3, 3e-3], rtol=1e-15)


def test_a_list_without_names_is_read_by_number(tmp_path: Path) -> None:
    np.save(tmp_path / "edges.npy", np.array([[1, 0], [0, 2]], np.int32))
    rule = _rule(tmp_path, file="edges.npy", source=0, target=1)
    assert rule.connect(Ends(2, 3, False), np.random.default_rng(1)).target_ids.tolist() == [2, 0]
    assert "has no names of columns" in _message(_rule(tmp_path, file="edges.npy"), 2, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pre,post\n0,0\n# comment\n3,1\n", "edges.csv: line 4: there is no source neuron 3; the source has 3 neurons"),
        ("pre,post\n0,0\n1,-1\n", "line 3: there is no target neuron -1"),
        ("pre,post\n0,0.5\n", "line 2: there is no target neuron 0.5"),
        ("pre,post\n0,x\n", "line 2: 'x' is not a number"),
        ("pre,post\n0,0\n0\n", "line 3 has 1 column instead of 2"),
        ("pre,post\n0,nan\n", "line 2, column 'post': nan is not a finite number"),
        ("pre,pots\n0,0\n", "no column 'post'. Did you mean 'pots'?"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in _message(_edges(tmp_path, text), 3, 2)


def test_a_matrix_of_another_shape_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.ones((2, 3)))
    assert "2 × 3, the populations have 3 (source) and 2 (target)" in _message(
        _rule(tmp_path, file="w.npy", layout="matrix"), 3, 2
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"weight": {"unit": "nS"}}, "name its 'column'"),
        ({"layout": "matrix", "weight": {"column": "w", "unit": "nS"}}, "leave 'column' out"),
        ({"layout": "matrix", "weight": {"unit": "nS"}, "delay": {"unit": "ms"}}, "not both"),
        ({"delay": {"column": "d", "unit": "nS"}}, "is a time such as 'ms', not 'nS'"),
        ({"weight": {"column": "w", "unit": "lightyear"}}, "'lightyear' is not a unit"),
    ],
)
def test_settings_that_do_not_fit_are_refused(tmp_path: Path, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _edges(tmp_path, **settings)


def test_a_file_outside_the_folder_of_the_experiment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="must be relative"):
        _rule(tmp_path, file="../edges.csv")


def test_the_resolved_rule_notices_that_the_file_has_changed(tmp_path: Path) -> None:
    resolved = _edges(tmp_path).model_dump(mode="json")
    assert _rule(tmp_path, **resolved) == _edges(tmp_path)
    (tmp_path / "edges.csv").write_text(EDGES + "2,1,1,1\n")
    with pytest.raises(ValidationError, match="has changed since"):
        _rule(tmp_path, **resolved)


def test_a_list_without_rows_connects_nothing(tmp_path: Path) -> None:
    rule = _edges(tmp_path, "pre,post,w\n", weight={"column": "w", "unit": "nS"})
    assert rule.problem(Ends(3, 2, False)) is None
    assert rule.connect(Ends(3, 2, False), np.random.default_rng(1)).n == 0
    assert rule.weights() is None


WORM = "pre,post,gaps\nAVAL,PVCR,2\nPVCR,DB1,1\nDB1,DB1,4\nAVAL,DB1,3\n"
CELLS = ("DB1", "AVAL", "PVCR")


def _worm(folder: Path, text: str = WORM, **settings: Any) -> FromFile:
    return _edges(folder, text, neurons="labels", **settings)


def _cells(same: bool = True, labels: tuple[str, ...] | None = CELLS) -> Ends:
    neurons = Neurons(labels=labels)
    return Ends(3, 3, same, neurons, neurons)


def test_neurons_are_found_by_their_labels(tmp_path: Path) -> None:
    rule = _worm(tmp_path, weight={"column": "gaps", "unit": "nS"})
    assert rule.problem(_cells()) is None
    synapses = rule.connect(_cells(), np.random.default_rng(1))
    assert synapses.source_ids.tolist() == [0, 1, 1, 2] and synapses.target_ids.tolist() == [0, 0, 2, 0]
    assert synapses.weight is not None
    np.testing.assert_allclose(synapses.weight, [4e-9, 3e-9, 2e-9, 1e-9])


def test_a_symmetric_list_connects_each_pair_both_ways_with_one_weight(tmp_path: Path) -> None:
    rule = _worm(tmp_path, weight={"column": "gaps", "unit": "nS"}, symmetric=True)
    assert rule.problem(_cells()) is None
    synapses = rule.connect(_cells(), np.random.default_rng(1))
    weights = np.zeros((3, 3))
    assert synapses.weight is not None
    weights[synapses.source_ids, synapses.target_ids] = synapses.weight
    np.testing.assert_allclose(weights, 1e-9 * np.array([[4, 3, 1], [3, 0, 2], [1, 2, 0]]))
    assert synapses.n == rule.expected_synapses(_cells()) == 7  # an autapse has no way back
    assert np.all(np.diff(synapses.source_ids * 3 + synapses.target_ids) > 0)


MOTOR, COMMAND = Neurons(labels=("DB1",)), Neurons(labels=("PVCR", "AVAL"))


def test_one_file_holds_the_synapses_of_several_populations(tmp_path: Path) -> None:
    """Together, the projections within and between two populations have each row once."""
    rule = _worm(tmp_path, weight={"column": "gaps", "factor": "0.5 pS"}, subset=True)
    down, up = Ends(2, 1, False, COMMAND, MOTOR), Ends(1, 2, False, MOTOR, COMMAND)
    assert rule.problem(down) is None and rule.problem(up) is None
    synapses = rule.connect(down, np.random.default_rng(1))
    assert synapses.source_ids.tolist() == [0, 1] and synapses.target_ids.tolist() == [0, 0]
    assert synapses.weight is not None
    np.testing.assert_allclose(synapses.weight, [0.5e-12, 1.5e-12])
    within = [rule.expected_synapses(Ends(1, 1, True, MOTOR, MOTOR)), rule.expected_synapses(_two(COMMAND))]
    assert [*within, rule.expected_synapses(down), rule.expected_synapses(up)] == [1, 1, 2, 0]


def test_gap_junctions_between_two_populations_conduct_both_ways(tmp_path: Path) -> None:
    rule = _worm(tmp_path, weight={"column": "gaps", "unit": "pS"}, subset=True, symmetric=True)
    down, up = Ends(2, 1, False, COMMAND, MOTOR), Ends(1, 2, False, MOTOR, COMMAND)
    assert rule.problem(down) is None and rule.problem(up) is None
    there, back = (rule.connect(ends, np.random.default_rng(1)) for ends in (down, up))
    assert there.source_ids.tolist() == back.target_ids.tolist() == [0, 1]
    assert there.weight is not None and back.weight is not None
    np.testing.assert_allclose(there.weight, [1e-12, 3e-12])
    np.testing.assert_allclose(back.weight, there.weight)
    assert rule.connect(_two(COMMAND), np.random.default_rng(1)).source_ids.tolist() == [0, 1]


def _two(neurons: Neurons) -> Ends:
    return Ends(2, 2, True, neurons, neurons)


def test_a_subset_is_found_by_labels_of_which_the_file_must_have_some(tmp_path: Path) -> None:
    stranger = Neurons(labels=("AVM",))
    assert "edges.csv has no neuron of the target." in (
        _worm(tmp_path, subset=True).problem(Ends(2, 1, False, COMMAND, stranger)) or ""
    )
    with pytest.raises(ValidationError, match="needs 'neurons: labels'"):
        _edges(tmp_path, subset=True)


def test_a_symmetric_matrix_is_completed_from_its_half(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]]))
    rule = _rule(tmp_path, file="w.npy", layout="matrix", symmetric=True)
    synapses = rule.connect(Ends(3, 3, True), np.random.default_rng(1))
    assert synapses.source_ids.tolist() == [0, 1, 1, 2] and synapses.target_ids.tolist() == [1, 0, 2, 1]


@pytest.mark.parametrize(
    ("text", "settings", "ends", "said"),
    [
        (WORM + "AVAR,DB1,1\n", {}, _cells(), "line 6: no neuron of the source is called 'AVAR'. Did you mean 'AVAL'?"),
        (WORM + "DB1,XXX,1\n", {}, _cells(), "line 6: no neuron of the target is called 'XXX'. Correct the file or"),
        (WORM, {"weight": {"column": "gap"}}, _cells(), "edges.csv has no column 'gap'. Did you mean 'gaps'?"),
        (WORM + "DB1,DB1,few\n", {"weight": {"column": "gaps"}}, _cells(), "line 6: 'few' is not a number"),
        (WORM, {}, _cells(labels=None), "the neurons of the source have no labels. Write 'labels: {file: …"),
        (WORM, {"symmetric": True}, _cells(same=False), "must be the same population"),
        (WORM + "DB1,PVCR,1\n", {"symmetric": True}, _cells(), "line 3: this pair is listed in both directions"),
    ],
)
def test_labels_and_pairs_that_cannot_be_are_named_by_their_line(
    tmp_path: Path, text: str, settings: dict[str, Any], ends: Ends, said: str
) -> None:
    assert said in (_worm(tmp_path, text, **settings).problem(ends) or "")


def test_the_matrix_has_no_labels(tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.ones((2, 2)))
    with pytest.raises(ValidationError, match="have numbers, not labels"):
        _rule(tmp_path, file="w.npy", layout="matrix", neurons="labels")
