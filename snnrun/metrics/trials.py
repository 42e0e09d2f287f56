"""What was measured in each trial, as one measurement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.metrics.trains import mean_of_defined
from snnrun.results.analysis import Measurement, Series


def mean_over_trials(measured: Sequence[Measurement]) -> Measurement:
    """The measurements of one metric, one for each trial, as one.

    The value is the mean over the trials in which it is defined, a label that of most trials. Series that have the same
    shape in all trials are averaged number by number, without those that are NaN; the others are those of the first.
    """
    first, n_trials = measured[0], len(measured)
    labels = Counter(each.value for each in measured if isinstance(each.value, str))
    value: float | str
    if labels:
        value, number = labels.most_common(1)[0]
        said = f"in {number} of {n_trials} trials"
    else:
        value, number = mean_of_defined(np.array([each.value for each in measured], dtype=float))
        said = f"mean over {n_trials} trials" if number == n_trials else f"mean over {number} of {n_trials} trials"
    if first.note:
        said += f"; {first.note}" if all(each.note == first.note for each in measured) else f"; first: {first.note}"
    series = {name: _mean([each.series.get(name) for each in measured]) for name in first.series}
    return replace(first, value=value, n_valid=sum(each.n_valid for each in measured), series=series, note=said)


def _mean(series: Sequence[Series | None]) -> Series:
    first, arrays = series[0], [each.data for each in series if each is not None]
    assert first is not None
    if len(arrays) < len(series) or any(array.shape != first.data.shape for array in arrays):
        return first
    if all(np.array_equal(array, first.data) for array in arrays):
        return first  # edges and frequencies: the mean of equal numbers could differ from them by rounding
    return replace(first, data=_mean_of_defined(arrays))


def _mean_of_defined(arrays: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
    """Mean of arrays of one shape over those in which a number is not NaN."""
    total = np.zeros(arrays[0].shape)
    number = np.zeros(arrays[0].shape, dtype=int)
    for array in arrays:
        defined = ~np.isnan(array)
        total += np.where(defined, array, 0)
        number += defined
    mean = np.full(total.shape, np.nan)
    np.divide(total, number, out=mean, where=number > 0)
    return mean
