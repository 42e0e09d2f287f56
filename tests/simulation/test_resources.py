"""A run that cannot fit is refused before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from snnrun.errors import UserError
from snnrun.network.estimate import Estimate
from snnrun.simulation.resources import free_disk, free_memory, processors, refuse_too_many, refuse_what_does_not_fit

GB = 1e9
NEEDS = Estimate(
    {"p__a": 1e9},
    drawing=2 * GB,
    program=12 * GB,
    program_spike=0,
    reading=0,
    spikes=1e9,
    scratch=8 * GB,
    recording=0,
)
FOLDER = Path("results")


def test_what_fits_is_not_refused():
    refuse_what_does_not_fit(NEEDS, memory=16 * GB, disk=100 * GB, folder=FOLDER)


def test_an_estimate_that_may_be_wrong_gets_the_benefit_of_doubt():
    refuse_what_does_not_fit(NEEDS, memory=12 * GB, disk=7 * GB, folder=FOLDER)


def test_too_little_memory_is_told_with_the_numbers_and_what_to_do():
    with pytest.raises(UserError) as refusal:
        refuse_what_does_not_fit(NEEDS, memory=4 * GB, disk=100 * GB, folder=FOLDER)
    assert "needs about 14.1 GB of memory for 1e+09 synapses" in str(refusal.value)
    assert "only 4 GB are free" in str(refusal.value)
    assert "snnrun describe" in str(refusal.value)


def test_too_little_disk_is_told_with_the_folder():
    with pytest.raises(UserError) as refusal:
        refuse_what_does_not_fit(NEEDS, memory=None, disk=1 * GB, folder=FOLDER)
    assert str(refusal.value).startswith("results: this run needs about 8 GB of disk")
    assert "--output" in str(refusal.value)


def test_this_machine_has_memory_and_disk(tmp_path):
    memory = free_memory()
    assert memory is None or 1e7 < memory < 1e15
    assert 0 <= free_disk(tmp_path) < 1e18


def test_as_many_threads_as_there_are_processors():
    refuse_too_many(1)
    refuse_too_many(processors())


@pytest.mark.parametrize(("there", "possible"), [(1, "Give 1;"), (4, "Give a number from 1 to 4;")])
@pytest.mark.parametrize("threads", [-1, 0, 5])
def test_threads_that_would_wait_for_each_other_are_refused(monkeypatch, threads, there, possible):
    monkeypatch.setattr("snnrun.simulation.resources.processors", lambda: there)
    with pytest.raises(
        UserError, match=rf"--threads {threads}: this process may use {there} processors?\.\n{possible}"
    ):
        refuse_too_many(threads)
