"""Pictures of a sheet of neurons: what each of them does, as colours of the places where they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from snnrun.figures.style import INK, in_display_unit
from snnrun.results.recording import FloatArray, Population

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

_LEAST: Final = 1e-3
"""Share of the mean density of neurons below which a place belongs to none."""
_ROUND: Final = (1, 2, 5)


def spacing_of(population: Population) -> float:
    """Distance in metres between neighbours, if the neurons of a sheet were on a square grid."""
    return math.sqrt(math.prod(population.extent) / max(population.size, 1))


def length_unit(population: Population) -> tuple[float, str]:
    """Factor from metres to the unit in which the sides of a sheet are small numbers, and its name."""
    return (1e3, "mm") if max(population.extent) >= 1e-3 else in_display_unit("m")


def picture_of(population: Population, values: FloatArray, blur: float) -> FloatArray:
    """The mean of a value over the neurons around each place, under a Gaussian.

    Parameters
    ----------
    population
        On a sheet or torus.
    values
        Of its first neurons, others are left out; shape (n,).
    blur
        Standard deviation of the Gaussian in metres.

    Returns
    -------
    shape (n_y, n_x)
        Of square pixels about as many as neurons; NaN where there are no neurons around.
    """
    from scipy.ndimage import gaussian_filter

    assert population.positions is not None
    spacing = spacing_of(population)
    shape = [max(1, round(length / spacing)) for length in population.extent]
    edges = [np.linspace(0, length, n + 1) for length, n in zip(population.extent, shape, strict=True)]
    places = population.positions[: len(values)]
    sigma = [blur * n / length for n, length in zip(shape, population.extent, strict=True)]
    mode = "wrap" if population.periodic else "constant"
    sums, neurons = (
        gaussian_filter(np.histogram2d(places[:, 0], places[:, 1], bins=edges, weights=weights)[0], sigma, mode=mode)
        for weights in (values, np.ones(len(values)))
    )
    sparse = neurons < _LEAST * len(values) / math.prod(shape)
    picture: FloatArray = np.where(sparse, np.nan, sums / np.where(sparse, 1, neurons)).T
    return picture


def draw_picture(panel: Axes, population: Population, picture: FloatArray, **looks: Any) -> AxesImage:
    """Draw a picture in the coordinates of the sheet, in its `length_unit`."""
    factor, _ = length_unit(population)
    width, height = (length * factor for length in population.extent)
    return panel.imshow(picture, origin="lower", extent=(0, width, 0, height), interpolation="nearest", **looks)


def draw_scale(panel: Axes, population: Population) -> None:
    """A bar below the panel with its length: about a third of the sheet, a round number."""
    factor, shown_unit = length_unit(population)
    width = population.extent[0]
    power = 10.0 ** math.floor(math.log10(width / 3))
    length = max(power * digit for digit in _ROUND if power * digit <= width / 3 * (1 + 1e-9))
    bar = panel.get_xaxis_transform()
    panel.plot([0, length * factor], [-0.06, -0.06], color=INK, linewidth=2, transform=bar, clip_on=False)
    panel.text(
        length * 1.15 * factor, -0.06, f"{length * factor:g} {shown_unit}", transform=bar, va="center", fontsize=7
    )
