"""``snnrun plot``: draw one figure of a recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import RecordingPath, Settings, Start, Stop, assignments, examples, one_recording, seconds

if TYPE_CHECKING:
    from snnrun.figures.base import Figure

EXAMPLE = examples("snnrun plot results/ai/latest raster --set neurons=200 --set duration='100 ms' -o raster.pdf")

FigureName = Annotated[
    str, typer.Argument(metavar="FIGURE", help="Its name (see 'snnrun catalog'), or a mapping with parameters.")
]
Destination = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="File that ends in .png, .pdf or .svg; else a PNG among the run's figures.",
    ),
]


def plot(
    path: RecordingPath,
    figure: FigureName,
    settings: Settings,
    output: Destination = None,
    start: Start = None,
    stop: Stop = None,
) -> None:
    """Draw one figure of a recording.

    Parameters of the figure are given with --set: --set neurons=200.
    """
    entry = _figure(figure, settings)
    window = {"start": seconds(start, "--start"), "stop": seconds(stop, "--stop")}
    from snnrun.revisit import plot as plot_recording

    drawn = plot_recording(one_recording(path), entry, output, **window)
    console.say(f"Figure: {console.shown(drawn)}")


def _figure(text: str, settings: list[str]) -> Figure:
    from snnrun.figures.base import Figure
    from snnrun.spec.entries import read_entry
    from snnrun.spec.reader import parse_value

    raw = parse_value(text, "FIGURE")
    named = {"figure": raw} if isinstance(raw, str) else raw
    values = assignments(settings, "--set")
    entry = read_entry("figures", {**named, **values} if isinstance(named, dict) else named, f"figure {text}")
    assert isinstance(entry, Figure)
    return entry
