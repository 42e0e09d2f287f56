"""Tables of sweeps made by hand, whose look in a figure is known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from snnrun.results.sweep_table import Column, SweepTable
from snnrun.sweep_figures.base import SweepFigure, Swept

NOWHERE = Path("no such folder")


def table(
    sets: Sequence[Sequence[float | str]],
    axes: Mapping[str, str],
    measures: Mapping[str, tuple[str, Callable[..., float | str]]],
    *,
    seeds: int = 3,
    status: Callable[..., str] = lambda *_: "done",
    recordings: Callable[[int], str] = lambda _: "",
) -> SweepTable:
    """A table with so many seeds of each set of values.

    Parameters
    ----------
    axes
        Units by name.
    measures
        Unit, and the value from the values of the axes and a standard normal number.
    status
        From the values of the axes and the replicate.
    """
    rows = [(tuple(values), replicate) for values in sets for replicate in range(seeds)]
    noise = np.random.default_rng(1).standard_normal(len(rows))
    states = np.array([status(*values, replicate) for values, replicate in rows])
    done = states == "done"

    def column(name: str, unit: str, of: Callable[..., float | str]) -> Column:
        found = [of(*values, z) for (values, _), z in zip(rows, noise, strict=True)]
        if unit:
            return Column(name, unit, np.where(done, np.array(found, float), np.nan))
        return Column(name, unit, np.where(done, np.array(found, str), ""))

    return SweepTable(
        experiment="made",
        title="",
        ids=np.array([f"{row:016x}" for row in range(len(rows))]),
        run_ids=np.array([f"{row:012x}" for row in range(len(rows))]),
        status=states,
        replicate=np.array([replicate for _, replicate in rows]),
        seed=np.arange(len(rows)),
        axes=tuple(
            Column(name, unit, np.array([values[place] for values, _ in rows]))
            for place, (name, unit) in enumerate(axes.items())
        ),
        measures=tuple(column(name, unit, of) for name, (unit, of) in measures.items()),
        errors=np.where(states == "failed", "the network exploded", ""),
        recordings=np.array([recordings(row) for row in range(len(rows))]),
    )


def rate(g: float, eta: float, z: float = 0.0) -> float:
    """Near the rate of Brunel's network: saturated below g = 4, the balance of drive and inhibition above."""
    high = 420 / (1 + np.exp(8 * (g - 3.9)))
    low = 42 * max(eta - 0.95, 0.004 * eta) / (max(g - 4, 0) + 0.9)
    return float((high * min(1, eta) + low) * np.exp(0.04 * z))


def theory(g: float, eta: float, z: float = 0.0) -> float:
    """Somewhat above the simulation, as mean-field theory is."""
    return 1.15 * rate(g + 0.1, eta) + 0.2


def state(g: float, eta: float, z: float = 0.0) -> str:
    if rate(g, eta) < 0.5:
        return "silent"
    if g < 3.7:
        return "SR"
    if g < 4.3:
        return "AR" if eta > 1.2 else "SR"
    return "SI" if eta > 1.4 + 0.35 * (g - 4.3) or eta < 1.1 else "AI"


def cv(g: float, eta: float, z: float = 0.0) -> float:
    return float("nan") if rate(g, eta) < 0.5 else float(0.9 / (1 + np.exp(-4 * (g - 4))) * (1 + 0.02 * z))


BRUNEL = {
    "exc.mean_rate": ("Hz", rate),
    "exc.cv_isi": ("1", cv),
    "network.regime": ("", state),
    "network.mean_field": ("Hz", theory),
}
PLANE = {"g": "1", "eta": "1"}


def brunel_plane(n_g: int = 17, n_eta: int = 15, **settings: Any) -> SweepTable:
    """Rates and states over relative inhibition and drive; three seeds, of which some failed."""

    def status(g: float, eta: float, replicate: int) -> str:
        return "failed" if g < 1 and eta > 3.4 else "done"

    sets = list(product(np.linspace(0, 8, n_g), np.linspace(0.5, 4, n_eta)))
    return table(sets, PLANE, BRUNEL, **{"status": status, **settings})


def small_plane() -> SweepTable:
    return brunel_plane(5, 4)


def half_done_plane() -> SweepTable:
    def status(g: float, eta: float, replicate: int) -> str:
        return "failed" if g == 7 and eta == 1 else "done" if g < 5 else "running" if g == 5 else "missing"

    return brunel_plane(9, 8, status=status)


def failed_plane() -> SweepTable:
    return brunel_plane(4, 3, status=lambda *_: "failed")


def planned_plane() -> SweepTable:
    return brunel_plane(4, 3, status=lambda *_: "missing")


def uneven_plane() -> SweepTable:
    """Values at unequal distances, and such as lie too close to be shown where they are."""
    return table(list(product([3, 4.5, 5, 6, 8], [0.9, 1, 2, 4])), PLANE, BRUNEL)


