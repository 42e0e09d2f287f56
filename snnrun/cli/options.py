"""Arguments and options that several commands share, and how their texts become objects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from snnrun.spec.experiment import Experiment

ExperimentFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The experiment, a YAML file.", show_default=False)
]
RecordingPath = Annotated[
    Path, typer.Argument(metavar="PATH", help="A recording, or the folder of a run.", show_default=False)
]
Parameters = Annotated[
    list[str],
    typer.Option(
        "-p",
        "--parameter",
        metavar="NAME=VALUE",
        default_factory=list,
        show_default=False,
        help="Give one of the experiment's parameters another value: -p g=4.5. Repeat for more.",
    ),
]
Settings = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        default_factory=list,
        show_default=False,
        help="Give any other key another value: --set simulation.duration='5 s'. Repeat for more.",
    ),
]
Threads = Annotated[
    int,
    typer.Option(metavar="N", help="Compute on so many processors; the results are the same for any number."),
]
Start = Annotated[
    str | None, typer.Option(metavar="TIME", help="Begin of the window, such as '0.5 s'; else the end of the warm-up.")
]
Stop = Annotated[str | None, typer.Option(metavar="TIME", help="End of the window; else the end of the run.")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw nothing.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for other programs.")]


def examples(*lines: str) -> str:
    r"""The end of a help text; ``\b`` keeps its lines as they are, ready to be copied."""
    return "\n".join(["\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


def load_experiment(path: Path, parameters: Sequence[str], settings: Sequence[str]) -> Experiment:
    """The experiment of a file, with the values that the command line changes.

    Raises
    ------
    SpecError
        With every problem that was found.
    """
    from snnrun.network.loading import load

    return load(path, assignments(parameters, "-p"), assignments(settings, "--set"))


def assignments(texts: Sequence[str], option: str) -> dict[str, Any]:
    """The values that ``name=value`` options give; the last one counts.

    Raises
    ------
    SpecError
        If one of them is no such text.
    """
    from snnrun.spec.overrides import parse_assignment

    return dict(parse_assignment(text, option) for text in texts)


def seconds(text: str | None, option: str) -> float | None:
    """A time of the command line in seconds.

    Raises
    ------
    UserError
        If it is none.
    """
    if text is None:
        return None
    from snnrun.errors import UserError
    from snnrun.language.syntax import ExpressionError
    from snnrun.language.values import evaluate
    from snnrun.units import Quantity, unit

    try:
        time = evaluate(text, {})
    except ExpressionError as error:
        raise UserError(f"{option} '{text}' is not a time: {error}. Write for example {option} '0.5 s'.") from None
    if not isinstance(time, Quantity) or time.dimension != unit("s").dimension:
        raise UserError(f"{option} '{text}' is not a time. Write for example {option} '0.5 s'.")
    return time.value


def one_recording(path: Path) -> Path:
    """The one recording that a path means.

    Raises
    ------
    ResultsError
        If there is none, or more than one.
    """
    from snnrun.results.layout import RECORDING
    from snnrun.results.results import open_results

    return path if path.is_file() else open_results(path).folder / RECORDING
