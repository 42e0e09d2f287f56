"""How small multiples lie on the page."""

from __future__ import annotations

import pytest

from snnrun.sweep_figures.tiles import columns_of


@pytest.mark.parametrize(
    ("lengths", "columns"),
    [
        ([10, 10, 17, 4, 12], 5),  # 4.75 inches
        ([13, 10, 26, 17, 4, 12], 3),  # 6.6 inches in one row; in two, rather 3 + 3 than 5 + 1
        ([60], 1),
        ([80, 80], 1),
        ([], 1),
    ],
)
def test_a_legend_has_as_few_rows_as_fit_and_these_are_full(lengths, columns):
    assert columns_of(["x" * length for length in lengths], width=6.2) == columns
