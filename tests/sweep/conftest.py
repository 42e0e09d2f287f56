"""A sweep of five cells, planned by hand, that shares one compiled program among all tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from snnrun.network.compose import compose
from snnrun.network.loading import load, loads
from snnrun.simulation.build_cache import Build as Program
from snnrun.simulation.build_cache import program_for
from snnrun.spec.reader import parse_document
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import write_plan
from snnrun.sweep.files.points import Build, Plan, Point, point_id

# A current of `drive` into cells that fire regularly: from none to 500 spikes a second.
_CELLS = """
snnrun: 1
parameters: {drive: 300 pA}
populations: {cells: {size: 5, neuron: {model: lif}}}
inputs: {push: {to: cells, model: constant_current, amplitude: drive}}
simulation: {duration: 100 ms, seed: 1}
analysis: [mean_rate, isi_histogram]
"""


@pytest.fixture(scope="session")
def cells_file() -> str:
    """The text of the experiment."""
    return _CELLS


@pytest.fixture(scope="session")
def cells_program() -> Program:
    """Its compiled program."""
    return program_for(compose(loads(_CELLS)).blueprint)


@pytest.fixture
def sweep(tmp_path: Path, cells_program: Program) -> Callable[..., SweepFolder]:
    """Plan a sweep of the experiment over values of its axes; the file is ``cells.yaml`` in the temporary folder."""
    file = tmp_path / "cells.yaml"
    file.write_text(_CELLS)

    def planned(keep: str = "analysis", name: str | None = None, **axes: list) -> SweepFolder:
        axes = {axis.replace("__", "."): values for axis, values in (axes or {"drive": ["0.3 nA", "0.4 nA"]}).items()}
        points = []
        for values in zip(*axes.values(), strict=True):
            changed = dict(zip(axes, values, strict=True))
            parameters = {"drive": changed.pop("drive")} if "drive" in changed else {}
            experiment = load(file, parameters, changed)
            identity = point_id(experiment.run_id, experiment.resolved()["analysis"], keep)
            points.append(Point(identity, experiment.run_id, values, 0, experiment.simulation.seed, 0))
        plan = Plan(
            experiment="cells",
            data=parse_document(_CELLS, "cells").data,
            yaml=_CELLS,
            folder=tmp_path,
            axes=tuple(axes),
            points=tuple(points),
            builds=(Build(cells_program.fingerprint, points[0].id),),
            keep=keep,
            collect=None,
            figures=None,
            design={"design": "zip"},
            request={"words": [], "parameters": {}, "settings": {}},
        )
        folder = SweepFolder.of(tmp_path / "results", "cells", name)
        write_plan(plan, folder)
        return folder

    return planned
