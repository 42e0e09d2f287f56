"""Which of the classical states a network is in."""

from __future__ import annotations

import math
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.lv import Lv
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.peak_frequency import PeakFrequency
from snnrun.metrics.synchrony import Synchrony
from snnrun.quantities import Frequency, NonNegativeNumber, PositiveFrequency
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity

_BAND_END = quantity("500 Hz")
"""All that bins of 1 ms resolve: the rhythm of the synchronous regular state is as fast as its neurons."""


class Regime(Metric):
    """State of the activity: SR, AR, SI or AI (synchronous or asynchronous, regular or irregular), silent, saturated.

    Below a rate the population is silent, above another saturated. Between them, single neurons are irregular when
    their LV is not below a threshold. The population is synchronous when a measure of what its neurons share, corrected
    for what independent neurons would show by their number N, is not below its threshold; there are two:

    - √((N χ² - 1) / (N - 1)), with χ the synchrony of smoothed spike trains, for slow common fluctuations;
    - (h - 1) / (N - 1), with h the highest peak of the power spectrum of the population rate over the floor 2ν/N: the
      power that two neurons share at that frequency, relative to the power 2ν of a Poisson train. It counts only where
      h itself is beyond what chance makes of a flat spectrum. Regular trains of one rate concentrate their power: less
      than some hundred of them can look synchronous though they are not.

    The names are those of Brunel 2000, the borders are conventions: they are stored with the label. By default the
    panels A, B, C, D of his Fig. 8 come out as SR, SI, AI, SI. Where no neuron spikes 3 times, LV and label are NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Brunel 2000, Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons",
            "10.1023/A:1008925309027",
        ),
    )

    metric: Literal["regime"] = "regime"
    silent_below: Frequency = quantity("0.1 Hz")
    """Mean rate below which the population is silent."""
    saturated_from: PositiveFrequency = quantity("400 Hz")
    """Mean rate from which on it is saturated."""
    irregular_lv: NonNegativeNumber = Quantity(0.1)
    """LV from which on spike trains are irregular; 0.1 is that of a gamma process with CV 0.26."""
    # Both borders lie in the geometric middle of what the experiments show over seeds: χ up to 0.19 in asynchronous
    # networks and from 0.31 in panel D; shared power up to 0.13 in panel C and from 0.6 in panel B.
    synchronous_chi: NonNegativeNumber = Quantity(0.25)
    """Corrected χ from which on the population is synchronous."""
    synchronous_power: NonNegativeNumber = Quantity(0.25)
    """Shared power at the peak of the spectrum from which on it is synchronous."""
    chance_peak: NonNegativeNumber = Quantity(10.0)
    """Height of a peak over the floor that chance does not reach."""

    def bins(self) -> tuple[Quantity, ...]:
        return PeakFrequency().bins()

    def measure(self, activity: Activity) -> Measurement:
        signs = _signs(activity)
        series = {"rate": Series(np.array(signs.rate), "Hz")} | {
            name: Series(np.array(getattr(signs, name)), "1")
            for name in ("lv", "chi", "shared_power", "peak_over_floor")
        }
        label = self.label(signs)
        note = (
            f"{signs.rate:.3g} Hz; LV {signs.lv:.2g} (irregular from {self.irregular_lv.pretty()}); corrected χ "
            f"{signs.chi:.2g} (synchronous from {self.synchronous_chi.pretty()}); shared power "
            f"{signs.shared_power:.2g} (synchronous from {self.synchronous_power.pretty()})"
        )
        n_valid = activity.n_neurons if label else 0
        return Measurement(label or float("nan"), "", n_valid, series, self.parameters(), note)

    def label(self, signs: Signs) -> str:
        """The label that the thresholds give to the signs; empty when they do not tell."""
        if signs.rate < self.silent_below.value:
            return "silent"
        if signs.rate >= self.saturated_from.value:
            return "saturated"
        if math.isnan(signs.rate) or math.isnan(signs.lv):
            return ""
        rhythmic = signs.shared_power >= self.synchronous_power.value
        beyond_chance = signs.peak_over_floor >= self.chance_peak.value
        synchronous = signs.chi >= self.synchronous_chi.value or (rhythmic and beyond_chance)
        return ("S" if synchronous else "A") + ("I" if signs.lv >= self.irregular_lv.value else "R")


class Signs(NamedTuple):
    """What a regime is told by: rate in hertz, LV, corrected χ, shared power, peak over floor."""

    rate: float
    lv: float
    chi: float
    shared_power: float
    peak_over_floor: float


def _signs(activity: Activity) -> Signs:
    synchrony = activity.measure(Synchrony(signal="spikes"))
    peak = activity.measure(PeakFrequency(highest=_BAND_END))
    ratio = float(peak.series["ratio"].data)
    return Signs(
        rate=float(activity.measure(MeanRate()).value),
        lv=float(activity.measure(Lv()).value),
        chi=math.sqrt(max(shared(float(synchrony.value) ** 2 * synchrony.n_valid, synchrony.n_valid), 0)),
        shared_power=shared(ratio, activity.n_neurons),
        peak_over_floor=ratio,
    )


def shared(ratio: float, n_neurons: int) -> float:
    """What two neurons share on average, relative to what each has.

    Parameters
    ----------
    ratio
        Variance (or power) of the population mean over what independent neurons would give: 1 when they are
        independent, ``n_neurons`` when they are identical.
    n_neurons
        Number of neurons in the mean.
    """
    return (ratio - 1) / (n_neurons - 1) if n_neurons > 1 else float("nan")
