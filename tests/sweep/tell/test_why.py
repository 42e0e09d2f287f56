"""Everything about one point."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from snnrun.cli.options import assignments
from snnrun.network.loading import load
from snnrun.sweep.files.claims import claimed
from snnrun.sweep.files.folder import find_sweep
from snnrun.sweep.plan.planning import plan_sweep
from snnrun.sweep.tell.why import why

NET = """\
snnrun: 1
parameters: {amplitude: 250 pA, g: 4}
populations:
  a: {size: 2, neuron: {model: lif}}
inputs:
  drive: {to: a, model: constant_current, amplitude: g * amplitude}
simulation: {duration: 50 ms, seed: 7}
analysis: [mean_rate]
"""


def why_of(sweep, index):
    return why(sweep.plan, sweep.folder, sweep.plan.points[index], sweep.folder.path)


def test_done_failed_running_missing(fake_sweep):
    sweep = fake_sweep({"g": [1, 2, 3, 4, 5]})
    sweep.finish(0)
    sweep.fail(1, "no\nat all")
    sweep.folder.claim(sweep.id(3)).write_text('{"host": "node7", "pid": 3, "started": "2026-01-01T00:00:00+00:00"}')
    sweep.folder.result(sweep.id(4)).write_bytes(b"damaged")
    with claimed(sweep.folder, sweep.id(2)):
        running = why_of(sweep, 2)
    assert running.status == "running"
    assert running.worker is not None and running.worker.pid == os.getpid()
    done, failed, killed, damaged = (why_of(sweep, index) for index in (0, 1, 3, 4))
    assert (done.status, done.files) == ("done", {"result": sweep.folder.result(sweep.id(0))})
    assert (failed.status, failed.message) == ("failed", "no\nat all")
    assert (killed.status, killed.worker.host) == ("missing", "node7")
    assert damaged.status == "failed" and "cannot be used" in damaged.message


def test_the_nearest_done_point_differs_in_the_fewest_axes_then_by_the_fewest_steps(fake_sweep):
    sweep = fake_sweep({"g": [1, 10, 100, 1000], "tau": ["10 ms", "20 ms"]}, seeds=2)
    index = {(*point.values, point.replicate): row for row, point in enumerate(sweep.plan.points)}
    here = index[10, "10 ms", 0]
    assert why_of(sweep, here).nearest is None
    for values, differences in (
        ((100, "20 ms", 1), [("g", 10, 100), ("tau", "10 ms", "20 ms"), ("replicate", 0, 1)]),
        ((1, "20 ms", 0), [("g", 10, 1), ("tau", "10 ms", "20 ms")]),
        ((1000, "10 ms", 0), [("g", 10, 1000)]),
        ((1, "10 ms", 0), [("g", 10, 1)]),  # one step is nearer than two
    ):
        sweep.finish(index[values])
        found = why_of(sweep, here)
        assert found.nearest == sweep.plan.points[index[values]]
        assert [(one.axis, one.here, one.there) for one in found.differences] == differences


def test_many_steps_along_one_axis_are_nearer_than_one_along_each_of_two(fake_sweep):
    sweep = fake_sweep({"g": [1, 10, 100, 1000], "tau": ["10 ms", "20 ms"]})
    for values in ((10, "20 ms"), (1000, "10 ms")):
        sweep.finish(next(row for row, point in enumerate(sweep.plan.points) if point.values == values))
    nearest = why_of(sweep, 0).nearest
    assert nearest is not None and nearest.values == (1000, "10 ms")


@pytest.mark.parametrize(
    ("words", "parameters", "settings"),
    [
        (["g=3,4"], {}, {}),
        (["g=3,4", "seeds=2"], {"amplitude": "100 pA"}, {}),
        (["amplitude=100 pA,0.2 nA"], {"g": "2*2"}, {"title": 'it\'s "odd": a $HOME'}),
        (["simulation.duration=20 ms,30 ms"], {}, {"analysis[0]": {"metric": "psd", "resolution": "50 Hz"}}),
        (["simulation.seed=1,2"], {}, {"simulation.dt": "0.1 ms"}),
        (["simulation.seed=1,7"], {}, {}),
        (["g=3,4"], {}, {"simulation.seed": 9}),
    ],
)
def test_the_command_gives_the_very_run(tmp_path, words, parameters, settings):
    file = tmp_path / "a net.yaml"
    file.write_text(NET)
    (tmp_path / "a mouse.yaml").write_text(NET)  # is another experiment
    planned = plan_sweep(
        file, words, parameters=parameters, settings=settings, output=tmp_path / "o'results", name=None
    )
    planned.write()
    for point in planned.plan.points:
        found = why(planned.plan, planned.folder, point, planned.folder.path)
        program, command, path, *options = shlex.split(found.command)
        given = {"-p": [], "--set": [], "-o": []}
        for option, value in zip(options[::2], options[1::2], strict=True):
            given[option].append(value)
        experiment = load(Path(path), assignments(given["-p"], "-p"), assignments(given["--set"], "--set"))
        assert (program, command, Path(path)) == ("snnrun", "simulate", file)
        assert given["-o"] == [str(tmp_path / "o'results")]
        assert experiment.run_id == point.run_id
        assert found.is_same_run
        assert ("simulation.seed" in found.command) == (point.seed != 7 or "simulation.seed" in planned.plan.axes)


def test_the_usual_results_folder_need_not_be_named_even_if_it_is_a_link(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "disk").mkdir()
    (tmp_path / "results").symlink_to("disk")
    (tmp_path / "net.yaml").write_text(NET)
    planned = plan_sweep(Path("net.yaml"), ["g=3,4"], parameters={}, settings={}, output=Path("results"))
    planned.write()
    for folder in (planned.folder, find_sweep(Path("results/net/sweep"), Path("results"))):
        assert " -o " not in why(planned.plan, folder, planned.plan.points[0], Path("net.yaml")).command


def test_a_file_that_has_changed_since_is_noticed(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(NET)
    planned = plan_sweep(file, ["g=3,4"], parameters={}, settings={}, output=tmp_path / "results", name=None)
    planned.write()
    file.write_text(NET.replace("250 pA", "300 pA"))
    found = why(planned.plan, planned.folder, planned.plan.points[0], file)
    assert found.command and not found.is_same_run
    file.unlink()
    assert why(planned.plan, planned.folder, planned.plan.points[0], file).command == ""
    (tmp_path / "net.txt").touch()
    for target in (planned.folder.path, tmp_path / "net.txt"):
        assert why(planned.plan, planned.folder, planned.plan.points[0], target).command == ""
