"""Places of a search: all with other values, until there are no more."""

from __future__ import annotations

import math

import numpy as np

from snnrun.designs.axis import read_axis
from snnrun.sweep.plan.places import Places


def places(*axes, shares=()):
    return Places({f"axis {number}": read_axis(axis) for number, axis in enumerate(axes)}, shares)


def values(found):
    return [tuple(combination.values()) for combination in found.combinations]


def test_a_place_with_the_values_of_another_is_left_out():
    found = places([1, 2], shares=[(0.1,), (0.4,), (0.9,)])
    assert found.shares == ((0.1,), (0.9,))
    assert values(found) == [(1,), (2,)]


def test_places_at_random_are_new_until_all_are_taken():
    found = places([1, 2, 3], "int:1:4", shares=[(0.5, 0.5)])
    for wanted in (3, 6, 9, 12, 12):
        found.take_any(wanted - len(found) or 1, np.random.default_rng(wanted))
        assert len(found) == len(set(values(found))) == wanted
    assert set(values(found)) == {(one, other) for one in (1, 2, 3) for other in (1, 2, 3, 4)}


def test_whole_numbers_of_any_range_are_found_at_random():
    found = places("int:0:1000000000000")
    found.take_any(50, np.random.default_rng(1))
    assert len(set(values(found))) == 50
    assert max(values(found))[0] > 9e11


def test_the_last_that_is_left_is_found():
    found = places("int:1:5000", shares=[((index + 0.5) / 5000,) for index in range(5000) if index != 1234])
    found.take_any(8, np.random.default_rng(1))
    assert values(found)[4999:] == [(1235,)]


def test_between_two_neighbours_among_the_floats_it_ends():
    found = places(f"1:{math.nextafter(1, 2)}")
    found.take_any(5, np.random.default_rng(1))
    assert len(found) <= 2


def test_the_same_random_numbers_lead_to_the_same_places():
    one, other = places("0:1", "int:1:9"), places("0:1", "int:1:9")
    for found in (one, other):
        found.take_any(5, np.random.default_rng(3))
    assert one.shares == other.shares
