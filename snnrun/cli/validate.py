"""``snnrun validate``: check experiments without running them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, Parameters, Settings, examples, load_experiment
from snnrun.errors import SpecError

if TYPE_CHECKING:
    from snnrun.spec.experiment import Experiment

EXAMPLE = examples("snnrun validate experiments/brunel_2000/ai.yaml")


def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Experiments, YAML files.", show_default=False)
    ],
    parameters: Parameters,
    settings: Settings,
    as_json: Json = False,
) -> None:
    """Check experiments without running them.

    Every problem is shown with its place in the file and with what to do about it.
    """
    reports: list[dict[str, Any]] = []
    for file in files:
        try:
            experiment = load_experiment(file, parameters, settings)
        except SpecError as error:
            reports.append({"file": file, "ok": False, "problems": _problems(file, error)})
            if not as_json:
                console.error(str(error))
        else:
            reports.append({"file": file, "ok": True, **_facts(experiment), "problems": []})
            if not as_json:
                console.say(f"{file}: ok · {_sentence(experiment)}")
    if as_json:
        console.show_json(reports)
    if not all(report["ok"] for report in reports):
        raise typer.Exit(SpecError.exit_code)


def _facts(experiment: Experiment) -> dict[str, Any]:
    sizes = {name: section.size for name, section in experiment.populations.items()}
    return {"name": experiment.name, "populations": sizes, "neurons": sum(sizes.values())}


def _sentence(experiment: Experiment) -> str:
    facts = _facts(experiment)
    populations = ", ".join(f"{name} ({size})" for name, size in facts["populations"].items())
    return f"{facts['name']} · populations {populations} · {facts['neurons']} neurons"


def _problems(file: Path, error: SpecError) -> list[dict[str, Any]]:
    return [
        {"file": file, "line": p.line, "column": p.column, "key": p.key, "message": p.message, "hint": p.hint}
        for p in error.problems
    ]
