"""Values drawn per neuron or per synapse: ``uniform(a, b)``, ``normal(mean, sd)``, ``lognormal(mean, sd)`` …."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from snnrun.language.syntax import ExpressionError
from snnrun.units import Dimension, Quantity

FloatArray = NDArray[np.float64]
Sampler = Callable[[np.random.Generator, int, tuple[float, ...]], FloatArray]
_MAX_REDRAWS: Final = 1000


@dataclass(frozen=True)
class DistributionFamily:
    """One kind of distribution: how it is written, drawn, and where its values lie."""

    signature: str
    required: int
    optional: int
    sample: Sampler
    support: Callable[[tuple[float, ...]], tuple[float, float]]
    check: Callable[[tuple[float, ...]], str | None]

    def of(self, name: str, arguments: tuple[Quantity, ...]) -> Distribution:
        """A distribution with its arguments checked.

        Raises
        ------
        ExpressionError
            If the number of arguments, their dimensions or their values do not fit.
        """
        if not self.required <= len(arguments) <= self.required + self.optional:
            raise ExpressionError(f"{name}() is written {self.signature}")
        for argument in arguments[1:]:
            if argument.dimension != arguments[0].dimension:
                raise ExpressionError(
                    f"the arguments of {name}() have different units: {arguments[0].pretty()} and {argument.pretty()}"
                )
        problem = self.check(tuple(argument.value for argument in arguments))
        if problem:
            raise ExpressionError(f"in {name}(): {problem}")
        return Distribution(name, arguments)


@dataclass(frozen=True)
class Distribution:
    """A named distribution with arguments of one dimension; ``str`` gives a text that reads back the same."""

    name: str
    arguments: tuple[Quantity, ...]

    @property
    def dimension(self) -> Dimension:
        return self.arguments[0].dimension

    @property
    def is_random(self) -> bool:
        """Whether each value is drawn without regard to the others, rather than following from its place among them."""
        return self.name != "linspace"

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.arguments))})"

    def pretty(self) -> str:
        """For people, in the units of the field."""
        return f"{self.name}({', '.join(argument.pretty() for argument in self.arguments)})"

    def draw(self, random: np.random.Generator, size: int) -> FloatArray:
        """Values in SI units.

        Returns
        -------
        shape (size,)
        """
        values = tuple(argument.value for argument in self.arguments)
        return DISTRIBUTIONS[self.name].sample(random, size, values)

    def bounds(self) -> tuple[float, float]:
        """Smallest and largest value that can be drawn, in SI units; infinite where there is no bound."""
        return DISTRIBUTIONS[self.name].support(tuple(argument.value for argument in self.arguments))


def _uniform(random: np.random.Generator, size: int, values: tuple[float, ...]) -> FloatArray:
    return random.uniform(values[0], values[1], size)


def _linspace(random: np.random.Generator, size: int, values: tuple[float, ...]) -> FloatArray:
    return np.linspace(values[0], values[1], size)


def _normal(random: np.random.Generator, size: int, values: tuple[float, ...]) -> FloatArray:
    return _redraw(lambda n: random.normal(values[0], values[1], n), size, _limits(values))


def _lognormal(random: np.random.Generator, size: int, values: tuple[float, ...]) -> FloatArray:
    # mean and sd are those of the variable itself, not of its logarithm.
    mean, sd = values[:2]
    sigma2 = math.log1p((sd / mean) ** 2)
    mu = math.log(mean) - sigma2 / 2
    return _redraw(lambda n: random.lognormal(mu, math.sqrt(sigma2), n), size, _limits(values))


def _exponential(random: np.random.Generator, size: int, values: tuple[float, ...]) -> FloatArray:
    return random.exponential(values[0], size)


def _limits(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = (*values[2:], *(-math.inf, math.inf)[len(values) - 2 :])
    return low, high


def _redraw(sample: Callable[[int], FloatArray], size: int, limits: tuple[float, float]) -> FloatArray:
    """Draw until every value lies within the limits: the truncated distribution, no heap at its edges."""
    low, high = limits
    values = sample(size)
    if limits == (-math.inf, math.inf):
        return values
    outside = np.flatnonzero((values < low) | (values > high))
    for _ in range(_MAX_REDRAWS):
        if not outside.size:
            return values
        again = sample(outside.size)
        values[outside] = again
        outside = outside[(again < low) | (again > high)]
    raise ExpressionError(f"hardly any draw falls between {low:g} and {high:g}: widen the limits")


def _ordered(values: tuple[float, ...]) -> str | None:
    return None if values[0] <= values[1] else "the first value is larger than the second"


def _spread(values: tuple[float, ...]) -> str | None:
    if values[1] < 0:
        return "the standard deviation is negative"
    low, high = _limits(values)
    return None if low < high else "the lower limit is not below the upper one"


def _positive_spread(values: tuple[float, ...]) -> str | None:
    return _spread(values) if values[0] > 0 else "the mean is not positive"


def _positive(values: tuple[float, ...]) -> str | None:
    return None if values[0] > 0 else "the mean is not positive"


def _between(values: tuple[float, ...]) -> tuple[float, float]:
    return min(values), max(values)


def _above_zero(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = _limits(values)
    return max(low, math.ulp(0.0)), high


def _from_zero(values: tuple[float, ...]) -> tuple[float, float]:
    return 0.0, math.inf


DISTRIBUTIONS: Final = {
    "uniform": DistributionFamily("uniform(low, high)", 2, 0, _uniform, _between, _ordered),
    "normal": DistributionFamily("normal(mean, sd[, low[, high]])", 2, 2, _normal, _limits, _spread),
    "lognormal": DistributionFamily(
        "lognormal(mean, sd[, low[, high]])", 2, 2, _lognormal, _above_zero, _positive_spread
    ),
    "exponential": DistributionFamily("exponential(mean)", 1, 0, _exponential, _from_zero, _positive),
    "linspace": DistributionFamily("linspace(first, last)", 2, 0, _linspace, _between, lambda values: None),
}
