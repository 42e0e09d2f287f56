"""An experiment from somebody else reads only regular files below its own folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from snnrun.datafiles import DataFileError, resolve
from snnrun.datafiles import location as location_module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An experiment's folder with one file of data, beside a file that is none of its business."""
    (tmp_path / "secret.csv").write_text("1\n")
    inside = tmp_path / "experiment"
    (inside / "data").mkdir(parents=True)
    (inside / "data" / "weights.csv").write_text("1\n")
    return inside


@pytest.mark.parametrize("text", ["data/weights.csv", "./data/weights.csv", "data//weights.csv"])
def test_a_file_below_the_folder_is_found(folder: Path, text: str) -> None:
    assert resolve(folder, text) == folder / "data" / "weights.csv"


@pytest.mark.parametrize(
    "text", ["../secret.csv", "data/../../secret.csv", "data/../data/weights.csv", "/etc/passwd", "..", "a\\b.csv"]
)
def test_a_path_that_could_leave_the_folder_is_refused(folder: Path, text: str) -> None:
    with pytest.raises(DataFileError, match="must be relative"):
        resolve(folder, text)


@pytest.mark.parametrize("text", ["", "  ", "data/w\0.csv", "data/w\n.csv"])
def test_what_is_no_name_is_refused(folder: Path, text: str) -> None:
    with pytest.raises(DataFileError, match="is not the name of a file"):
        resolve(folder, text)


def test_a_symbolic_link_is_refused_as_file_and_as_folder(folder: Path) -> None:
    (folder / "data" / "link.csv").symlink_to(folder.parent / "secret.csv")
    (folder / "up").symlink_to(folder.parent)
    with pytest.raises(DataFileError, match=r"symbolic link \(link.csv\)"):
        resolve(folder, "data/link.csv")
    with pytest.raises(DataFileError, match=r"symbolic link \(up\)"):
        resolve(folder, "up/secret.csv")


def test_what_is_no_regular_file_is_refused_without_waiting_for_it(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    for text in ("pipe.csv", "data", "."):
        with pytest.raises(DataFileError, match="is not a file"):
            resolve(folder, text)


def test_a_file_as_folder_is_refused(folder: Path) -> None:
    with pytest.raises(DataFileError, match="cannot be reached"):
        resolve(folder, "data/weights.csv/more.csv")


def test_a_file_that_does_not_exist_is_refused_with_its_neighbour(folder: Path) -> None:
    with pytest.raises(DataFileError, match=r"does not exist in .*\. Did you mean 'weights.csv'\?"):
        resolve(folder, "data/wieghts.csv")


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(location_module.MAX_BYTES + 1)  # sparse: takes no room on the disk
    with pytest.raises(DataFileError, match="larger than 4 GiB"):
        resolve(folder, "huge.csv")


def test_an_experiment_that_is_no_file_has_no_data_files() -> None:
    with pytest.raises(DataFileError, match="needs the folder of its data"):
        resolve(None, "data/weights.csv")
