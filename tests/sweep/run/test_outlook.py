"""What a sweep will take."""

from __future__ import annotations

from snnrun.sweep.run.outlook import seconds_per_point


def test_how_long_a_point_takes_is_the_median_of_those_that_can_be_read(fake_sweep):
    sweep = fake_sweep({"g": [1, 2, 3, 4]})
    ids = [sweep.id(index) for index in range(4)]
    sweep.folder.result(ids[0]).write_bytes(b"damaged")
    assert seconds_per_point(sweep.folder, ids[:1]) is None
    for index, seconds in ((1, 2.0), (2, 3.0), (3, 10.0)):
        sweep.finish(index, seconds)
    assert seconds_per_point(sweep.folder, ids) == 3.0
