"""Smoothing by a Gaussian."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from snnrun.metrics.trains import FloatArray

_REACH: Final = 4.0
"""Standard deviations at which the Gaussian is cut off; 6·10⁻⁵ of it lies beyond."""


def smooth(
    values: FloatArray, sigma: float, ends: Literal["symmetric", "wrap", "edge", "constant"] = "symmetric"
) -> FloatArray:
    """Values smoothed by a Gaussian along their last axis.

    Parameters
    ----------
    sigma
        Standard deviation in steps of the axis.
    ends
        What goes on beyond the ends, as in `numpy.pad`: the values mirrored, the values from the other end, the last
        value, or 0.

    Returns
    -------
    FloatArray
        The shape of ``values``.
    """
    if not values.size:
        return values
    # Not scipy.ndimage, which takes longer to load than a small network to be measured.
    reach = round(_REACH * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padding = [(0, 0)] * (values.ndim - 1) + [(reach, reach)]
    padded = np.pad(values, padding, mode=ends)
    smoothed: FloatArray = np.apply_along_axis(np.convolve, -1, padded, kernel / kernel.sum(), "valid")
    return smoothed
