"""Why a point failed is remembered until it is done."""

from __future__ import annotations

import pytest

from snnrun.errors import SimulationError
from snnrun.sweep.files.failures import Failure, forget_failure, read_failure, write_failure


@pytest.fixture
def folder(fake_sweep):
    return fake_sweep({"g": [3, 4]}).folder


def test_a_failure_reads_back_and_is_forgotten(folder):
    failure = Failure.of(SimulationError("exc.v is NaN at 3 ms"), session="12")
    write_failure(folder, "aaaa1111", failure)
    assert read_failure(folder, "aaaa1111") == failure
    assert failure.exit_code == SimulationError.exit_code
    forget_failure(folder, "aaaa1111")
    assert read_failure(folder, "aaaa1111") is None


def test_a_result_outweighs_an_earlier_failure(folder):
    write_failure(folder, "aaaa1111", Failure.of(SimulationError("once"), session="1"))
    folder.result("aaaa1111").touch()
    assert "aaaa1111" not in folder.scan().failed


def test_what_snnrun_cannot_explain_is_called_a_bug_with_the_name_of_the_error():
    failure = Failure.of(KeyError("tau"), session="")
    assert (failure.kind, failure.message, failure.exit_code) == ("bug", "KeyError: 'tau'", 1)


def test_too_little_memory_comes_with_advice():
    assert "fewer points at a time" in Failure.of(MemoryError(), session="").message


def test_a_file_that_was_damaged_is_still_a_failure(folder):
    folder.failure("aaaa1111").write_bytes(b"{")
    assert "damaged" in read_failure(folder, "aaaa1111").message
