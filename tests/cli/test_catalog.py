"""`snnrun catalog`: every building block explains itself, with an example that validates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snnrun.registry import ROOMS, entries
from snnrun.spec.catalog import describe_entries, example
from snnrun.spec.entries import read_entry
from snnrun.spec.reader import parse_value

ALL = [(room, name) for room in ROOMS for name in entries(room)]
every_entry = pytest.mark.parametrize(("room", "name"), ALL, ids=lambda part: part)


def test_all_rooms_and_entries_are_listed(snnrun):
    told = json.loads(snnrun("catalog", "--json").stdout)
    assert {room: set(found) for room, found in told.items()} == {room: set(entries(room)) for room in ROOMS}
    listed = snnrun("catalog").stdout
    assert all(name in listed for _, name in ALL)


@every_entry
def test_the_example_is_valid(room, name, tmp_path: Path):
    (tmp_path / "edges.csv").write_text("pre,post\n0,1\n")
    (tmp_path / "course.csv").write_text("time,factor\n0,1\n")
    (tmp_path / "current.csv").write_text("time,current\n0,1\n")
    (tmp_path / "points.csv").write_text("g,tau_m [ms]\n4,10\n")
    entry = read_entry(room, parse_value(example(room, entries(room)[name])), "example", tmp_path)
    assert type(entry) is entries(room)[name]


@every_entry
def test_an_entry_shows_its_parameters_with_meaning(snnrun, room, name):
    shown = snnrun("catalog", name)
    assert shown.exit_code == 0
    (description,) = [found for found in describe_entries(name) if found.room == room]
    assert description.explanation in shown.stdout
    for parameter in description.parameters:
        assert parameter.meaning.endswith(".") and parameter.meaning in shown.stdout
    for reference in description.references:
        assert reference.doi in shown.stdout


def test_a_default_that_is_a_list_is_written_as_one(snnrun):
    assert "= [degrees, matrix, kernel]" in snnrun("catalog", "connectivity").stdout


def test_a_neuron_shows_equations_units_and_defaults(snnrun):
    shown = snnrun("catalog", "lif").stdout
    assert "dv/dt = (v_rest - v + r_m * I_total) / tau_m : volt (unless refractory)" in shown
    assert "tau_m [ms, may vary] = 20 ms" in shown


def test_a_gap_junction_shows_what_flows_without_spikes(snnrun):
    shown = snnrun("catalog", "electrical").stdout
    assert "at any moment: I is the sum of weight * (v_pre - v_post)" in shown
    assert "at a spike" not in shown


def test_a_required_parameter_is_called_so(snnrun):
    assert "weight [mV, may vary] required" in snnrun("catalog", "delta").stdout


def test_a_name_of_two_rooms_shows_both(snnrun):
    assert [found["room"] for found in json.loads(snnrun("catalog", "psd", "--json").stdout)] == ["metrics", "figures"]


def test_an_unknown_name_is_guessed(snnrun):
    result = snnrun("catalog", "lief")
    assert result.exit_code == 2 and "Did you mean 'lif'?" in result.stderr
