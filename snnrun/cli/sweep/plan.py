"""``snnrun sweep plan``: what a sweep will compute."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from snnrun.cli import console
from snnrun.cli.options import ExperimentFile, Json, Parameters, Settings, examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Words, planned

if TYPE_CHECKING:
    from snnrun.sweep.plan.planning import Planned
    from snnrun.sweep.run.outlook import Outlook

EXAMPLE = examples(
    "snnrun sweep plan experiments/activity_states/activity_states.yaml g=3:8:11 eta=0.9,1,2 seeds=5",
)


def plan(
    file: ExperimentFile,
    parameters: Parameters,
    settings: Settings,
    words: Words = None,
    output: Results = RESULTS,
    name: Name = None,
    as_json: Json = False,
) -> None:
    """Plan the points of a sweep, and say what they will take.

    Writes the folder of the sweep with its plan, the list of its points and a makefile that runs them.
    """
    from snnrun.sweep.run.outlook import outlook
    from snnrun.sweep.upkeep.replacing import refuse_to_replace

    made = planned(file, words, parameters, settings, output, name)
    refuse_to_replace(made)
    made.write()
    expected = outlook(made.plan, made.folder)
    if as_json:
        console.show_json(_plain(made, expected))
        return
    _show(made, expected)
    console.say()
    console.say(f"Run it:  snnrun sweep run {console.typed(file)}{_options(made, output, name)}")


def _show(made: Planned, expected: Outlook) -> None:
    console.heading(f"{made.plan.experiment}: {console.counted(len(made.plan.points), 'point')}{_factors(made)}")
    compiled = "compiled already" if expected.n_to_build == 0 else f"{expected.n_to_build} to be compiled"
    facts = {
        "builds": f"{len(made.plan.builds)}, {compiled}",
        "done": f"{expected.n_done} of {len(made.plan.points)}",
        "time": _time(made, expected),
        "disk": f"about {console.in_bytes(expected.disk)}" if expected.disk else "",
        "folder": console.shown(made.folder.path),
    }
    for key, value in facts.items():
        if value:
            console.say(f"  {key:7} {value}")
    if made.remark is not None:
        console.remark(made.remark)


def _time(made: Planned, expected: Outlook) -> str:
    if expected.n_done == len(made.plan.points):
        return "none: all points are done"
    guess = " (a guess until some points are done)" if expected.guessed else ""
    return f"{console.about(expected.seconds)} on {console.counted(expected.n_processors, 'processor')}{guess}"


def _factors(made: Planned) -> str:
    """``= 11 g × 3 eta × 5 seeds``, where it is so."""
    plan = made.plan
    numbers = [(len({repr(point.values[i]) for point in plan.points}), axis) for i, axis in enumerate(plan.axes)]
    numbers += [(max((point.replicate for point in plan.points), default=0) + 1, "seeds")]
    product = 1
    for number, _ in numbers:
        product *= number
    factors = [f"{number} {name}" for number, name in numbers if number > 1]
    return f" = {' × '.join(factors)}" if factors and product == len(plan.points) else ""


def _options(made: Planned, output: Path, name: str | None) -> str:
    """What else is typed to mean the same sweep."""
    words = [*made.words, *(["-o", str(output)] if output != RESULTS else []), *(["--name", name] if name else [])]
    return "".join(f" {quote(word)}" for word in words)


def _plain(made: Planned, expected: Outlook) -> dict[str, Any]:
    return {
        "experiment": made.plan.experiment,
        "folder": made.folder.path,
        "axes": list(made.plan.axes),
        "points": len(made.plan.points),
        "builds": len(made.plan.builds),
        "to_build": expected.n_to_build,
        "done": expected.n_done,
        "seconds": expected.seconds,
        "guessed": expected.guessed,
        "disk": expected.disk,
    }
