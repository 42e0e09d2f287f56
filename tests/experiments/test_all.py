"""Every file in ``experiments/`` runs, and every sweep: shortened, but with all it records, measures and draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import snnrun
from snnrun.errors import SpecError
from snnrun.network.describe import describe
from snnrun.simulation.listener import Listener
from snnrun.spec.experiment import Experiment
from snnrun.spec.sweep import SweepSection
from snnrun.sweep.plan.planning import plan_sweep
from snnrun.sweep.run.local import run_sweep
from snnrun.workflow import View, run

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
FILES = sorted(path for path in EXPERIMENTS.rglob("*.yaml"))
# Shown for the message that they get.
BROKEN = [path for path in FILES if path.stem.startswith("breaks")]
SOUND = [path for path in FILES if path not in BROKEN]
SWEEPS = [path for path in SOUND if "\nsweep:" in path.read_text(encoding="utf-8") and path.parent.name != "benchmarks"]
N_TICKS = 2000


class Remarks(Listener):
    """Keeps what the run had to say."""

    def __init__(self) -> None:
        self.remarks: list[str] = []

    def remark(self, message: str) -> None:
        self.remarks.append(message)


def name_of(path: Path) -> str:
    return str(path.relative_to(EXPERIMENTS).with_suffix(""))


def shortened(path: Path) -> Experiment:
    """The experiment for two thousand steps and at most two trials; of its phases, each has its share."""
    whole = snnrun.load(path)
    n_ticks, dt = min(N_TICKS, whole.n_ticks), whole.simulation.dt
    settings: dict[str, Any] = {
        "simulation.duration": f"{n_ticks} * ({dt})",
        "simulation.warmup": "0 ms",
        "simulation.trials": min(whole.simulation.trials, 2),
    }
    for number, (name, _) in enumerate(whole.phases_in_time):
        settings[f"phases.{name}.start"] = f"{n_ticks * (number + 1) // (len(whole.phases) + 1)} * ({dt})"
    return snnrun.load(path, settings=settings)


@pytest.mark.physics
@pytest.mark.parametrize("path", SOUND, ids=name_of)
def test_an_experiment_runs(path: Path, tmp_path: Path) -> None:
    experiment, heard = shortened(path), Remarks()
    results = run(experiment, tmp_path, listener=heard)
    assert results.recording.n_ticks == experiment.n_ticks
    asked = {metric.metric for metric in experiment.analysis or ()}  # type: ignore[attr-defined]
    measured = {name for each in results.analysis.measurements.values() for name in each}
    assert asked <= measured
    # In so short a run there may be nothing to draw; then a sentence says so.
    left_out = [remark for remark in heard.remarks if remark.startswith("figure ")]
    assert len(results.figures) + len(left_out) == len(View.of(experiment).figures)


def few_of(sweep: SweepSection) -> list[str]:
    """Two values of each of the first two axes, one of each further one, as they are typed on the command line."""
    points, words = sweep.combinations(), ["seeds=1"]
    for number, axis in enumerate(sweep.names):
        values = list(dict.fromkeys(str(point[axis]) for point in points))
        words.append(f"{axis}={','.join(values[: 2 if number < 2 else 1])}")
    return words


@pytest.mark.physics
@pytest.mark.parametrize("path", SWEEPS, ids=name_of)
def test_a_sweep_runs(path: Path, tmp_path: Path) -> None:
    whole, heard = snnrun.load(path), Remarks()
    assert whole.sweep is not None
    settings = {"simulation.duration": f"{N_TICKS} * ({whole.simulation.dt})", "simulation.warmup": "0 ms"}
    planned = plan_sweep(path, few_of(whole.sweep), parameters={}, settings=settings, output=tmp_path)
    _, table, figures = run_sweep(lambda: planned, 1, heard)
    assert list(table.status) == ["done"] * 4
    assert set(whole.sweep.collect or ()) <= {column.name for column in table.measures}
    assert not heard.remarks
    assert len(figures) == len(whole.sweep.figures or ())


@pytest.mark.parametrize("path", SWEEPS, ids=name_of)
def test_a_sweep_plans_whole(path: Path, tmp_path: Path) -> None:
    plan = plan_sweep(path, (), parameters={}, settings={}, output=tmp_path).plan
    assert len(plan.by_id) == len(plan.points) > 50, "no two points are the same"
    assert {point.replicate for point in plan.points} > {0}, "there are several seeds"


def test_sizes_of_a_network_are_programs_of_their_own(tmp_path: Path) -> None:
    path = EXPERIMENTS / "connectivity_sweep" / "connectivity_sweep.yaml"
    plan = plan_sweep(path, (), parameters={}, settings={}, output=tmp_path).plan
    assert len(plan.builds) == len({plan.assignment(point)["N"] for point in plan.points}) == 2


@pytest.mark.parametrize("path", SOUND, ids=name_of)
def test_an_experiment_is_described(path: Path) -> None:
    description = describe(snnrun.load(path))
    assert description.title
    assert description.neurons > 0


@pytest.mark.parametrize("path", BROKEN, ids=name_of)
def test_a_broken_experiment_is_refused(path: Path) -> None:
    with pytest.raises(SpecError):
        snnrun.load(path)


@pytest.mark.parametrize("folder", sorted({path.parent for path in SOUND}), ids=lambda folder: folder.name)
def test_each_folder_has_a_readme_that_asks_and_answers(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    if folder.name != "benchmarks":
        for part in ("**Question.**", "**Model.**", "doi.org", "snnrun simulate"):
            assert part in text


@pytest.mark.parametrize("folder", sorted({path.parent for path in SOUND}), ids=lambda folder: folder.name)
def test_the_readme_leads_to_each_folder(folder: Path) -> None:
    text = (EXPERIMENTS.parent / "README.md").read_text(encoding="utf-8")
    assert f"(experiments/{folder.name})" in text
