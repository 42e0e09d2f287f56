"""Results of points as files: what is written is read, and nothing else is."""

from __future__ import annotations

import math
import random
from contextlib import suppress
from dataclasses import replace

import h5py
import numpy as np
import pytest

from snnrun.errors import ResultsError
from snnrun.results.analysis import Analysis, Measurement, Series
from snnrun.results.point_result import PointResult
from snnrun.results.store import write_analysis
from snnrun.results.store.points import point_to_tree, read_point, read_summary, write_point
from snnrun.results.store.tree import Dataset, Group
from snnrun.results.store.writing import write_tree

ANALYSIS = Analysis(
    run_id="0123456789abcdef",
    window=(0.1, 1.0),
    measurements={
        "exc": {
            "mean_rate": Measurement(
                12.5, "Hz", 80, {"rates": Series(np.arange(80.0), "Hz")}, {"bin": "1 ms"}, "short"
            ),
            "cv_isi": Measurement(math.nan, "1", 0),
        },
        "network": {"regime": Measurement("AI", "", 100)},
    },
    definitions={"mean_rate": "spikes per second", "cv_isi": "SD of intervals over their mean", "regime": "by name"},
)
RESULT = PointResult(
    point="0123456789abcdef",
    run_id="0123456789abcdef",
    seconds=0.25,
    analysis=ANALYSIS,
    spec_resolved={"snnrun": 1, "parameters": {"g": 4.5}},
    provenance={"compiler": "g++ 12", "n_cpus": 2, "wall_time_simulate": 0.2},
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / f"{RESULT.point}.h5"


def plain(measurements):
    return {
        (population, metric): (repr(one.value), one.unit, one.n_valid, dict(one.parameters), one.note, set(one.series))
        for population, metrics in measurements.items()
        for metric, one in metrics.items()
    }


def measurements_of(result):
    return result.analysis.measurements if isinstance(result, PointResult) else result.measurements


def numbers(measurements):
    return {key: values[:3] for key, values in plain(measurements).items()}


def test_what_is_written_is_read(path):
    write_point(RESULT, path)
    read = read_point(path)
    assert replace(read, analysis=ANALYSIS) == RESULT
    assert (read.analysis.run_id, read.analysis.window) == (ANALYSIS.run_id, ANALYSIS.window)
    assert plain(read.analysis.measurements) == plain(ANALYSIS.measurements)
    assert list(read.analysis.measurements) == ["exc", "network"]
    rates = read.analysis.measurements["exc"]["mean_rate"].series["rates"]
    np.testing.assert_array_equal(rates.data, np.arange(80.0))


def test_of_a_summary_the_numbers_stay_and_their_units_and_labels(path):
    write_point(replace(RESULT, is_summary=True), path)
    read = read_point(path)
    assert read.is_summary
    assert read.analysis.window == ANALYSIS.window
    assert numbers(read.analysis.measurements) == numbers(ANALYSIS.measurements)
    with h5py.File(path) as file:
        assert list(file["analysis"]) == ["summary"]


@pytest.mark.parametrize("is_summary", [False, True])
def test_the_numbers_can_be_read_alone(path, is_summary):
    write_point(replace(RESULT, is_summary=is_summary), path)
    summary = read_summary(path)
    assert (summary.point, summary.run_id, summary.seconds) == (RESULT.point, RESULT.run_id, RESULT.seconds)
    assert numbers(summary.measurements) == numbers(ANALYSIS.measurements)


def test_a_network_without_recorded_spikes_has_no_numbers(path):
    write_point(replace(RESULT, analysis=replace(ANALYSIS, measurements={}, definitions={})), path)
    assert read_summary(path).measurements == {}
    assert read_point(path).analysis.measurements == {}


def test_times_and_machines_are_in_no_dataset(tmp_path):
    first, second = tmp_path / "first.h5", tmp_path / "second.h5"
    write_point(RESULT, first)
    write_point(replace(RESULT, seconds=7.0, provenance={"cpu": "another"}), second)

    def datasets(path):
        found = {}
        with h5py.File(path) as file:
            file.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
            # The table of contents has digests of the attributes as well.
            return {name: item[()].tobytes() for name, item in found.items() if name != "_contents"}

    assert datasets(first) == datasets(second)
    assert {"analysis/summary", "analysis/exc/mean_rate/rates", "spec/resolved"} == set(datasets(first))


@pytest.mark.parametrize("read", [read_point, read_summary])
class TestRefuses:
    def test_a_file_that_is_missing(self, path, read):
        with pytest.raises(ResultsError, match="does not exist"):
            read(path)

    def test_a_file_of_another_kind(self, path, read):
        write_analysis(ANALYSIS, path)
        with pytest.raises(ResultsError, match="is not a snnrun point, but a snnrun analysis"):
            read(path)

    def test_a_newer_version(self, path, read):
        tree = point_to_tree(RESULT)
        write_tree(Group(tree.members, {**tree.attributes, "version": 99}), path)
        with pytest.raises(ResultsError, match="newer snnrun"):
            read(path)

    @pytest.mark.parametrize("table", [Dataset("text"), Dataset(np.zeros(3)), Dataset(np.zeros(2, [("value", "f8")]))])
    def test_a_table_of_other_columns(self, path, read, table):
        tree = point_to_tree(replace(RESULT, is_summary=True))
        analysis = Group({"summary": table}, tree.group("analysis").attributes)
        write_tree(Group({**tree.members, "analysis": analysis}, tree.attributes), path)
        with pytest.raises(ResultsError, match="should be a table of values"):
            read(path)

    def test_a_number_that_was_changed(self, path, read):
        write_point(RESULT, path)
        with h5py.File(path, "r+") as file:
            table = file["analysis/summary"][()]
            table["value"][0] = 99.0
            file["analysis/summary"][...] = table
        with pytest.raises(ResultsError, match="/analysis/summary is not as it was written"):
            read(path)

    def test_a_link_out_of_the_file(self, path, tmp_path, read):
        write_point(RESULT, path)
        write_point(RESULT, tmp_path / "other.h5")
        with h5py.File(path, "r+") as file:
            del file["analysis/summary"]
            file["analysis/summary"] = h5py.ExternalLink("other.h5", "analysis/summary")
        with pytest.raises(ResultsError, match="leads elsewhere"):
            read(path)

    def test_damage_anywhere_without_falling_over(self, path, read):
        write_point(RESULT, path)
        whole, chance = path.read_bytes(), random.Random(1)
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(chance.randrange(1, 8)):
                damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            path.write_bytes(damaged[: chance.choice([len(whole), chance.randrange(len(whole))])])
            with suppress(ResultsError):
                assert numbers(measurements_of(read(path))) == numbers(ANALYSIS.measurements)
            path.unlink()


def test_a_population_cannot_be_called_as_the_table_is(path):
    analysis = replace(ANALYSIS, measurements={"summary": {}})
    with pytest.raises(ResultsError, match="another name"):
        write_point(replace(RESULT, analysis=analysis), path)
