"""Arrays as values of a field: SI units, fingerprint, and messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snnrun.datafiles import ArrayFile, DataFileError
from snnrun.units import UnitError, unit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "v.csv").write_text("v,w\n-60,1\n-55.5,2\n")
    (tmp_path / "one.csv").write_text("-60\n-55.5\n")
    return tmp_path


def test_values_are_in_si_units_with_their_dimension(folder: Path) -> None:
    array = ArrayFile.read({"file": "v.csv", "column": "v", "unit": "mV"}, folder)
    np.testing.assert_allclose(array.values, [-0.06, -0.0555], rtol=1e-15)
    assert array.dimension == unit("V").dimension
    assert array.bounds() == (-0.06, -0.0555)
    assert array.pretty() == "v.csv (2 values, -60 mV … -55.5 mV)"


def test_a_file_with_one_column_needs_no_name(folder: Path) -> None:
    assert ArrayFile.read({"file": "one.csv"}, folder).values.tolist() == [-60, -55.5]


def test_what_the_resolved_spec_holds_reads_back_to_the_same(folder: Path) -> None:
    array = ArrayFile.read({"file": "v.csv", "column": "v", "unit": "mV"}, folder)
    mapping = array.to_mapping()
    assert set(mapping) == {"file", "column", "unit", "sha256"}
    again = ArrayFile.read(mapping, folder)
    assert again == array and hash(again) == hash(array) and again.to_mapping() == mapping


def test_changed_data_are_noticed_and_other_columns_are_not(folder: Path) -> None:
    array = ArrayFile.read({"file": "v.csv", "column": "v", "unit": "mV"}, folder)
    (folder / "v.csv").write_text("w,v\n7,-60\n8,-55.5\n")
    assert ArrayFile.read(array.to_mapping(), folder) == array
    (folder / "v.csv").write_text("w,v\n7,-60\n8,-55.4\n")
    with pytest.raises(DataFileError, match=r"v\.csv has changed since"):
        ArrayFile.read(array.to_mapping(), folder)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"file": "v.csv"}, r"has 2 columns; say which \('column'\): v, w"),
        ({"column": "v"}, "'file' is missing"),
        ({"file": "v.csv", "colunm": "v"}, r"unknown key 'colunm'. Did you mean 'column'\?"),
        ({"file": 3}, "'file' must be text"),
        ({"file": "v.csv", "column": True}, "'column' must be text or a number from 0"),
        ({"file": "v.csv", "column": "V"}, "has no column 'V'"),
        ({"file": "../v.csv", "column": "v"}, "must be relative"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(folder: Path, mapping: dict[str, Any], said: str) -> None:
    with pytest.raises(DataFileError, match=said):
        ArrayFile.read(mapping, folder)


def test_an_unknown_unit_is_refused(folder: Path) -> None:
    with pytest.raises(UnitError, match="'furlong' is not a unit"):
        ArrayFile.read({"file": "one.csv", "unit": "furlong"}, folder)


def test_a_file_without_values_is_refused(folder: Path) -> None:
    (folder / "none.csv").write_text("v\n")
    with pytest.raises(DataFileError, match="holds no values"):
        ArrayFile.read({"file": "none.csv", "column": "v"}, folder)


def test_the_schema_knows_every_key_that_is_read() -> None:
    schema = ArrayFile.json_schema()
    assert set(schema["properties"]) == {"file", "column", "dataset", "unit", "sha256"}
    assert schema["additionalProperties"] is False
