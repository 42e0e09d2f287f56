"""What a sweep will take."""

from __future__ import annotations

import pytest

from snnrun.sweep.files.plan_file import read_plan
from snnrun.sweep.run.computing import Computer
from snnrun.sweep.run.outlook import outlook, seconds_per_point


def test_how_long_a_point_takes_is_the_median_of_those_that_can_be_read(fake_sweep):
    sweep = fake_sweep({"g": [1, 2, 3, 4]})
    ids = [sweep.id(index) for index in range(4)]
    sweep.folder.result(ids[0]).write_bytes(b"damaged")
    assert seconds_per_point(sweep.folder, ids[:1]) is None
    for index, seconds in ((1, 2.0), (2, 3.0), (3, 10.0)):
        sweep.finish(index, seconds)
    assert seconds_per_point(sweep.folder, ids) == 3.0


@pytest.mark.parametrize("keep", ["summary", "analysis", "full"])
def test_the_guess_of_the_disk_is_of_the_right_size_and_that_from_results_exact(sweep, keep):
    folder = sweep(keep, drive=["0.3 nA", "0.4 nA"])
    plan = read_plan(folder)
    guess = outlook(plan, folder)
    assert (guess.n_done, guess.guessed) == (0, True)
    Computer(folder, plan).compute(plan.points[0])
    known = outlook(plan, folder)
    size = folder.result(plan.points[0].id).stat().st_size
    if keep == "full":
        size += folder.run(plan.points[0].run_id).recording.stat().st_size
    assert (known.n_done, known.guessed, known.disk) == (1, False, size)
    assert size / 5 < guess.disk / 2 < 5 * size
