"""Columns of CSV, NPY and HDF5 files: the numbers that stand there, or a message that names the place."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from snnrun.datafiles import DataFileError, open_table, read_table
from snnrun.datafiles import csv_text as csv_module


def _csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _npy(folder: Path, array: NDArray[Any]) -> Path:
    path = folder / "table.npy"
    np.save(path, array)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2.5\n-3e-3,4\n",
        '"a","b"\r\n1,2.5\r\n-3e-3,4\r\n',
        "\ufeffa;b\n1;2.5\n-3e-3;4",
        "# by hand\n\na\tb\n1\t2.5  # first\n\n-3e-3\t4\n",
        "a b\n 1   2.5\n-3e-3 4\n",
    ],
)
def test_a_csv_is_read_however_it_is_written(tmp_path: Path, text: str) -> None:
    table = read_table(_csv(tmp_path, text))
    assert {name: values.tolist() for name, values in table.items()} == {"a": [1, -0.003], "b": [2.5, 4]}


def test_columns_without_names_are_numbers(tmp_path: Path) -> None:
    assert {key: v.tolist() for key, v in read_table(_csv(tmp_path, "1,2\n3,4\n")).items()} == {0: [1, 3], 1: [2, 4]}
    assert {key: v.tolist() for key, v in read_table(_npy(tmp_path, np.array([[1, 2]]))).items()} == {0: [1], 1: [2]}
    assert read_table(_npy(tmp_path, np.arange(3)))[0].tolist() == [0, 1, 2]


def test_records_have_names(tmp_path: Path) -> None:
    records = np.array([(1, 0.5), (2, 1.5)], dtype=[("source", "i4"), ("weight", "f8")])
    assert read_table(_npy(tmp_path, records), ["weight"])["weight"].tolist() == [0.5, 1.5]


def test_only_the_columns_asked_for_need_to_be_numbers(tmp_path: Path) -> None:
    path = _csv(tmp_path, "name,w\nAVAL,1\nAVAR,2\n")
    assert read_table(path, ["w"])["w"].tolist() == [1, 2]


def test_a_table_without_rows_is_empty(tmp_path: Path) -> None:
    assert read_table(_csv(tmp_path, "a,b\n"))["a"].shape == (0,)
    assert read_table(_npy(tmp_path, np.empty((0, 2))))[1].shape == (0,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n\n# note\n3,four\n", "line 5: 'four' is not a number"),
        ("1,2\n3\n", "line 2 has 1 column instead of 2"),
        ("1,2\n3,\n", "line 2: '' is not a number"),
        ("1;2\n0,5;3\n", "line 2: '0,5' is not a number"),
        ("a,b\n1,2\n3,nan\n", "line 3, column 'b': nan is not a finite number"),
        ("1,2\n# note\n-inf,3\n", "line 3, column 0: -inf is not a finite number"),
        ("", "is empty"),
        ("# only this\n", "is empty"),
        ("a,a\n1,2\n", "two columns are called 'a'"),
        (b"a\n\xff\xfe\n", "is not text in UTF-8"),
    ],
)
def test_what_is_wrong_in_a_csv_is_named_by_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(DataFileError, match=said):
        read_table(_csv(tmp_path, text))


def test_a_column_that_does_not_exist_is_refused_with_its_neighbour(tmp_path: Path) -> None:
    path = _csv(tmp_path, "source,target\n1,2\n")
    with pytest.raises(DataFileError, match=r"no column 'sorce'. Did you mean 'source'\?"):
        read_table(path, ["sorce"])
    with pytest.raises(DataFileError, match="no column 2: it has 2, counted from 0"):
        read_table(path, [2])
    with pytest.raises(DataFileError, match="no column -1"):
        read_table(path, [-1])


def test_more_values_than_allowed_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_module, "MAX_VALUES", 4)
    assert len(read_table(_csv(tmp_path, "1,2\n3,4\n"))) == 2
    with pytest.raises(DataFileError, match="more than 4 values"):
        read_table(_csv(tmp_path, "1,2\n3,4\n5,6\n"))


class _Payload:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was loaded",))


def test_pickles_are_refused_unopened(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="Python objects"):
        read_table(_npy(tmp_path, np.array([_Payload()], dtype=object)))
    (tmp_path / "table.npy").write_bytes(pickle.dumps(_Payload()))
    with pytest.raises(DataFileError, match="cannot be read as an array"):
        read_table(tmp_path / "table.npy")


def test_an_archive_under_another_name_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(3))
    (tmp_path / "a.npz").rename(tmp_path / "table.npy")
    with pytest.raises(DataFileError, match="cannot be read as an array"):
        read_table(tmp_path / "table.npy")


def test_an_array_announced_larger_than_its_file_takes_no_memory(tmp_path: Path) -> None:
    path = _npy(tmp_path, np.arange(3.0))
    path.write_bytes(path.read_bytes().replace(b"(3,), ", b"(9" + b"0" * 12 + b",), ", 1))
    with pytest.raises(DataFileError, match="cannot be read as an array"):
        read_table(path)


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.array(["1", "2"]), "not real numbers"),
        (np.array([1j]), "not real numbers"),
        (np.zeros((2, 2, 2)), "3 dimensions"),
        (np.float64(3), "0 dimensions"),
        (np.array([1.0, np.nan]), "row 1, column 0: nan is not a finite number"),
    ],
)
def test_an_array_of_anything_but_columns_of_numbers_is_refused(tmp_path: Path, array: NDArray[Any], said: str) -> None:
    with pytest.raises(DataFileError, match=said):
        read_table(_npy(tmp_path, array))


def test_an_unknown_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="the name must end in"):
        open_table(tmp_path / "table.xlsx")
    with pytest.raises(DataFileError, match="has no datasets"):
        open_table(_csv(tmp_path, "1\n"), dataset="x")


@pytest.fixture
def hdf5(tmp_path: Path) -> Path:
    path = tmp_path / "table.h5"
    with h5py.File(path, "w") as file:
        file["edges/source"], file["edges/target"] = np.array([2, 0]), np.array([1, 1])
        file["w"], file["short"] = np.eye(3), np.ones(1)
    return path


def test_datasets_of_an_hdf5_file_are_columns(hdf5: Path) -> None:
    table = read_table(hdf5, ["edges/source", "edges/target"])
    assert table["edges/source"].tolist() == [2, 0] and table["edges/target"].tolist() == [1, 1]
    assert open_table(hdf5, dataset="w").columns([2])[2].tolist() == [0, 0, 1]


def test_datasets_that_are_no_columns_of_one_table_are_refused(hdf5: Path) -> None:
    with pytest.raises(DataFileError, match=r"differ in length \(edges/source: 2, short: 1\)"):
        read_table(hdf5, ["edges/source", "short"])
    with pytest.raises(DataFileError, match="must have one dimension"):
        read_table(hdf5, ["w"])
    with pytest.raises(DataFileError, match="say which datasets"):
        read_table(hdf5)
    with pytest.raises(DataFileError, match="no 'sauce' in /edges"):
        read_table(hdf5, ["edges/sauce"])


def test_an_hdf5_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.h5").write_text("not HDF5")
    with pytest.raises(DataFileError, match=r"table\.h5"):
        read_table(tmp_path / "table.h5", ["w"])


def test_words_are_read_from_a_column_of_text(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    path.write_text('name,class\n"AVAL, left",AVA\n# comment\n AVAR ,AVA\n')
    assert open_table(path).texts("name") == ("AVAL, left", "AVAR")
    assert open_table(path).texts(1) == ("AVA", "AVA")
    path.write_text("name,class\nAVAL,AVA\nAVAR\n")
    with pytest.raises(DataFileError, match="line 3 has 1 column instead of 2"):
        open_table(path).texts("class")
    np.save(tmp_path / "cells.npy", np.ones((2, 2)))
    with pytest.raises(DataFileError, match="names are read from CSV files only"):
        open_table(tmp_path / "cells.npy").texts(0)
