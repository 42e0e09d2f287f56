"""Workers: each point is computed once, whatever happens meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
import pytest

from snnrun.errors import UserError, WriteError
from snnrun.network.loading import load
from snnrun.results.store.analyses import analysis_to_tree
from snnrun.results.store.points import read_point
from snnrun.results.store.tree import digest, walk
from snnrun.sweep.files.claims import claimed, work_prefix
from snnrun.sweep.files.failures import read_failure
from snnrun.sweep.files.plan_file import read_list, read_plan
from snnrun.sweep.run import computing, worker
from snnrun.sweep.run.stopping import Stopped
from snnrun.sweep.run.worker import work
from snnrun.workflow import run

# As `snnrun`, but noting which runs are simulated.
NOTING = """
import sys
from snnrun.cli.app import main
from snnrun.sweep.run import computing
simulate, path = computing.simulate, sys.argv.pop(1)
def noting(experiment, *others):
    with open(path, "a") as notes:
        notes.write(experiment.run_id + "\\n")
    return simulate(experiment, *others)
computing.simulate = noting
main()
"""
# The same where there are no locks; measures only when another process has simulated as well.
LOCKLESS = NOTING.replace(
    "main()\n",
    """
import errno, fcntl, time
from pathlib import Path
noted = computing.simulate
def together(*arguments):
    recording = noted(*arguments)
    while len(Path(path).read_text().split()) < 2:
        time.sleep(0.01)
    return recording
def refuse(*arguments):
    raise OSError(errno.ENOLCK, "No locks available")
computing.simulate, fcntl.flock = together, refuse
main()
""",
)
LEAN = """
import sys
from snnrun.cli.app import main
try:
    main()
finally:
    print(*{"brian2", "matplotlib", "scipy", "sympy"} & sys.modules.keys())
