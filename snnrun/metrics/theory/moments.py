"""Mean and mean square of values that are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from snnrun.language.distributions import Distribution
from snnrun.units import Quantity


class Moments(NamedTuple):
    """Mean and mean square, in SI units."""

    mean: float
    square: float


def moments(value: Quantity | Distribution) -> Moments:
    """Mean and mean square over all draws; limits of a distribution cut it off, as they do when it is drawn."""
    if isinstance(value, Quantity):
        return Moments(value.value, value.value**2)
    return MOMENTS[value.name](*(argument.value for argument in value.arguments))


def _uniform(low: float, high: float) -> Moments:
    return Moments((low + high) / 2, (low**2 + low * high + high**2) / 3)


def _exponential(mean: float) -> Moments:
    return Moments(mean, 2 * mean**2)


def _normal(mean: float, sd: float, low: float = -math.inf, high: float = math.inf) -> Moments:
    if sd == 0:
        return Moments(mean, mean**2)
    from scipy.stats import truncnorm

    cut = truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)
    return Moments(float(cut.mean()), float(cut.var() + cut.mean() ** 2))


def _lognormal(mean: float, sd: float, low: float = 0.0, high: float = math.inf) -> Moments:
    if sd == 0:
        return Moments(mean, mean**2)
    from scipy.special import ndtr

    # Weighted by its k-th power, a lognormal variable is lognormal again, with a logarithm larger by k σ².
    sigma2 = math.log1p((sd / mean) ** 2)
    sigma, mu = math.sqrt(sigma2), math.log(mean) - sigma2 / 2

    def within_limits(power: int) -> float:
        first, last = ((math.log(end) - mu) / sigma - power * sigma if end > 0 else -math.inf for end in (low, high))
        return float(ndtr(last) - ndtr(first)) * math.exp(power * mu + power**2 * sigma2 / 2)

    return Moments(within_limits(1) / within_limits(0), within_limits(2) / within_limits(0))


MOMENTS: Final[dict[str, Callable[..., Moments]]] = {
    "uniform": _uniform,
    "normal": _normal,
    "lognormal": _lognormal,
    "exponential": _exponential,
    "linspace": _uniform,
}
"""By the name of the distribution, from its arguments."""
