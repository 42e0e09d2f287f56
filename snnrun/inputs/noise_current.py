"""A current that fluctuates."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from snnrun.entry import Reference
from snnrun.inputs.base import Contribution, InputModel
from snnrun.language.distributions import Distribution
from snnrun.quantities import Current, PositiveTime, QuantityType
from snnrun.units import Quantity, quantity

NoiseDensity = Annotated[Quantity, QuantityType("A*s**(1/2)", minimum=0)]


class NoiseCurrent(InputModel):
    """Gaussian noise current: white, or with the exponential correlation of an Ornstein–Uhlenbeck process.

    The current is drawn once per time step and held during it. For the Ornstein–Uhlenbeck process the draw is exact at
    any step; white noise of density D has the standard deviation D/√dt, so its effect on the membrane does not depend
    on the step. Private noise differs from neuron to neuron; frozen noise is one waveform, drawn from the seed, stored
    with the recording and given to every neuron.
    """

    references: ClassVar = (
        Reference("Gillespie (1996) Phys. Rev. E 54:2084–2091 (exact update)", "10.1103/PhysRevE.54.2084"),
        Reference("Mainen & Sejnowski (1995) Science 268:1503–1506 (frozen noise)", "10.1126/science.7770778"),
    )
    example: ClassVar[str] = "{model: noise_current, to: exc, mean: 100 pA, sd: 50 pA, tau: 5 ms}"

    model: Literal["noise_current"] = "noise_current"
    kind: Literal["white", "ornstein_uhlenbeck"] = "ornstein_uhlenbeck"
    """White noise needs `density`, the Ornstein–Uhlenbeck process `sd` and `tau`."""
    mean: Current = quantity("0 pA")
    """Mean current."""
    sd: Annotated[Quantity, QuantityType("pA", minimum=0)] | None = None
    """Standard deviation of the Ornstein–Uhlenbeck process."""
    tau: PositiveTime | None = None
    """Correlation time of the Ornstein–Uhlenbeck process."""
    density: NoiseDensity | None = None
    """Density of white noise, such as `20 pA * sqrt(ms)`: the integral over a time T has the standard deviation
    density · √T."""
    frozen: bool = False
    """Whether one stored waveform drives all neurons."""

    @model_validator(mode="after")
    def parameters_fit_the_kind(self) -> Self:
        wanted = {"density"} if self.kind == "white" else {"sd", "tau"}
        given = {name for name in ("sd", "tau", "density") if getattr(self, name) is not None}
        if given != wanted:
            raise ValueError(f"noise of the kind {self.kind!r} needs {' and '.join(sorted(wanted))}, and nothing else")
        return self

    def contribution(self) -> Contribution:
        if self.frozen:
            return Contribution(equations="noise : amp (shared)", current="noise", waveform="noise")
        if self.kind == "white":
            assert self.density is not None
            return Contribution(
                parameters={"mean": self.mean, "density": self.density},
                equations="noise : amp",
                current="noise",
                update="noise = mean + density / sqrt(dt) * randn()",
            )
        assert self.sd is not None and self.tau is not None
        return Contribution(
            parameters={"mean": self.mean, "sd": self.sd, "tau": self.tau},
            equations="x : 1",
            current="(mean + sd * x)",
            update="x = x * exp(-dt / tau) + sqrt(1 - exp(-2 * dt / tau)) * randn()",
            initial={"x": Distribution("normal", (Quantity(0.0), Quantity(1.0)))},  # the stationary state
        )

    def drawn_waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> NDArray[np.float64] | None:
        if not self.frozen:
            return None
        deviates = random.standard_normal(n_ticks)
        if self.kind == "white":
            assert self.density is not None
            return self.mean.value + self.density.value / math.sqrt(dt) * deviates
        assert self.sd is not None and self.tau is not None
        from scipy.signal import lfilter  # 0.6 s to import: only where a frozen process is drawn

        decay = math.exp(-dt / self.tau.value)
        kicks = math.sqrt(1 - decay**2) * deviates
        kicks[0] = deviates[0]  # start in the stationary state
        process: NDArray[np.float64] = lfilter([1.0], [1.0, -decay], kicks)
        return self.mean.value + self.sd.value * process