"""


def ids_of(folder):
    return read_list(folder.points_file)


def everything(folder, session="now", **others):
    ids = ids_of(folder)
    return work(folder, ids[0], ids, session, None, **others)


def names(folder):
    return sorted(path.name for path in folder.points.iterdir())


def results(folder):
    return sorted(f"{point}.h5" for point in ids_of(folder))


def digests(analysis):
    return {path: digest(node) for path, node in walk(analysis_to_tree(analysis))}


def wait_until(condition, patience=60.0):
    until = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
    return found


@pytest.fixture
def start(tmp_path):
    """Start a worker process on a point; the runs that workers simulate are noted in the file ``notes``."""
    started = []

    def starting(folder, point, *options, script=NOTING, session="now"):
        notes = [] if script is LEAN else [str(tmp_path / "notes")]
        command = [sys.executable, "-P", "-c", script, *notes, "sweep", "point", str(folder.path), point, *options]
        environment = {**os.environ, "SNNRUN_SESSION": session}
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment))
        return started[-1]

    yield starting
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def simulated(monkeypatch):
    """The runs that are simulated in this process."""
    simulate, runs = computing.simulate, []

    def noting(experiment, *others):
        runs.append(experiment.run_id)
        return simulate(experiment, *others)

    monkeypatch.setattr(computing, "simulate", noting)
    return runs


def programs_of(process):
    try:
        children = psutil.Process(process.pid).children(recursive=True)
        return [child for child in children if child.name() == "program"]
    except psutil.NoSuchProcess:
        return []


class TestPoints:
    def test_a_point_leaves_its_result_and_nothing_else(self, sweep, simulated):
        folder = sweep()
        first, _ = ids_of(folder)
        assert work(folder, first, [], "now").failure is None
        assert names(folder) == [f"{first}.h5"]
        result, point = read_point(folder.result(first)), read_plan(folder).by_id[first]
        assert (result.point, result.run_id) == (first, point.run_id)
        assert [point.run_id] == simulated
        assert 0 < result.seconds < 60
        assert list(folder.path.parent.iterdir()) == [folder.path]

    def test_it_is_measured_as_the_run_by_itself(self, sweep, tmp_path):
        folder = sweep(drive=["0.4 nA"])
        everything(folder)
        alone = run(load(tmp_path / "cells.yaml", {"drive": "0.4 nA"}), tmp_path / "alone", figures=False)
        result = read_point(folder.result(ids_of(folder)[0]))
        assert result.run_id == alone.recording.run_id
        assert digests(result.analysis) == digests(alone.analysis)
        assert result.spec_resolved == alone.recording.spec_resolved

    def test_it_works_ahead_from_behind_its_point_on(self, sweep, simulated):
        folder = sweep(drive=["0.2 nA", "0.3 nA", "0.4 nA"])
        ids, plan = ids_of(folder), read_plan(folder)
        work(folder, ids[1], ids, "now", None)
        assert names(folder) == results(folder)
        assert simulated == [plan.by_id[ids[index]].run_id for index in (1, 2, 0)]

    def test_it_begins_nothing_after_its_time_slice(self, sweep):
        folder = sweep()
        ids = ids_of(folder)
        work(folder, ids[1], ids, "now", 0)
        assert names(folder) == [f"{ids[1]}.h5"]

    def test_nothing_is_computed_twice(self, sweep, simulated):
        folder = sweep()
        everything(folder)
        everything(folder, session="another")
        assert len(simulated) == 2

    def test_points_that_the_plan_does_not_have(self, sweep):
        folder = sweep()
        with pytest.raises(UserError, match="Plan it again"):
            work(folder, "0" * 16, [], "now")
        work(folder, ids_of(folder)[0], ["0" * 16], "now", None)
        assert names(folder) == [f"{ids_of(folder)[0]}.h5"]

    def test_a_run_that_is_no_longer_what_was_planned(self, sweep):
        folder = sweep()
        plan = folder.plan_file.read_text()
        folder.plan_file.write_text(plan.replace("100 ms", "90 ms"))
        failure = everything(folder).failure
        assert "have changed, or snnrun has. Plan the sweep again" in failure.message

    @pytest.mark.parametrize("keep", ["full", "analysis", "summary"])
    def test_what_is_kept(self, sweep, keep):
        folder = sweep(keep=keep, drive=["0.4 nA"])
        everything(folder)
        (point,) = read_plan(folder).points
        result = read_point(folder.result(point.id))
        histogram = result.analysis.measurements["cells"]["isi_histogram"]
        assert bool(histogram.series) == (keep != "summary")
        assert result.analysis.measurements["cells"]["mean_rate"].value > 0
        run_folder = folder.run(point.run_id)
        assert run_folder.recording.exists() == run_folder.analysis.exists() == (keep == "full")
        assert not run_folder.latest.is_symlink()


class TestTakesOver:
    def test_a_run_that_was_simulated_by_itself(self, sweep, tmp_path, simulated):
        folder = sweep(drive=["0.4 nA"])
        otherwise = load(tmp_path / "cells.yaml", {"drive": "0.4 nA"}, {"analysis": ["cv_isi"], "title": "Cells"})
        run(otherwise, tmp_path / "results", figures=False)
        everything(folder)
        assert names(folder) == results(folder)
        assert simulated == []
        result = read_point(folder.result(ids_of(folder)[0]))
        assert result.seconds > 0
        assert list(result.analysis.measurements["cells"]) == ["mean_rate", "isi_histogram"]
        assert [one["metric"] for one in result.spec_resolved["analysis"]] == ["mean_rate", "isi_histogram"]

    def test_the_points_of_another_sweep(self, sweep, simulated):
        first, second = sweep(), sweep(name="second", drive=["0.4 nA", "0.5 nA"])
        everything(first)
        everything(second)
        assert len(simulated) == 3
        assert names(second) == results(second)
        shared = ids_of(second)[0]
        assert shared == ids_of(first)[1]
        assert second.result(shared).samefile(first.result(shared))

    def test_the_points_of_another_sweep_where_there_are_no_hard_links(self, sweep, simulated, monkeypatch):
        first, second = sweep(), sweep(name="second")
        everything(first)
        monkeypatch.setattr(os, "link", refuse_link)
        everything(second)
        assert len(simulated) == 2
        assert names(second) == results(second)

    @pytest.mark.parametrize(("more", "less"), [("full", "analysis"), ("full", "summary"), ("analysis", "summary")])
    def test_results_of_which_more_was_kept(self, sweep, simulated, more, less):
        richer, poorer = sweep(keep=more), sweep(keep=less, name="poorer")
        everything(richer)
        for point in read_plan(richer).points:
            richer.run(point.run_id).recording.unlink(missing_ok=True)  # else it would only be measured again
        everything(poorer)
        assert len(simulated) == 2
        result = read_point(poorer.result(ids_of(poorer)[0]))
        assert result.point == ids_of(poorer)[0]
        assert result.is_summary == (less == "summary")

    def test_but_not_a_damaged_file(self, sweep, simulated):
        first, second = sweep(), sweep(name="second")
        everything(first)
        for point in ids_of(first):
            first.result(point).write_bytes(b"damaged")
        everything(second)
        assert len(simulated) == 4
        assert all(read_point(second.result(point)) for point in ids_of(second))

    def test_and_not_the_result_of_another_point_under_its_name(self, sweep, simulated):
        first, second = sweep(), sweep(name="second")
        everything(first)
        one, other = ids_of(first)
        first.result(other).write_bytes(first.result(one).read_bytes())
        everything(second)
        assert simulated[2:] == [read_plan(second).by_id[other].run_id]
        assert read_point(second.result(other)).point == other

    def test_and_not_a_point_without_the_recording_that_was_to_be_kept(self, sweep, simulated):
        first, second = sweep(keep="full"), sweep(keep="full", name="second")
        everything(first)
        everything(second)
        assert len(simulated) == 2
        third = sweep(keep="full", name="third")
        missing = read_plan(third).points[0]
        third.run(missing.run_id).recording.unlink()
        everything(third)
        assert simulated[2:] == [missing.run_id]


def refuse_link(*paths, **options):
    raise OSError(1, "Operation not permitted")


class TestFailures:
    @pytest.fixture
    def runaway(self, sweep):
        """The second of three points fires more spikes than are allowed."""
        return sweep(drive=["0.3 nA", "9 nA", "0.4 nA"], simulation__max_spikes=[1000, 10, 1000])

    def test_the_others_are_computed(self, runaway):
        outcome = everything(runaway)
        good, bad, also_good = ids_of(runaway)
        assert outcome.failure is None
        assert names(runaway) == sorted([f"{good}.h5", f"{bad}.failed", f"{also_good}.h5"])
        failure = read_failure(runaway, bad)
        assert (failure.kind, failure.exit_code, failure.session) == ("SimulationError", 3, "now")
        assert "Activity is running away: weaken excitation" in failure.message
        assert "\n" not in failure.message

    def test_it_is_told_when_make_comes_to_it_and_not_tried_again(self, runaway, simulated):
        everything(runaway)
        bad = ids_of(runaway)[1]
        outcome = work(runaway, bad, ids_of(runaway), "now", None)
        assert outcome.is_earlier and outcome.failure == read_failure(runaway, bad)
        assert len(simulated) == 3

    def test_the_next_session_tries_again_and_success_is_success(self, runaway, simulated, monkeypatch):
        everything(runaway)
        bad = ids_of(runaway)[1]
        assert not work(runaway, bad, [], "next").is_earlier
        assert len(simulated) == 4
        simulate = computing.simulate
        tame = load_tame(runaway)
        monkeypatch.setattr(computing, "simulate", lambda experiment, *others: simulate(tame, *others))
        assert work(runaway, bad, [], "third").failure is None
        assert names(runaway) == results(runaway)

    def test_without_a_session_everything_is_tried(self, runaway, simulated):
        bad = ids_of(runaway)[1]
        assert work(runaway, bad, [], "").failure
        assert not work(runaway, bad, [], "").is_earlier
        assert len(simulated) == 2

    def test_what_nobody_expected_is_written_down_as_a_bug(self, sweep, monkeypatch):
        folder, told = sweep(), []
        monkeypatch.setattr(computing, "analyse", lambda *arguments: 1 / 0)
        outcome = everything(folder, on_bug=told.append)
        assert (outcome.failure.kind, outcome.failure.exit_code) == ("bug", 1)
        assert "ZeroDivisionError" in outcome.failure.message
        assert [type(error) for error in told] == [ZeroDivisionError, ZeroDivisionError]
        assert names(folder) == sorted(f"{point}.failed" for point in ids_of(folder))

    def test_memory_that_runs_out_is_a_failure_of_the_point(self, sweep, monkeypatch):
        def greedy(*arguments):
            raise MemoryError("Unable to allocate 1 TiB")

        folder = sweep()
        monkeypatch.setattr(computing, "analyse", greedy)
        assert "Run fewer points at a time" in everything(folder).failure.message

    def test_a_point_that_cannot_fit_is_refused(self, sweep, monkeypatch):
        monkeypatch.setattr(computing, "free_memory", lambda: 10.0)
        assert "of memory" in everything(sweep()).failure.message

    def test_make_hears_of_it_once_in_one_line(self, runaway, start):
        bad = ids_of(runaway)[1]
        process = start(runaway, bad)
        said, complained = process.communicate(timeout=60)
        assert (process.returncode, said) == (3, "")
        assert complained.startswith(f"{runaway.result(bad)}: Stopped at ")
        assert complained.count("\n") == 1
        again = start(runaway, bad)
        assert again.communicate(timeout=60) == ("", complained)
        assert again.returncode == 4


def load_tame(folder):
    from snnrun.network.loading import loads

    return loads(read_plan(folder).yaml)


class TestSeveralWorkers:
    def test_two_on_one_folder_simulate_each_point_once(self, sweep, start, tmp_path):
        folder = sweep(drive=[f"{current} pA" for current in range(200, 500, 20)])
        ids = ids_of(folder)
        workers = [start(folder, ids[0]), start(folder, ids[1])]
        said = [worker.communicate(timeout=60) for worker in workers]
        assert said == [("", ""), ("", "")]
        assert [worker.returncode for worker in workers] == [0, 0]
        runs = (tmp_path / "notes").read_text().split()
        assert sorted(runs) == sorted(point.run_id for point in read_plan(folder).points)
        assert names(folder) == results(folder)

    def test_one_that_comes_second_works_ahead_and_then_waits(self, sweep, start):
        folder = sweep()
        first, second = ids_of(folder)
        with claimed(folder, first):
            worker = start(folder, first)
            wait_until(folder.result(second).exists)
            time.sleep(0.3)
            assert worker.poll() is None
        assert worker.communicate(timeout=60) == ("", "")
        assert worker.returncode == 0
        assert names(folder) == results(folder)

    def test_a_point_that_was_just_finished_is_not_computed_again(self, sweep, simulated, monkeypatch):
        folder = sweep()

        @contextmanager
        def claimed_late(folder, point):
            with claimed(folder, point) as is_ours:
                folder.result(point).touch()
                yield is_ours

        monkeypatch.setattr(worker, "claimed", claimed_late)
        assert everything(folder).failure is None
        assert simulated == []

    def test_two_writers_of_one_point_end_with_one_whole_file(self, sweep, start, tmp_path):
        folder = sweep(drive=["0.4 nA"])
        (point,) = ids_of(folder)
        workers = [start(folder, point, script=LOCKLESS) for _ in range(2)]
        assert [worker.communicate(timeout=60) for worker in workers] == [("", ""), ("", "")]
        assert len((tmp_path / "notes").read_text().split()) == 2
        assert names(folder) == results(folder)
        assert read_point(folder.result(point)).point == point


class TestInterruptions:
    def test_what_a_killed_worker_had_not_finished_is_all_that_is_lost(self, sweep, start, tmp_path):
        folder = sweep(simulation__duration=["10 ms", "2000 s", "20 ms"])
        ids = ids_of(folder)
        worker = start(folder, ids[0])
        (program,) = wait_until(lambda: folder.claim(ids[1]).exists() and programs_of(worker))
        worker.kill()
        worker.communicate()
        assert not psutil.wait_procs([program], timeout=5)[1]
        left = names(folder)
        assert f"{ids[0]}.h5" in left and f"{ids[1]}.running" in left
        assert any(name.startswith(work_prefix(ids[1])) for name in left)
        assert start(folder, ids[1]).communicate(timeout=60) == ("", "")
        assert names(folder) == results(folder)
        runs = (tmp_path / "notes").read_text().split()
        planned = [point.run_id for point in read_plan(folder).points]
        assert runs == [planned[0], planned[1], planned[1], planned[2]]

    @pytest.mark.slow
    def test_killed_at_random_and_started_again(self, sweep, start):
        folder = sweep(drive=[f"{current} pA" for current in range(200, 260)])
        ids, chance = ids_of(folder), random.Random(1)
        for _ in range(4):
            worker = start(folder, chance.choice(ids))
            wait_until(lambda worker=worker: folder.scan().claimed or worker.poll() is not None)
            time.sleep(chance.uniform(0, 0.2))
            worker.kill()
            worker.communicate()
        while missing := set(ids) - folder.scan().done:
            assert start(folder, missing.pop()).communicate(timeout=100) == ("", "")
        assert names(folder) == results(folder)
        assert all(read_point(folder.result(point)).point == point for point in ids)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_worker_that_is_told_to_stop_leaves_nothing(self, sweep, start, number):
        folder = sweep(simulation__duration=["20000 s", "10 ms"])
        worker = start(folder, ids_of(folder)[0])
        (program,) = wait_until(lambda: programs_of(worker))
        worker.send_signal(number)
        worker.send_signal(number)
        assert worker.communicate(timeout=60) == ("", "")
        assert worker.returncode == 128 + number
        assert not psutil.wait_procs([program], timeout=5)[1]
        assert names(folder) == []

    def test_also_where_the_shell_has_told_it_to_ignore_ctrl_c(self, sweep, monkeypatch):
        folder = sweep()
        monkeypatch.setattr(computing, "simulate", lambda *others: os.kill(os.getpid(), signal.SIGINT))
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with pytest.raises(Stopped):
                everything(folder)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        finally:
            signal.signal(signal.SIGINT, before)
        assert names(folder) == []

    def test_a_disk_that_cannot_be_written_stops_the_worker(self, sweep, monkeypatch):
        folder, tried = sweep(), []

        def full(result, path):
            tried.append(path)
            raise WriteError(f"{path}: cannot be written: No space left on device.")

        monkeypatch.setattr(computing, "write_point", full)
        with pytest.raises(WriteError):
            everything(folder)
        assert len(tried) == 1
        assert names(folder) == []

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
    def test_a_full_disk(self, sweep, start):
        folder = sweep()
        mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "none", str(folder.points)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("cannot mount here")
        try:
            worker = start(folder, ids_of(folder)[0])
            _, complained = worker.communicate(timeout=60)
            assert worker.returncode == 2
            assert "of disk" in complained or "Free some space" in complained
            assert "Traceback" not in complained
            assert not [name for name in names(folder) if not name.endswith(".failed")]
        finally:
            subprocess.run(["umount", "-l", str(folder.points)], check=True)


class TestStart:
    def test_a_worker_imports_neither_brian_nor_matplotlib(self, sweep, start):
        folder = sweep()
        worker = start(folder, ids_of(folder)[0], script=LEAN)
        assert worker.communicate(timeout=60) == ("\n", "")
        assert names(folder) == results(folder)

    def test_alone_means_alone(self, sweep, start):
        folder = sweep()
        first, _ = ids_of(folder)
        start(folder, first, "--alone").communicate(timeout=60)
        assert names(folder) == [f"{first}.h5"]

    def test_a_list_of_its_own(self, sweep, start, tmp_path):
        folder = sweep(drive=["0.2 nA", "0.3 nA", "0.4 nA"])
        first, _, last = ids_of(folder)
        (tmp_path / "chunk").write_text(f"{first}\n{last}\n")
        start(folder, first, "--list", str(tmp_path / "chunk")).communicate(timeout=60)
        assert names(folder) == sorted([f"{first}.h5", f"{last}.h5"])

    def test_a_program_that_is_missing_is_compiled(self, sweep, start, tmp_path, monkeypatch):
        folder = sweep()
        monkeypatch.setenv("SNNRUN_CACHE", str(tmp_path / "empty"))
        worker = start(folder, ids_of(folder)[0], script=LEAN)
        assert worker.communicate(timeout=120) == ("\n", "")
        assert names(folder) == results(folder)
