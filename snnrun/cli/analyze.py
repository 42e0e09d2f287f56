"""``snnrun analyze``: measure and draw recordings again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from snnrun.cli import console, outcome
from snnrun.cli.options import Json, NoFigures, Quiet, Start, Stop, examples, seconds
from snnrun.errors import SnnrunError, UserError

if TYPE_CHECKING:
    from snnrun.metrics.base import Metric

EXAMPLE = examples(
    "snnrun analyze results/ai/latest --start '1 s' --metric mean_rate --metric '{metric: psd, resolution: 5 Hz}'"
)

Recordings = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Recordings, or folders of runs or of results.", show_default=False),
]
Metrics = Annotated[
    list[str],
    typer.Option(
        "--metric",
        metavar="METRIC",
        default_factory=list,
        show_default=False,
        help="Measure this, a name or a mapping with parameters, and not what the experiment asks for. Repeatable.",
    ),
]


def analyze(
    paths: Recordings,
    metric: Metrics,
    start: Start = None,
    stop: Stop = None,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Measure and draw recordings again, without simulating.

    The analysis and the figures beside each recording are replaced. A recording that cannot be used is reported, and
    the others go on.
    """
    metrics = _metrics(metric)
    window = {"start": seconds(start, "--start"), "stop": seconds(stop, "--stop")}
    from snnrun.revisit import analyze as analyze_recording

    recordings, failures = _recordings(paths)
    reports: list[dict[str, Any]] = []
    for recording in recordings:
        try:
            results = analyze_recording(
                recording, metrics=metrics, figures=not no_figures, listener=console.listener(quiet), **window
            )
            reports.append(outcome.as_plain(results))
            if not (quiet or as_json):
                outcome.show(results)
        except SnnrunError as error:
            failures.append((recording, error))
    for path, failure in failures:
        console.error(str(failure) if str(path) in str(failure) else f"{path}: {failure}")
    if as_json:
        failed = [{"path": path, "error": str(failure)} for path, failure in failures]
        console.show_json({"analysed": reports, "failed": failed})
    if failures:
        raise typer.Exit(UserError.exit_code)


def _metrics(texts: Sequence[str]) -> list[Metric]:
    if not texts:
        return []
    from snnrun.metrics.base import Metric
    from snnrun.spec.entries import read_entry
    from snnrun.spec.reader import parse_value

    entries = [read_entry("metrics", parse_value(text, "--metric"), "--metric") for text in texts]
    return [entry for entry in entries if isinstance(entry, Metric)]


def _recordings(paths: Sequence[Path]) -> tuple[list[Path], list[tuple[Path, SnnrunError]]]:
    """Every recording that is meant, once, and the paths that hold none."""
    from snnrun.results.layout import find_recordings

    found: dict[Path, Path] = {}
    failures: list[tuple[Path, SnnrunError]] = []
    for path in paths:
        try:
            found |= {recording.resolve(): recording for recording in find_recordings(path)}
        except SnnrunError as error:
            failures.append((path, error))
    return list(found.values()), failures
