"""A sweep on this machine, from the first point to the table."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from snnrun.errors import SweepIncomplete, UserError
from snnrun.results.sweep_table import SweepTable
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.listener import Listener
from snnrun.sweep.files.failures import read_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.plan.planning import plan_sweep
from snnrun.sweep.run.local import run_sweep
from snnrun.sweep.run.making import show_commands

SNNRUN = [sys.executable, "-P", "-c", "from snnrun.cli.app import main; main()"]


class Heard(Listener):
    def __init__(self):
        self.said, self.fractions = [], []

    def stage(self, message):
        self.said.append(message)

    def remark(self, message):
        self.said.append(message)

    def progress(self, fraction):
        self.fractions.append(fraction)


@pytest.fixture
def place(tmp_path, cells_file, cells_program, monkeypatch):
    """A folder, with blanks in its name, that holds the experiment."""
    folder = tmp_path / "my work"
    folder.mkdir()
    (folder / "cells.yaml").write_text(cells_file)
    monkeypatch.chdir(folder)
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "SNNRUN_SESSION"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def plan(place):
    def planned(*words):
        return plan_sweep(place / "cells.yaml", words, parameters={}, settings={}, output=place / "results")

    return planned


def test_every_point_is_run_and_collected(plan):
    heard = Heard()
    made = plan("drive=0.3 nA,0.4 nA,0.5 nA")
    _, table, _ = run_sweep(lambda: made, 2, heard)
    assert table.status.tolist() == ["done"] * 3
    assert (table.column("cells.mean_rate").data[1:] > table.column("cells.mean_rate").data[:-1]).all()
    assert "running 3 of 3 points" in heard.said
    assert made.folder.csv_file.is_file()


def test_what_is_done_is_not_run_again(plan):
    made = plan("drive=0.3 nA,0.4 nA")
    run_sweep(lambda: made, 2, Listener())
    before = {path: path.stat().st_mtime_ns for path in made.folder.points.iterdir()}
    heard = Heard()
    run_sweep(lambda: plan("drive=0.3 nA,0.4 nA,0.5 nA"), 2, heard)
    assert "running 1 of 3 points" in heard.said
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_point_that_fails_is_told_and_the_others_are_done(plan, place):
    text = (place / "cells.yaml").read_text().replace("seed: 1", "seed: 1, max_spikes: 150")
    (place / "cells.yaml").write_text(text)
    made = plan("drive=0.3 nA,0.4 nA,5 nA")
    with pytest.raises(SweepIncomplete) as raised:
        run_sweep(lambda: made, 2, Listener())
    message = str(raised.value)
    bad = made.plan.points[2].id
    assert "1 of 3 points failed" in message
    assert bad in message
    assert "max_spikes" in message
    assert "snnrun sweep retry" in message
    scan = made.folder.scan()
    assert scan.done == {point.id for point in made.plan.points[:2]}
    assert scan.failed == {bad}


def test_a_failure_of_yesterday_is_no_failure_of_today(plan, place):
    text = (place / "cells.yaml").read_text().replace("seed: 1", "seed: 1, max_spikes: 150")
    (place / "cells.yaml").write_text(text)
    made = plan("drive=0.3 nA,5 nA")
    for _ in range(2):
        with pytest.raises(SweepIncomplete):
            run_sweep(lambda: made, 1, Listener())
    first = read_failure(made.folder, made.plan.points[1].id)
    with pytest.raises(SweepIncomplete):
        run_sweep(lambda: made, 1, Listener())
    second = read_failure(made.folder, made.plan.points[1].id)
    assert first.session != second.session


def test_without_make_one_is_told_to_install_it(plan, monkeypatch, place):
    made = plan("drive=0.3 nA,0.4 nA")
    tools = place / "bin"
    tools.mkdir()
    for tool in ("g++", "sh", "cc", "as", "ld"):
        found = shutil.which(tool)
        if found:
            (tools / tool).symlink_to(found)
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(UserError, match="make is not installed"):
        run_sweep(lambda: made, 1, Listener())


def test_when_make_itself_fails_its_last_words_are_shown(plan, monkeypatch):
    made = plan("drive=0.3 nA,0.4 nA")
    monkeypatch.setattr("snnrun.sweep.plan.makefile._TEXT", "nonsense\n")
    with pytest.raises(UserError, match=r"(?s)2 points were not run.*missing separator.*the same command goes on"):
        run_sweep(lambda: made, 1, Listener())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_stops_it_stops_all_and_the_same_command_goes_on(place, number):
    command = [*SNNRUN, "sweep", "run", "cells.yaml", "drive=0.3 nA:0.5 nA:9", "--set", "simulation.duration='500 s'"]
    process = subprocess.Popen(
        [*command, "-j2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    folder = SweepFolder.of(place / "results", "cells")
    until = time.monotonic() + 60
    while len(folder.scan().done) < 1 or not folder.scan().claimed:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.02)
    family = psutil.Process(process.pid).children(recursive=True)
    # Ctrl-C reaches all processes of the terminal; a scheduler may tell only the first.
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 128 + number
    assert "nterrupted" in said
    assert "Traceback" not in said
    assert not psutil.wait_procs(family, timeout=5)[1]
    done = folder.scan().done
    assert not folder.scan().claimed
    assert 1 <= len(done) < 9
    assert [path.name for path in folder.path.iterdir() if path.name.startswith(".")] == []
    assert [path.name for path in folder.points.iterdir() if path.name.startswith(".")] == []
    again = subprocess.run([*command, "-j2"], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert f"running {9 - len(done)} of 9 points" in again.stderr


def test_killed_outright_only_the_points_in_flight_are_lost(place):
    command = [*SNNRUN, "sweep", "run", "cells.yaml", "drive=0.3 nA:0.5 nA:9", "--set", "simulation.duration='500 s'"]
    process = subprocess.Popen([*command, "-j2"], stderr=subprocess.DEVNULL, start_new_session=True)
    folder = SweepFolder.of(place / "results", "cells")
    until = time.monotonic() + 60
    while len(folder.scan().done) < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = {path: path.stat().st_mtime_ns for path in folder.points.glob("*.h5")}
    again = subprocess.run([*command, "-j2"], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert sorted(path.suffix for path in folder.points.iterdir()) == [".h5"] * 9


def test_the_claim_of_who_was_killed_when_all_was_done_is_cleared(plan):
    made = plan("drive=0.3 nA,0.4 nA")
    run_sweep(lambda: made, 2, Listener())
    claim = made.folder.claim(made.plan.points[0].id)
    claim.write_text("{}")
    run_sweep(lambda: made, 2, Listener())
    assert not claim.exists()


def test_points_whose_program_cannot_be_compiled_fail_and_the_others_are_done(plan, tmp_path, monkeypatch):
    compiler = tmp_path / "compiler"
    compiler.write_text("#!/bin/sh\ngrep -qs delta_t * && echo 'error: not this one' >&2 && exit 1\nexec g++ \"$@\"\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CXX", str(compiler))
    find_compiler.cache_clear()
    made = plan("populations.cells.neuron.model=lif,eif", "drive=0.3 nA,0.4 nA")
    heard = Heard()
    with pytest.raises(SweepIncomplete, match="2 of 4 points failed; all others are done"):
        run_sweep(lambda: made, 2, heard)
    assert any("not this one" in said for said in heard.said)
    failed = [point.id for point in made.plan.points if point.values[0] == "eif"]
    assert made.folder.scan().failed == set(failed)
    assert "not this one" in read_failure(made.folder, failed[0]).message
    find_compiler.cache_clear()


def test_a_make_that_was_killed_is_named(plan, monkeypatch):
    made = plan("drive=0.3 nA,0.4 nA")
    monkeypatch.setattr("snnrun.sweep.plan.makefile._TEXT", "all:\n\t@kill -9 $$PPID\n")
    with pytest.raises(UserError, match=r"2 of 2 points were not run. make was ended by SIGKILL"):
        run_sweep(lambda: made, 1, Listener())


def test_what_make_said_may_be_gone_with_its_folder(plan, monkeypatch):
    made = plan("drive=0.3 nA,0.4 nA")
    monkeypatch.setattr("snnrun.sweep.plan.makefile._TEXT", "all:\n\trm make.log\n\tfalse\n")
    with pytest.raises(UserError, match=r"What make has said is lost"):
        run_sweep(lambda: made, 1, Listener())


def test_a_damaged_result_is_a_point_that_failed(plan):
    made = plan("drive=0.3 nA,0.4 nA")
    run_sweep(lambda: made, 2, Listener())
    damaged = made.plan.points[0].id
    made.folder.result(damaged).write_bytes(b"nonsense")
    with pytest.raises(SweepIncomplete, match=rf"1 of 2 points failed; all others are done.*\n  {damaged}") as raised:
        run_sweep(lambda: made, 2, Listener())
    assert "snnrun sweep retry results/cells/sweep\n" in str(raised.value)  # as one types it here


def test_advice_can_be_typed_though_the_path_has_blanks(plan, place, monkeypatch):
    text = (place / "cells.yaml").read_text().replace("seed: 1", "seed: 1, max_spikes: 150")
    (place / "cells.yaml").write_text(text)
    monkeypatch.chdir(place.parent)
    made = plan("drive=5 nA")
    with pytest.raises(SweepIncomplete) as raised:
        run_sweep(lambda: made, 1, Listener())
    assert "snnrun sweep retry 'my work/results/cells/sweep'\n" in str(raised.value)


@pytest.mark.parametrize("written", [False, True])
def test_a_dry_run_shows_what_can_be_typed_in_the_folder_of_the_sweep(plan, capfd, written):
    made = plan("drive=0.3 nA,0.4 nA")
    if written:
        made.write()
        made.folder.points.mkdir(exist_ok=True)
        made.folder.result(made.plan.points[0].id).touch()
    show_commands(made)
    said = capfd.readouterr().out
    shown = [point.id for point in made.plan.points if point.id in said]
    assert shown == [point.id for point in made.plan.points[written:]]
    assert said.count("sweep point . ") == len(shown)
    assert said.startswith(f"cd '{made.folder.path}'\n")
    assert "--list points.txt\n" in said
    assert made.folder.path.exists() == written


class TestUnderMake:
    @pytest.fixture
    def make(self, place):
        (place / "Makefile").write_text(
            "sweep:\n\t+@" + f'"{sys.executable}" -P -c "from snnrun.cli.app import main; main()"'
            " sweep run cells.yaml 'drive=0.3 nA,0.4 nA,0.5 nA'\n"
        )

        def run(*arguments):
            return subprocess.run(["make", *arguments], capture_output=True, text=True, check=False)

        return run

    def test_its_job_server_counts_the_points(self, make, place):
        done = make("-j2", "sweep")
        assert done.returncode == 0, done.stderr
        assert "jobserver" not in done.stderr
        folder = SweepFolder.of(place / "results", "cells")
        assert (folder.path / "make.log").read_text() == ""
        assert len(folder.scan().done) == 3

    def test_its_dry_run_shows_the_points_and_writes_nothing(self, make, place):
        before = sorted(place.iterdir())
        done = make("-n", "sweep")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("sweep point") == 3
        assert sorted(place.iterdir()) == before


def test_make_and_run_give_the_same_table(plan, place):
    made = plan("drive=0.3 nA,0.4 nA")
    _, table, _ = run_sweep(lambda: made, 1, Listener())
    assert isinstance(table, SweepTable)
    csv = made.folder.csv_file.read_text()
    shutil.rmtree(made.folder.points)
    made.write()
    subprocess.run(["make", "-k", "-j2", "-f", "sweep.mk"], cwd=made.folder.path, check=True, capture_output=True)
    subprocess.run([*SNNRUN, "sweep", "collect", str(made.folder.path)], check=True, capture_output=True)
    assert made.folder.csv_file.read_text() == csv
