from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("figures", "name"),
    [
        ([{"figure": "page", "of": ["raster"]}, {"figure": "page", "of": ["isi"]}], "page"),
        (["raster", {"figure": "page", "name": "raster", "of": ["isi"]}], "raster"),
        # The same file on macOS and Windows.
        (["isi", {"figure": "page", "name": "ISI", "of": ["isi"]}], "ISI"),
        (["raster", {"figure": "raster", "neurons": 5}], "raster"),
    ],
)
def test_no_figure_is_saved_over_another(problem, figures, name):
    assert problem({"figures": figures}) == (
        f"figures[1]: Two figures would be saved as '{name}.png'. "
        "Put both on one page, or each on a page with its own name: {figure: page, name: ..., of: [...]}."
    )


def test_pages_with_names_of_their_own_stand_side_by_side(problems):
    page = {"figure": "page", "of": ["raster"]}
    assert problems({"figures": ["raster", page, {**page, "name": "late"}]}) == []
