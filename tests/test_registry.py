"""Entries that the user adds: they are as good as ours, and another file is another entry."""

from __future__ import annotations

import hashlib
import json
import sys

import pytest

from snnrun.errors import UserError
from snnrun.figures.stored import neuron_of
from snnrun.metrics.theory.reading import NotCoveredError, lif_network
from snnrun.network.loading import loads
from snnrun.registry import entries
from snnrun.results.recording import Recording
from snnrun.spec.catalog import describe_entries
from snnrun.spec.entries import read_entry
from snnrun.spec.json_schema import json_schema

OWN_NEURON = """
snnrun: 1
populations: {cells: {size: 5, neuron: {model: own}}}
simulation: {duration: 100 ms}
"""
COMMENT = {"def dynamics": "# better\n    def dynamics"}


def test_a_resolved_experiment_names_the_file_of_an_added_entry(own_catalog):
    file = own_catalog("neurons", "lif")
    stored = loads(OWN_NEURON).resolved()["populations"]["cells"]["neuron"]
    assert stored["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_our_own_entries_have_no_file_there(own_catalog):
    own_catalog("neurons", "lif")
    assert "sha256" not in loads(OWN_NEURON.replace("own", "lif")).resolved()["populations"]["cells"]["neuron"]


@pytest.mark.parametrize("edit", [{}, COMMENT], ids=["unchanged", "changed"])
def test_a_resolved_experiment_is_read_with_the_file_that_is_there(own_catalog, edit):
    own_catalog("neurons", "lif")
    stored = loads(OWN_NEURON).resolved()
    own_catalog("neurons", "lif", edit)
    now = loads(json.dumps(stored)).resolved()
    assert (now == stored) == (not edit)
    assert now == loads(OWN_NEURON).resolved()


def test_a_recording_of_an_edited_entry_can_still_be_looked_at(own_catalog):
    own_catalog("neurons", "lif")
    stored = loads(OWN_NEURON).resolved()
    own_catalog("neurons", "lif", COMMENT)
    recording = Recording("abc", "", 1, 1e-4, 1000, 0, {}, {}, spec_resolved=stored)
    assert neuron_of(recording, "cells") == entries("neurons")["own"]()
    with pytest.raises(NotCoveredError, match="own neurons"):  # rather than that it could not be read
        lif_network(stored)


def test_an_edit_counts_even_when_neither_length_nor_second_changes(own_catalog, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for threshold in range(50, 60):
        own_catalog("neurons", "lif", {"-50 mV": f"-{threshold} mV"})
        assert entries("neurons")["own"]().v_thresh.value == pytest.approx(-threshold / 1e3)


def test_an_added_file_is_plain_python(own_catalog):
    # Whoever imports it must not lend it his own `from __future__ import annotations`.
    path = own_catalog("neurons", "lif", {"from __future__ import annotations": "def unit() -> 1 + 1: ..."})
    assert path.exists() and entries("neurons")["own"].dynamics.__globals__["unit"].__annotations__ == {"return": 2}


def test_the_name_of_the_key_is_taken(own_catalog):
    own_catalog("neurons", "lif", {"    tau_m:": "    sha256: float = 0.0\n    tau_m:"})
    with pytest.raises(UserError, match=r"own\.py: 'sha256' stands for the file itself"):
        entries("neurons")


def test_people_and_editors_see_only_what_one_writes(own_catalog):
    own_catalog("neurons", "lif")
    ours, own = (describe_entries(name)[0] for name in ("lif", "own"))
    assert (own.parameters, own.equations) == (ours.parameters, ours.equations)
    known = [section["properties"] for section in json_schema()["$defs"].values() if "properties" in section]
    (keys,) = (set(section) for section in known if section.get("model", {}).get("const") == "own")
    assert keys == {"model", *(parameter.name for parameter in own.parameters)}
    assert read_entry("neurons", "own", "here") == entries("neurons")["own"]()
