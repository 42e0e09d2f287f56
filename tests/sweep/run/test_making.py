"""Make and its end."""

from __future__ import annotations

import signal
import time

import pytest

from snnrun.simulation.listener import Listener
from snnrun.sweep.run import making
from snnrun.sweep.run.making import run_points
from snnrun.sweep.run.stopping import Stopped


class ToldToStop(Listener):
    """Stops when the recipe has begun, as a scheduler does that tells nobody but us."""

    def __init__(self, begun):
        self.begun = begun

    def progress(self, fraction):
        if self.begun.exists():
            raise Stopped(signal.SIGTERM)


@pytest.fixture
def run_and_stop(fake_sweep):
    """Let make run a recipe, and stop it; the recipe is called in the folder of the sweep, which is returned."""

    def run(*recipe):
        sweep = fake_sweep({"g": [3]})
        begin = "touch begun; i=0; while [ ! -e go ] && [ $$i -lt 600 ]; do sleep 0.05; i=$$((i+1)); done"
        sweep.folder.makefile.write_text(f"all:\n\t@{'; '.join([*recipe, begin, 'touch ended'])}\n")
        with pytest.raises(Stopped):
            run_points(sweep.folder, [sweep.id(0)], 1, ToldToStop(sweep.folder.path / "begun"))
        return sweep.folder.path

    return run


def test_a_worker_that_is_told_to_stop_is_waited_for(run_and_stop):
    folder = run_and_stop("trap 'sleep 0.5; touch cleaned; exit 1' TERM")
    assert (folder / "cleaned").exists()
    assert not (folder / "ended").exists()


def test_a_make_that_does_not_end_is_killed(run_and_stop, monkeypatch):
    monkeypatch.setattr(making, "_PATIENCE", 0.2)
    folder = run_and_stop("trap '' TERM")
    assert not (folder / "ended").exists()
    (folder / "go").touch()
    until = time.monotonic() + 30
    while not (folder / "ended").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
