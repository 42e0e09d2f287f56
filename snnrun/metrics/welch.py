"""Spectra by Welch's method: means over segments of a signal that overlap."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from snnrun.metrics.trains import FloatArray

SHORTEST_SEGMENT = 8
"""Bins: a segment with fewer has too few frequencies to be called a spectrum."""


class Segments(NamedTuple):
    """How Welch's method divides a signal.

    ``length`` in bins is 0 where the signal is too short for any spectrum; ``number`` of segments, which overlap by
    half; ``note`` on what the signal is too short for.
    """

    length: int
    number: int
    note: str


def segments_of(n_bins: int, bin_width: float, resolution: float, at_least: int) -> Segments:
    """The segments that give a resolution, in hertz, or shorter ones where there would be fewer than ``at_least``."""
    wanted = max(round(1 / (resolution * bin_width)), SHORTEST_SEGMENT)
    # K segments that overlap by half are as long as (K + 1) / 2 of them.
    length = min(wanted, 2 * (n_bins // (at_least + 1)))
    if length < SHORTEST_SEGMENT:
        return Segments(0, 0, f"{n_bins} bins are too few for {at_least} segments")
    overlap = length // 2
    number = (n_bins - overlap) // (length - overlap)
    spacing = 1 / (length * bin_width)
    note = f"the window is short: the resolution is {spacing:.3g} Hz" if length < wanted else ""
    return Segments(length, number, note)


def segment_spectra(
    signal: FloatArray, bin_width: float, segment_bins: int, step: int | None = None
) -> tuple[FloatArray, NDArray[np.complex128]]:
    """The Fourier transform of each segment, its mean removed, under a Hann window.

    Parameters
    ----------
    signal
        Shape (n_bins,), at least one segment.
    bin_width
        Seconds.
    segment_bins
        Length of the segments in bins.
    step
        Bins from one segment to the next; None for segments that overlap by half.

    Returns
    -------
    frequency
        Hertz; shape (segment_bins // 2 + 1,).
    spectra
        Shape (n_segments, segment_bins // 2 + 1), such that the squared magnitude is the one-sided density of power,
        in the square of the signal's unit per hertz.
    """
    # Not scipy.signal, which takes longer to load than all the rest of a small run.
    segments = sliding_window_view(signal, segment_bins)[:: step or segment_bins - segment_bins // 2]
    window = np.hanning(segment_bins + 1)[:-1]
    spectra = np.fft.rfft((segments - segments.mean(axis=1, keepdims=True)) * window)
    # A frequency stands for its negative as well, but for 0 and, with an even number of bins, the highest.
    sides = np.full(spectra.shape[1], 2.0)
    sides[0] = 1
    if segment_bins % 2 == 0:
        sides[-1] = 1
    spectra *= np.sqrt(sides * bin_width / (window**2).sum())
    return np.asarray(np.fft.rfftfreq(segment_bins, bin_width), dtype=np.float64), spectra
