"""The folder of a sweep: how it is found, and what one look at it tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from snnrun.errors import ResultsError, UserError
from snnrun.sweep.files.folder import SweepFolder, find_sweep

NET = "snnrun: 1\npopulations: {a: {size: 2, neuron: {model: lif}}}\nsimulation: {duration: 50 ms}\n"


@pytest.fixture
def sweep(fake_sweep):
    return fake_sweep({"g": [3, 4, 5]})


def test_a_sweep_is_found_by_its_folder_and_by_a_file_in_it(sweep):
    for target in (sweep.folder.path, sweep.folder.plan_file, sweep.folder.makefile, sweep.folder.points):
        assert find_sweep(target, Path("elsewhere")) == sweep.folder


def test_a_sweep_is_found_by_its_experiment_and_its_name(sweep, tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(NET)
    assert find_sweep(file, tmp_path / "results") == sweep.folder
    with pytest.raises(UserError, match=r"its sweep 'fine' has not been planned yet .* --name fine"):
        find_sweep(file, tmp_path / "results", "fine")
    with pytest.raises(UserError, match=r"its sweep has not been planned yet in .* sweep plan \S*net.yaml$"):
        find_sweep(file, tmp_path / "other")


@pytest.mark.parametrize("target", ["..", "../points", "../../sweep", "../sweep.mk"])
def test_results_and_target_are_the_same_wherever_one_stands(sweep, monkeypatch, target):
    monkeypatch.chdir(sweep.folder.points)
    found = find_sweep(Path(target), Path("results"))
    assert found == sweep.folder
    assert found.results == sweep.folder.results


def test_a_link_to_a_sweep_or_to_all_results_leads_to_them(sweep, tmp_path):
    (tmp_path / "mine").symlink_to(sweep.folder.path)
    (tmp_path / "all").symlink_to(sweep.folder.results)
    for target in ("mine", "all/net/sweep"):
        found = find_sweep(tmp_path / target, Path("results"))
        assert (found.path, found.results) == (sweep.folder.path, sweep.folder.results)


def test_where_no_sweep_is_one_is_told_of_those_there_are(sweep, tmp_path):
    for target, fault in ((tmp_path, "holds no sweep"), (tmp_path / "nowhere", "does not exist")):
        with pytest.raises(UserError, match=rf"{target}: {fault}\. Did you mean {sweep.folder.path}\?"):
            find_sweep(target, tmp_path / "results")
        with pytest.raises(UserError, match=rf"{target}: {fault}\. Plan one first"):
            find_sweep(target, tmp_path / "other results")


def test_one_look_tells_what_is_done_failed_and_claimed(sweep):
    done, failed, claimed = (sweep.id(index) for index in range(3))
    for path in (sweep.folder.result(done), sweep.folder.failure(done), sweep.folder.claim(done)):
        path.touch()
    sweep.folder.failure(failed).touch()
    sweep.folder.claim(claimed).touch()
    (sweep.folder.points / f".{claimed}.h5.tmp").touch()
    scan = sweep.folder.scan()
    assert (scan.done, scan.failed, scan.claimed) == ({done}, {failed}, {claimed})


def test_before_anything_is_written_nothing_is_done(tmp_path):
    assert not SweepFolder.of(tmp_path, "net").scan().done


def test_a_folder_of_points_that_cannot_be_read_is_told(sweep):
    sweep.folder.points.rmdir()
    sweep.folder.points.touch()
    with pytest.raises(ResultsError, match="points: cannot be read: Not a directory"):
        sweep.folder.scan()


def test_a_name_must_be_that_of_a_folder(tmp_path):
    with pytest.raises(UserError, match="--name 'a/b' cannot be part of the name of a folder"):
        SweepFolder.of(tmp_path, "net", "a/b")
