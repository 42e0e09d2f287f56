"""`snnrun doctor`: what is broken is named, with what to do about it."""

from __future__ import annotations

import json

import pytest

from snnrun.errors import BuildError
from snnrun.simulation import compiler


def test_a_working_machine_simulates_as_theory_says(snnrun):
    result = snnrun("doctor", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["ok"]
    found = {finding["what"]: finding["found"] for finding in told["findings"]}
    here = {"processor", "threads", "cache", "free memory", "free disk here"}
    assert {"python", "brian2", "compiler", *here, "simulation"} <= set(found)
    assert "23.9 ms" in found["simulation"]


@pytest.fixture
def no_compiler(monkeypatch):
    compiler.find_compiler.cache_clear()
    monkeypatch.setenv("CXX", "there-is-no-such-compiler")
    yield
    compiler.find_compiler.cache_clear()


def test_a_missing_compiler_is_named_with_how_to_install_one(snnrun, no_compiler):
    result = snnrun("doctor")
    assert result.exit_code == BuildError.exit_code == 3
    assert "NOT  compiler: The C++ compiler named in $CXX, 'there-is-no-such-compiler', was not found." in result.stdout
    assert "sudo apt install g++" in result.stdout


def test_a_cache_that_cannot_be_written_is_named(snnrun, workplace, no_compiler, monkeypatch):
    monkeypatch.setenv("SNNRUN_CACHE", str(workplace / "tiny.yaml" / "cache"))
    result = snnrun("doctor")
    assert result.exit_code == 3
    assert "NOT  cache:" in result.stdout and "SNNRUN_CACHE=/path/to/folder" in result.stdout
