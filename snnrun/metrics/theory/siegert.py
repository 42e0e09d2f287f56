"""The rate of a leaky integrate-and-fire neuron under a noisy input: Siegert's formula."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from snnrun.metrics.trains import FloatArray

# |ζ(1/2)|: how far a random walk oversteps its border on average, in steps of its standard deviation, is this over √2π.
_ZETA: Final = 1.4603545088095868
COLOUR_SHIFT: Final = _ZETA / math.sqrt(2)
"""Rise of threshold and reset by a short synaptic time constant, in units of σ √(tau_syn / tau_m): Fourcaud & Brunel
2002, Neural Comput 14: 2057, 10.1162/089976602320264015."""
GRID_SHIFT: Final = _ZETA / math.sqrt(2 * math.pi)
"""Rise of a threshold that is looked at once in each time step, in units of σ √(dt / tau_m): Broadie, Glasserman &
Kou 1997, Math Finance 7: 325, 10.1111/1467-9965.00035."""
_N_NODES: Final = 100


def siegert_rate(
    mean: ArrayLike,
    sd: ArrayLike,
    *,
    tau_m: ArrayLike,
    v_thresh: ArrayLike,
    v_reset: ArrayLike,
    tau_refrac: ArrayLike = 0.0,
) -> FloatArray:
    """Stationary rate of ``tau_m dv/dt = mean - v + sd √tau_m ξ(t)`` with threshold, reset and refractory time.

    The inverse of ``tau_refrac + tau_m √π ∫ exp(u²) (1 + erf u) du`` from ``(v_reset - mean) / sd`` to
    ``(v_thresh - mean) / sd`` (Siegert 1951, Phys Rev 81: 617, 10.1103/PhysRev.81.617; in this form Brunel 2000,
    10.1023/A:1008925309027, eq. 21). Without a threshold the potential would have the standard deviation sd/√2.

    All arguments broadcast. Any unit of voltage will do as long as it is the same everywhere; times are in seconds.

    Returns
    -------
    hertz
        Accurate to about ten digits from far below the threshold, where the rate falls to 0, to far above it. Without
        noise it is the rate of the deterministic neuron, 0 unless the mean is above the threshold.
    """
    mean, sd, tau_m, v_thresh, v_reset, tau_refrac = np.broadcast_arrays(
        *(np.asarray(each, dtype=float) for each in (mean, sd, tau_m, v_thresh, v_reset, tau_refrac))
    )
    noisy = sd > 0
    scale = np.where(noisy, sd, 1.0)
    upper, lower = (v_thresh - mean) / scale, (v_reset - mean) / scale
    # Numerator and denominator are both divided by exp(upper²), which overflows from an upper of 27 on.
    log_scale = np.maximum(upper, 0) ** 2
    shrunk = np.exp(-log_scale)
    integral = _scaled_integral(upper, log_scale) - _scaled_integral(lower, log_scale)
    with_noise = shrunk / (tau_refrac * shrunk + tau_m * math.sqrt(math.pi) * integral)
    rate: FloatArray = np.where(noisy, with_noise, _rate_without_noise(mean, tau_m, v_thresh, v_reset, tau_refrac))
    return rate


def _scaled_integral(limit: FloatArray, log_scale: FloatArray) -> FloatArray:
    """exp(-log_scale) ∫ exp(u²) (1 + erf u) du from 0 to a limit whose square, where positive, is at most log_scale."""
    from scipy.special import dawsn

    # Below 0 the integrand is erfcx(-u), which never overflows; above, it is 2 exp(u²) - erfcx(u), and the integral of
    # the first term is Dawson's function.
    above = np.maximum(limit, 0)
    growing = 2 * np.exp(above**2 - log_scale) * dawsn(above)
    return np.asarray(growing - np.exp(-log_scale) * _integral_of_erfcx(np.abs(limit)))


def _integral_of_erfcx(limit: FloatArray) -> FloatArray:
    """∫ erfcx(u) du from 0 to a limit that is not negative."""
    from scipy.special import erfcx

    # erfcx falls like 1/(√π u): over t = ln(1 + u) the integrand is smooth and flat, however far the limit lies.
    nodes, weights = _gauss_legendre()
    end = np.log1p(limit)[..., np.newaxis]
    t = end * nodes
    values = erfcx(np.expm1(t)) * np.exp(t)
    return np.asarray((values * weights).sum(axis=-1) * end[..., 0])


@cache
def _gauss_legendre() -> tuple[FloatArray, FloatArray]:
    """Nodes and weights between 0 and 1."""
    nodes, weights = np.polynomial.legendre.leggauss(_N_NODES)
    return (nodes + 1) / 2, weights / 2


def _rate_without_noise(
    mean: FloatArray, tau_m: FloatArray, v_thresh: FloatArray, v_reset: FloatArray, tau_refrac: FloatArray
) -> FloatArray:
    reached = mean > v_thresh
    ratio = np.divide(mean - v_reset, mean - v_thresh, out=np.ones_like(mean), where=reached)
    interval = tau_refrac + tau_m * np.log(ratio)
    return np.asarray(np.divide(1.0, interval, out=np.zeros_like(mean), where=reached))
