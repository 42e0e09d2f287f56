"""A plan is not replaced while it is carried out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snnrun.errors import UserError
from snnrun.sweep.files.claims import claimed
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.plan.planning import Planned
from snnrun.sweep.slurm.state import Jobs
from snnrun.sweep.upkeep.replacing import refuse_to_replace


@pytest.fixture
def sweep(fake_sweep):
    return fake_sweep({"g": [1, 2, 3]})


@pytest.fixture
def smaller(sweep):
    """A plan of the same sweep with a point less."""
    return Planned(replace(sweep.plan, points=sweep.plan.points[1:]), sweep.folder)


def test_a_plan_that_nobody_carries_out_is_replaced(smaller):
    refuse_to_replace(smaller)


def test_a_plan_of_which_points_are_being_computed_stays(sweep, smaller):
    with (
        claimed(sweep.folder, sweep.id(2)),
        pytest.raises(UserError, match=r"1 of its points are being computed.*--name NAME"),
    ):
        refuse_to_replace(smaller)
    refuse_to_replace(smaller)


def test_the_claim_of_who_was_killed_hinders_nobody(sweep, smaller):
    sweep.folder.claim(sweep.id(2)).write_text("{}")
    refuse_to_replace(smaller)


def test_a_plan_may_grow_while_it_is_carried_out(sweep):
    before = replace(sweep.plan, points=sweep.plan.points[1:])
    assert before.by_id.keys() < sweep.plan.by_id.keys()
    with claimed(sweep.folder, sweep.id(2)):
        refuse_to_replace(Planned(sweep.plan, sweep.folder))


def test_a_plan_of_which_jobs_are_left_stays(smaller, monkeypatch):
    monkeypatch.setattr("snnrun.sweep.upkeep.replacing.jobs", lambda folder: Jobs(pending=3, ids=("12", "13")))
    with pytest.raises(UserError, match=r"jobs are left \(SLURM's 12, 13\)"):
        refuse_to_replace(smaller)


@pytest.mark.parametrize("answer", [None, Jobs()])
def test_jobs_that_are_over_hinder_nobody(smaller, monkeypatch, answer):
    monkeypatch.setattr("snnrun.sweep.upkeep.replacing.jobs", lambda folder: answer)
    refuse_to_replace(smaller)


def test_a_slurm_that_does_not_answer_hinders_nobody(smaller, monkeypatch):
    def jobs(folder):
        raise UserError("squeue: no answer")

    monkeypatch.setattr("snnrun.sweep.upkeep.replacing.jobs", jobs)
    refuse_to_replace(smaller)


def test_where_no_plan_is_there_is_nothing_to_replace(sweep, tmp_path):
    refuse_to_replace(Planned(sweep.plan, SweepFolder.of(tmp_path / "elsewhere", "cells", None)))
