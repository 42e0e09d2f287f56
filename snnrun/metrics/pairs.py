"""Measures that compare spike trains two by two."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, Trains, mean_of_defined
from snnrun.quantities import PositiveCount
from snnrun.results.analysis import Measurement, Series


class PairMetric(Metric):
    """A measure of two spike trains, its mean over the pairs.

    Of one trial, the pairs are those of the neurons; of several trials, those of the trials of each neuron.
    """

    across_trials: ClassVar[bool] = True

    neurons: PositiveCount = 100
    """How many neurons are taken at most; they are drawn from the seed."""

    @abstractmethod
    def of_pairs(self, trains: Trains, activity: Activity) -> FloatArray:
        """The measure of each two trains; shape (n_trains, n_trains), symmetric, NaN where undefined."""

    def measure(self, activity: Activity) -> Measurement:
        sample = activity.sample(self.neurons)
        if activity.n_trials > 1:
            matrices = [self.of_pairs(trains, activity) for trains in activity.over_trials(sample)]
            per_neuron = [mean_of_defined(_above_diagonal(matrix))[0] for matrix in matrices]
            note = f"pairs of {activity.n_trials} trials of the same neuron"
        else:
            matrices = [self.of_pairs(activity.trains.of(sample), activity)]
            per_neuron = [mean_of_defined(np.delete(row, place))[0] for place, row in enumerate(matrices[0])]
            note = f"pairs of {len(sample)} neurons"
        pairs = np.concatenate([_above_diagonal(matrix) for matrix in matrices] or [np.empty(0)])
        value, n_valid = mean_of_defined(pairs)
        series = {"neuron": Series(sample, "1"), "of_neuron": Series(np.array(per_neuron), "1")}
        return Measurement(value, "1", n_valid, series, self.parameters(), note)


def _above_diagonal(matrix: FloatArray) -> FloatArray:
    return np.asarray(matrix[np.triu_indices(len(matrix), k=1)])
