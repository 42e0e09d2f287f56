"""Measures how cost grows with neurons, synapses and rate, and draws it: scaling.png.

Usage: python scaling.py [--brian] [--repeat 3]

One thread; a network that stays alike (scaling.yaml) while one of its sizes grows. What was measured is printed, too.
"""

import argparse
import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, NullFormatter
from sides import Outcome, by_brian, by_snnrun
from table import machine
from workloads import HERE, SCALING

MIDDLE = {"neurons": 10_000, "k": 500, "eta": 2}
GROWING = {
    "neurons": [1000, 3000, 10_000, 30_000],
    "k": [50, 150, 500, 1500, 5000],
    "eta": [1, 1.2, 2, 4],
}
COLOURS = {"snnrun fast": "#0072b2", "snnrun reference": "#e69f00", "Brian 2": "#777777"}


@dataclass(frozen=True)
class Point:
    """One size of the network and what it cost, in the median over seeds."""

    neurons: int
    synapses: float
    rate: float
    build: float
    simulate: float
    memory: float

    @property
    def events(self) -> float:
        """Synaptic events in the simulated time."""
        return self.synapses * self.rate * SCALING.seconds


@dataclass(frozen=True)
class Panel:
    """One pair of axes: which parameter grows, and what of the points is shown."""

    growing: str
    x: Callable[[Point], float]
    y: Callable[[Point], float]
    title: str
    x_label: str
    y_label: str


def seconds(point: Point) -> float:
    """Of simulation, for one simulated second."""
    return point.simulate / SCALING.seconds


TITLE = "Balanced network, one thread; what does not grow: 10 000 neurons, 500 synapses onto each, 50 Hz"
SECONDS = "seconds for one simulated second"
PANELS = (
    Panel("neurons", lambda one: one.neurons, seconds, "More neurons", "neurons", SECONDS),
    Panel("k", lambda one: one.synapses / one.neurons, seconds, "More synapses", "synapses onto each neuron", SECONDS),
    Panel("eta", lambda one: one.rate, seconds, "More spikes", "rate of each neuron (Hz)", SECONDS),
    Panel(
        "k",
        lambda one: one.events,
        lambda one: 1e9 * one.simulate / one.events,
        "One synaptic event",
        "synaptic events in a simulated second",
        "ns of simulation per event",
    ),
    Panel(
        "k",
        lambda one: one.synapses,
        lambda one: 1e9 * one.build / one.synapses,
        "Building one synapse",
        "synapses in all",
        "ns of building per synapse",
    ),
    Panel(
        "k",
        lambda one: one.synapses,
        lambda one: one.memory * 2**20 / one.synapses,
        "Storing one synapse",
        "synapses in all",
        "bytes of the program per synapse",
    ),
)


def main() -> None:
    """Measure and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brian", action="store_true", help="Brian 2 as well, which compiles anew for each point")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each point")
    options = parser.parse_args()
    sides: dict[str, Callable[..., Outcome]] = {
        "snnrun fast": partial(by_snnrun, engine="fast"),
        "snnrun reference": partial(by_snnrun, engine="reference"),
    }
    if options.brian:
        sides["Brian 2"] = lambda *of: by_brian(*of)[0]
    print(f"{machine()}\n\n| program | neurons | k | eta | rate, Hz | build, s | simulation, s | MiB |\n{'|---' * 8}|")
    with tempfile.TemporaryDirectory(prefix="snnrun-scaling-") as folder:
        curves = {name: measure(name, side, Path(folder), options.repeat) for name, side in sides.items()}
    draw(curves)


def measure(name: str, side: Callable[..., Outcome], folder: Path, repeat: int) -> dict[str, list[Point]]:
    """The points of one program, by the parameter that grows."""
    sizes = {tuple({**MIDDLE, what: value}.items()) for what, values in GROWING.items() for value in values}
    points = {size: measured_point(name, side, dict(size), folder, repeat) for size in sorted(sizes)}
    return {
        what: [points[tuple({**MIDDLE, what: value}.items())] for value in values] for what, values in GROWING.items()
    }


def measured_point(name: str, side: Callable[..., Outcome], size: dict[str, float], folder: Path, repeat: int) -> Point:
    """One point, printed as a row."""
    work = SCALING.with_parameters(**size)
    runs = [side(work, seed, folder) for seed in range(1, repeat + 1)]
    rate = median(0.8 * run.rates["exc"] + 0.2 * run.rates["inh"] for run in runs)
    build, simulate = (median(getattr(run, part) for run in runs) for part in ("build", "simulate"))
    memory = median(run.program for run in runs)
    print(
        f"| {name} | {size['neurons']} | {size['k']} | {size['eta']} | {rate:.3g} | {build:.3g} | {simulate:.3g} "
        f"| {memory:.0f} |",
        flush=True,
    )
    return Point(int(size["neurons"]), size["neurons"] * size["k"], rate, build, simulate, memory)


def draw(curves: dict[str, dict[str, list[Point]]]) -> None:
    """What the whole costs above, what one event or one synapse costs below."""
    figure, axes = plt.subplots(2, 3, figsize=(11, 6.4), layout="constrained")
    for panel, place in zip(PANELS, axes.flat, strict=True):
        for name, by_parameter in curves.items():
            points = by_parameter[panel.growing]
            place.plot(
                [panel.x(point) for point in points],
                [panel.y(point) for point in points],
                marker="o",
                markersize=4,
                color=COLOURS[name],
                label=name,
            )
        place.set(title=panel.title, xlabel=panel.x_label, ylabel=panel.y_label, xscale="log", yscale="log")
        low, high = place.get_ylim()
        place.set_ylim(10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high)))
        for axis in (place.xaxis, place.yaxis):
            axis.set_major_formatter(FuncFormatter(plain))
            axis.set_minor_formatter(NullFormatter())
        place.grid(alpha=0.3)
        place.spines[["top", "right"]].set_visible(False)
    axes[0, 0].legend(frameon=False)
    figure.suptitle(TITLE, fontsize="medium")
    figure.savefig(HERE / "scaling.png", dpi=130)


def plain(value: float, _: int) -> str:
    """A power of ten as people write it: 0.1, 100, 10 000, 10⁷."""
    if value < 1e5:
        return f"{value:,g}".replace(",", "\u2009")
    return f"10{str(round(math.log10(value))).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


if __name__ == "__main__":
    main()
