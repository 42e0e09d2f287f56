"""Maps of preferred orientation, as on the visual cortex of cats, ferrets and monkeys."""

from __future__ import annotations

from typing import Final

import numpy as np

from snnrun.connectivity.base import FloatArray
from snnrun.space import Space

# Enough for sums of waves with random phases to be nearly Gaussian.
_N_WAVES: Final = 30
# Places looked at at once: each wave has a complex number at each.
_BLOCK: Final = 1 << 16


def preferred_orientations(positions: FloatArray, space: Space, spacing: float, seed: int) -> FloatArray:
    """Orientation that the neurons at some places of a map prefer.

    The map is the phase of a sum of plane waves of one wavelength in all directions, with random phases and
    Gaussian amplitudes: a Gaussian random field whose spectrum is a ring. It has columns, linear zones and pinwheels,
    π of them in the area of a squared wavelength.

    Sources: Niebur & Wörgötter 1994, Neural Comput 6: 602, 10.1162/neco.1994.6.4.602; Wolf & Geisel 1998,
    Nature 395: 73, 10.1038/25736.

    Parameters
    ----------
    positions
        In metres; shape (n, 2).
    space
        A sheet or torus. On a torus waves have to close, so that the wavelength holds only nearly.
    spacing
        Wavelength in metres: the distance of columns that prefer the same orientation.
    seed
        Which of all maps.

    Returns
    -------
    shape (n,)
        In radian, from -π/2 to π/2.
    """
    random = np.random.default_rng(seed)
    directions = 2 * np.pi * (np.arange(_N_WAVES) + random.random()) / _N_WAVES
    frequencies = np.stack([np.cos(directions), np.sin(directions)], axis=1) / spacing
    if space.periodic:
        frequencies = np.rint(frequencies * space.extent) / space.extent
    amplitudes = random.normal(size=_N_WAVES) + 1j * random.normal(size=_N_WAVES)
    orientations = np.empty(len(positions))
    for first in range(0, len(positions), _BLOCK):
        block = slice(first, first + _BLOCK)
        field = np.exp(2j * np.pi * (positions[block] @ frequencies.T)) @ amplitudes
        orientations[block] = np.angle(field) / 2
    return orientations