def scattered_plane() -> SweepTable:
    rng = np.random.default_rng(3)
    sets = list(zip(rng.uniform(2, 8, 60), rng.uniform(0.5, 4, 60), strict=True))
    return table(sets, PLANE, BRUNEL, seeds=1, status=lambda g, *_: "failed" if g < 2.4 else "done")


def three_axes() -> SweepTable:
    sets = list(product(np.linspace(2, 8, 7), np.linspace(0.5, 4, 6), [0.5, 1.5, 3.0]))
    measures = {
        "exc.mean_rate": ("Hz", lambda g, eta, delay, z: rate(g, eta, z) * delay),
        "network.regime": ("", lambda g, eta, delay, z: state(g, eta)),
    }
    return table(sets, {**PLANE, "delay": "ms"}, measures)


def three_scattered_axes() -> SweepTable:
    rng = np.random.default_rng(4)
    sets = list(
        zip(rng.uniform(2, 8, 50), np.exp(rng.uniform(np.log(0.1), np.log(10), 50)), rng.uniform(1, 3, 50), strict=True)
    )
    return table(
        sets,
        {"g": "1", "tau": "ms", "delay": "ms"},
        {"exc.mean_rate": ("Hz", lambda g, tau, delay, z: rate(g, delay) * tau)},
        seeds=2,
    )


def one_axis() -> SweepTable:
    """Two populations over a drive; the strongest failed."""
    measures = {
        "exc.mean_rate": ("Hz", lambda drive, z: 2 * drive + 0.6 * z),
        "exc.cv_isi": ("1", lambda drive, z: 1 / (1 + 0.2 * drive) + 0.03 * z),
        "inh.mean_rate": ("Hz", lambda drive, z: 4 * drive + z),
        "network.synchrony": ("1", lambda drive, z: 0.1 + 0.01 * abs(z)),
    }
    sets = [(drive,) for drive in range(1, 11)]
    return table(sets, {"drive": "nA"}, measures, seeds=5, status=lambda drive, _: "failed" if drive == 10 else "done")


def geometric_axis() -> SweepTable:
    sets = list(product([10.0, 20.0, 40.0, 80.0, 160.0, 320.0], [5.0, 10.0, 20.0, 30.0]))
    measures = {"exc.mean_rate": ("Hz", lambda k, tau, z: 5 * np.log(k) + 0.2 * tau + 0.5 * z)}
    return table(sets, {"indegree": "1", "tau_m": "ms"}, measures)


def one_seed() -> SweepTable:
    measures = {"exc.mean_rate": ("Hz", lambda g, z: 30 / (1 + g))}
    return table([(g,) for g in np.linspace(0, 8, 9)], {"g": "1"}, measures, seeds=1)


def text_axes() -> SweepTable:
    sets = list(product(["adex", "lif", "izhikevich with noise"], ["delta", "exponential"]))
    measures = {"exc.mean_rate": ("Hz", lambda model, synapse, z: len(model) + len(synapse) + 0.3 * z)}
    return table(sets, {"populations.exc.neuron.model": "", "synapse": ""}, measures)


def one_point() -> SweepTable:
    return table([(5.0, 2.0)], PLANE, BRUNEL, seeds=1)


def seeds_alone() -> SweepTable:
    """Nothing varies but the seed."""
    return table([()], {}, {"exc.mean_rate": ("Hz", lambda z: 10 + z)}, seeds=5)


def undefined() -> SweepTable:
    """Everything ran, nothing could be measured."""
    nothing = {"exc.mean_rate": ("Hz", lambda *_: float("nan")), "network.regime": ("", lambda *_: "")}
    return table(list(product([1.0, 2.0, 3.0], [1.0, 2.0])), PLANE, nothing)


def unmeasured() -> SweepTable:
    return table(list(product([1.0, 2.0], [1.0, 2.0])), PLANE, {})


TABLES = {
    maker.__name__: maker
    for maker in (
        brunel_plane,
        small_plane,
        half_done_plane,
        failed_plane,
        planned_plane,
        uneven_plane,
        scattered_plane,
        three_axes,
        three_scattered_axes,
        one_axis,
        geometric_axis,
        one_seed,
        text_axes,
        one_point,
        seeds_alone,
        undefined,
        unmeasured,
    )
}


@cache
def made(name: str) -> Swept:
    return Swept(TABLES[name](), NOWHERE)


@pytest.fixture(params=TABLES)
def swept(request: pytest.FixtureRequest) -> Swept:
    """Each of the sweeps."""
    return made(request.param)


@pytest.fixture
def sweep_of() -> Callable[[str], Swept]:
    """One of the sweeps by name."""
    return made


@pytest.fixture
def draw() -> Callable[[SweepFigure, Swept], dict[str, Axes]]:
    """Draw an entry on fresh axes, without the page around it."""

    def draw_on_fresh_axes(figure: SweepFigure, swept: Swept) -> dict[str, Axes]:
        axes = Page(layout="constrained").subplot_mosaic(figure.panels(swept))
        figure.draw(axes, swept)
        return axes

    return draw_on_fresh_axes


@pytest.fixture
def make_table() -> Callable[..., SweepTable]:
    return table
