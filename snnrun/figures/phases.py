"""Where the phases of an experiment begin, on axes of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snnrun.figures.style import FAINT, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.results.recording import Recording


def mark_phases(
    panel: Axes, recording: Recording, interval: tuple[float, float], *, per_second: float, named: bool
) -> None:
    """Draw a line where each phase begins, and if wanted its name above the panel.

    Parameters
    ----------
    interval
        What is shown, in seconds.
    per_second
        Units of the time axis in a second: 1000 for milliseconds.
    """
    for name, tick in recording.phases.items():
        start = tick * recording.dt
        if not interval[0] <= start < interval[1]:
            continue
        panel.axvline(start * per_second, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)))
        if named:
            above = panel.get_xaxis_transform()
            panel.text(start * per_second, 1.02, shortened(name), transform=above, va="bottom", color=FAINT)
