"""The benchmarks measure what they say, and every network that is compared is there for each program."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "experiments" / "benchmarks"


@dataclass(frozen=True)
class Outcome:
    rates: dict[str, float]


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch):
    """Imports a script of the folder under its own name; afterwards that name is free again."""
    names = {path.stem for path in FOLDER.glob("*.py")}
    monkeypatch.syspath_prepend(FOLDER)

    def script(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield script
    for name in names & set(sys.modules):
        del sys.modules[name]


def test_memory_is_that_of_all_processes_together(benchmarks):
    hold = "x = bytearray(100 << 20); "
    child = f"import time; {hold} time.sleep(0.5)"
    parent = f"import subprocess, sys; {hold} subprocess.run([sys.executable, '-c', {child!r}])"
    process = benchmarks("measure").measured([sys.executable, "-c", parent])
    assert 200 < process.memory < 300
    assert 100 < max(process.peaks.values()) < 150


def test_processor_time_is_that_of_children_too(benchmarks):
    work = "import time\nwhile time.process_time() < 0.3: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    assert benchmarks("measure").measured([sys.executable, "-c", parent]).cpu > 0.3


def test_a_command_that_fails_ends_all_with_what_it_said(benchmarks):
    with pytest.raises(SystemExit, match="failed:\nno such network"):
        benchmarks("measure").measured([sys.executable, "-c", "import sys; sys.exit('no such network')"])


def test_tables_take_the_place_of_the_older_ones_and_nothing_else(benchmarks, tmp_path):
    table = benchmarks("table")
    readme = tmp_path / "README.md"
    readme.write_text(f"above\n\n{table.START}\nolder\n{table.STOP}\n\nbelow\n")
    report = table.Report()
    report.table("Times", "what", "s").row("run", table.spread([3.0, 1.0, 2.0]))
    for _ in range(2):
        report.write(readme)
        tables = "\n\n**Times**\n\n| what | s |\n|---|---|\n| run | 2 (1–3) |\n"
        assert readme.read_text() == f"above\n\n{table.START}{tables}{table.STOP}\n\nbelow\n"


def test_a_bar_says_whether_it_is_reached(benchmarks):
    bar = benchmarks("workloads").Bar(build=5, simulate=3)
    text = bar.text({"build": 4.9, "simulate": 3.0, "both": 3.3})
    assert text == "build ≥ 5: **missed**, simulation ≥ 3: reached"


@pytest.mark.parametrize(
    ("theirs", "agree"), [([10.1, 9.9, 10.0, 10.2, 9.8], True), ([11.1, 10.9, 11.0, 11.2, 10.8], False)]
)
def test_rates_agree_within_what_they_vary(benchmarks, theirs, agree):
    ours = [Outcome({"exc": 5 + rate / 100, "inh": rate}) for rate in [9.95, 10.05, 10.0, 10.1, 9.9]]
    others = [Outcome({"exc": 5 + rate / 100, "inh": rate}) for rate in theirs]
    assert benchmarks("sides").same_rates(others, ours) is agree


def test_each_network_has_its_file_and_its_scripts(benchmarks):
    workloads = benchmarks("workloads")
    scripts = {path.stem for path in (FOLDER / "rivals").glob("*.py")}
    for work in [*workloads.WORKLOADS, workloads.LARGE, workloads.SCALING]:
        assert work.file.exists()
        assert {work.brian, work.nest} - {""} <= scripts
        assert work.warmup < work.seconds


def test_the_readme_has_a_place_for_tables_and_names_each_network(benchmarks):
    text, table = (FOLDER / "README.md").read_text(encoding="utf-8"), benchmarks("table")
    assert text.count(table.START) == text.count(table.STOP) == 1
    for file in FOLDER.glob("*.yaml"):
        assert file.name in text


def test_processor_time_of_a_command_is_also_told_without_that_of_children(benchmarks):
    work = "import time\nwhile time.process_time() < 0.3: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    process = benchmarks("measure").measured([sys.executable, "-c", parent])
    assert process.own_cpu < process.cpu - 0.29


def test_what_is_killed_loses_what_was_in_flight_and_nothing_is_done_twice(benchmarks, tmp_path):
    # Results of a tenth of a second each, claimed before and whole at once: what sweeps promise.
    program = (
        "import pathlib, sys, time\n"
        "points = pathlib.Path(sys.argv[1])\n"
        "for n in range(20):\n"
        "    done, claim = points / f'{n}.h5', points / f'{n}.running'\n"
        "    if not done.exists():\n"
        "        claim.touch()\n"
        "        time.sleep(0.03)\n"
        "        claim.with_suffix('.tmp').touch()\n"
        "        claim.with_suffix('.tmp').rename(done)\n"
        "        claim.unlink()\n"
    )
    story = benchmarks("kill").kill_and_go_on([sys.executable, "-c", program, str(tmp_path)], tmp_path, 3, 0.5)
    assert len(story.lost) == 3
    assert max(story.lost) <= 1
    assert story.twice == story.left_over == 0
    assert len(list(tmp_path.glob("*.h5"))) == 20


def test_results_written_again_and_files_left_are_seen(benchmarks, tmp_path):
    program = (
        "import pathlib, sys, time\n"
        "points = pathlib.Path(sys.argv[1])\n"
        "(points / 'first.h5').write_text(str(time.time_ns()))\n"
        "(points / '.half.tmp').touch()\n"
    )
    story = benchmarks("kill").kill_and_go_on([sys.executable, "-c", program, str(tmp_path)], tmp_path, 2, 2.0)
    assert story.twice >= 1
    assert story.left_over == 1


@pytest.mark.parametrize(("shift", "agree"), [(0.0, True), (0.5, False)])
def test_sweeps_agree_when_their_measures_do_point_by_point(benchmarks, shift, agree):
    sides = benchmarks("sweep_sides")
    random = np.random.default_rng(1)
    rates = np.linspace(5, 50, 40)
    ours = sides.Sweep(0.0, 1.0, {"exc.mean_rate": rates + random.normal(0, 0.3, 40), "g": rates})
    theirs = sides.Sweep(0.0, 1.0, {"exc.mean_rate": rates[::2] + shift + random.normal(0, 0.3, 20)})
    assert sides.same_measures(theirs, ours, range(0, 40, 2)) is agree
