"""Regions of one regime."""

from __future__ import annotations

import numpy as np

from snnrun.sweep_figures.regions import borders, regions

NAMES = np.array(
    [
        ["SR", "SR", "SR", "AI", "AI"],
        ["SR", "SR", "SR", "AI", ""],
        ["SR", "SR", "SR", "AI", "SR"],
    ]
)


def test_each_connected_region_is_found_with_a_cell_in_its_middle():
    assert [tuple(region) for region in regions(NAMES)] == [("SR", 9, 1, 1), ("SR", 1, 2, 4), ("AI", 4, 1, 3)]


def test_cells_without_a_name_belong_to_no_region():
    assert regions(np.full((2, 2), "")) == []


def test_regions_have_borders_and_what_is_unnamed_has_none():
    beside, above = borders(NAMES)
    assert np.argwhere(beside).tolist() == [[0, 2], [1, 2], [2, 2], [2, 3]]
    assert not above.any()


def test_a_name_stands_inside_a_bent_region():
    bent = np.array([["a", "b", "b"], ["a", "b", "b"], ["a", "a", "a"]])
    (region,) = [region for region in regions(bent) if region.name == "a"]
    assert bent[region.row, region.column] == "a"
