"""How figures look: the colours of populations, the words on axes, and what stands in an empty panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from snnrun.units import display_unit, unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.results.recording import Population

TIME: Final = "Time (ms)"
LAG: Final = "Lag (ms)"
INTERVAL: Final = "Interspike interval (ms)"
RATE: Final = "Rate (Hz)"
FREQUENCY: Final = "Frequency (Hz)"
POTENTIAL: Final = "Membrane potential (mV)"

INK: Final = "#222222"
FAINT: Final = "#888888"

# Okabe & Ito's colours for all kinds of colour vision (https://jfly.uni-koeln.de/color/), sorted into a cool family for
# excitatory, a warm one for inhibitory populations, and the rest, and filled up with dark and light tones.
COLORS: Final[Mapping[str, tuple[str, ...]]] = {
    "excitatory": ("#0072B2", "#56B4E9", "#00344F", "#7CC6B5"),
    "inhibitory": ("#D55E00", "#E69F00", "#7A2E00", "#E8A48A"),
    "": ("#009E73", "#CC79A7", "#5C4A72", "#8A7F00"),
}
NETWORK: Final = "network"
NETWORK_COLOR: Final = "#444444"

# Set on top of matplotlib's own defaults, so that a matplotlibrc of the user changes nothing.
SETTINGS: Final[Mapping[str, Any]] = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "legend.handlelength": 1.2,
    "legend.borderaxespad": 0.5,
    "legend.labelspacing": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "axes.formatter.useoffset": False,
    "axes.titlelocation": "left",
    "lines.linewidth": 1.0,
    "lines.solid_capstyle": "butt",
    # Text stays text: editable in PDF (TrueType) and in SVG, whose identifiers must not change from run to run either.
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "snnrun",
}


def population_colors(populations: Mapping[str, Population]) -> dict[str, str]:
    """The colour of each population of a recording, the same in all its figures; and that of the pooled network."""
    palettes = {type_name: cycle(colors) for type_name, colors in COLORS.items()}
    colors = {name: next(palettes.get(population.type, palettes[""])) for name, population in populations.items()}
    return {NETWORK: NETWORK_COLOR} | colors


def in_display_unit(si_unit: str) -> tuple[float, str]:
    """Factor from an SI unit to the unit of the field, and its name: ``V`` gives ``(1000, "mV")``."""
    quantity = unit(si_unit)
    shown = display_unit(quantity.dimension)
    return quantity.value / unit(shown).value, shown


def variable_label(variable: str, si_unit: str) -> tuple[float, str]:
    """Factor from the SI unit of a state variable to the unit of the field, and the label of its axis."""
    factor, shown = in_display_unit(si_unit)
    if variable == "v" and shown == "mV":
        return factor, POTENTIAL
    return factor, variable if shown == "1" else f"{variable} ({shown})"


def shortened(name: str, length: int = 16) -> str:
    """A name that fits on an axis or in a legend."""
    return name if len(name) <= length else f"{name[: length - 1]}…"


def in_words(window: tuple[float, float]) -> str:
    """A time interval in words: ``0.5–2 s``."""
    return f"{window[0]:.4g}–{window[1]:.4g} s"


def first_trial(n_trials: int) -> str:
    """What to say where a single trial is shown of several; nothing where there is only one."""
    return f"trial 1 of {n_trials}" if n_trials > 1 else ""


def neuron_in_words(population: str, neuron: int, n_trials: int) -> str:
    """The title of a panel that shows one neuron: ``exc, neuron 3, trial 1 of 25``."""
    return ", ".join(filter(None, (shortened(population, 32), f"neuron {neuron}", first_trial(n_trials))))


def mean_over(n_trials: int) -> str:
    """What to say where the mean over several trials is shown; nothing where there is only one."""
    return f"mean over {n_trials} trials" if n_trials > 1 else ""


def line_widths(names: Sequence[str]) -> dict[str, float]:
    """Widths of curves drawn over each other in this order: the first ones wider, lest equal curves hide them."""
    if len(names) > 3:
        return dict.fromkeys(names, 0.8)
    return {name: 0.8 + 0.8 * above for above, name in enumerate(reversed(names))}


def legend(axes: Axes, title: str = "") -> None:
    """A legend at the right of a panel, where it covers no data."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), title=title, title_fontsize=7)


def say(axes: Axes, message: str) -> None:
    """Say in an empty panel why it is empty, in place of a misleading scale."""
    axes.text(0.5, 0.5, message, transform=axes.transAxes, ha="center", va="center", color=FAINT)
    axes.set(xticks=[], yticks=[])
    axes.minorticks_off()
