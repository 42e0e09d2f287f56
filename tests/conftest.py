"""What holds for every test: the surroundings of the person who runs them neither help nor suffer."""

from __future__ import annotations

import hashlib
import importlib
import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def surroundings_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One build cache for the session, empty at its start: tests share builds, but no build of yesterday passes one."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of all processes of this session
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNNRUN_CACHE", str(folder / "cache"))
        patch.delenv("SNNRUN_CATALOG", raising=False)
        patch.setenv("MPLBACKEND", "Agg")
        yield


class FakeSweep:
    """A sweep whose points are not simulated: each is finished with the numbers that a test gives, or fails."""

    def __init__(self, results: Path, axes: dict[str, list[Any]], **choices: Any) -> None:
        from snnrun.sweep.files.folder import SweepFolder
        from snnrun.sweep.files.plan_file import write_plan
        from snnrun.sweep.files.points import Build, Plan, Point

        chosen = {"experiment": "net", "seeds": 1, "keep": "summary", "collect": None, "figures": None, **choices}
        combinations = [
            (*values, seed) for values in itertools.product(*axes.values()) for seed in range(chosen["seeds"])
        ]
        digests = [hashlib.sha256(repr(each).encode()).hexdigest() for each in combinations]
        self.folder = SweepFolder.of(results, chosen["experiment"])
        self.plan = Plan(
            experiment=chosen["experiment"],
            data={"snnrun": 1, "title": "A network", "parameters": {axis: values[0] for axis, values in axes.items()}},
            yaml="",
            folder=results,
            axes=tuple(axes),
            points=tuple(
                Point(digest[:16], digest[16:32], values[:-1], values[-1], values[-1] + 1, 0)
                for digest, values in zip(digests, combinations, strict=True)
            ),
            builds=(Build("0" * 16, digests[0][:16]),),
            keep=chosen["keep"],
            collect=chosen["collect"],
            figures=chosen["figures"],
            design={"design": "grid"},
            request={"words": [], "parameters": {}, "settings": {}},
        )
        write_plan(self.plan, self.folder)

    def id(self, index: int) -> str:
        return self.plan.points[index].id

    def finish(self, index: int, seconds: float = 1.0, **values: tuple[float | str, str]) -> Path:
        """Write the result of a point: ``mean_rate=(5.0, "Hz")``, for the population ``exc``."""
        from snnrun.results.analysis import Analysis, Measurement
        from snnrun.results.point_result import PointResult
        from snnrun.results.store.points import write_point

        point = self.plan.points[index]
        measured = {"exc": {name: Measurement(value, unit, 1) for name, (value, unit) in values.items()}}
        analysis = Analysis(point.run_id, (0.0, 1.0), measured, {})
        path = self.folder.result(point.id)
        write_point(PointResult(point.id, point.run_id, seconds, analysis, {}, {}, is_summary=True), path)
        return path

    def fail(self, index: int, message: str) -> None:
        from snnrun.sweep.files.failures import Failure, write_failure

        failure = Failure(message, "SimulationError", 3, "1", "here", "2026-01-01T00:00:00+00:00")
        write_failure(self.folder, self.id(index), failure)


@pytest.fixture
def fake_sweep(tmp_path: Path) -> Callable[..., FakeSweep]:
    """Makes a sweep below ``results/``: ``fake_sweep({"g": [3, 4]}, seeds=2)``."""

    def make(axes: dict[str, list[Any]], **choices: Any) -> FakeSweep:
        return FakeSweep(tmp_path / "results", axes, **choices)

    return make


@pytest.fixture
def own_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """A catalog of the user's own: ``own_catalog("neurons", "lif")`` adds a copy of an entry, called ``own``.

    Called once more, it edits the copy: ``edit`` holds new texts by old ones.
    """
    from snnrun.registry import CATALOG_VARIABLE, entries, entry_named

    def add(room: str, entry: str, edit: Mapping[str, str] = {}) -> Path:
        original = importlib.import_module(f"snnrun.{room}.{entry}").__file__
        assert original is not None
        text = Path(original).read_text(encoding="utf-8").replace(f'"{entry}"', '"own"')
        for old, new in edit.items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "catalog" / room / "own.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        as_in_a_new_process()
        return path

    def as_in_a_new_process() -> None:
        entries.cache_clear()
        entry_named.cache_clear()

    (tmp_path / "catalog").mkdir()
    with monkeypatch.context() as patch:
        patch.setenv(CATALOG_VARIABLE, str(tmp_path / "catalog"))
        as_in_a_new_process()
        yield add
    as_in_a_new_process()
