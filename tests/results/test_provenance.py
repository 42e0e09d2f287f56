"""Recordings tell with what they were made, not by whom or where."""

from __future__ import annotations

import getpass
import json
import platform
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path

from snnrun.results.provenance import collect

STARTED = datetime(2026, 3, 1, 12, 30, 15, 999, timezone(timedelta(hours=2)))


def test_versions_machine_and_times_are_told() -> None:
    told = collect(started=STARTED, compiler="g++ 12.2.0 -O3", wall_times={"compile": 12, "simulate": 3.5})
    assert told["version_brian2"] == version("brian2")
    assert told["version_python"] == platform.python_version()
    assert told["started"] == "2026-03-01T10:30:15+00:00"
    assert told["compiler"] == "g++ 12.2.0 -O3"
    assert told["wall_time_compile"] == 12.0
    assert told["wall_time_simulate"] == 3.5
    assert told["cpu"]
    assert json.loads(json.dumps(told)) == told


def test_nothing_tells_who_made_it_or_where() -> None:
    told = " ".join(map(str, collect(started=STARTED, compiler="g++", wall_times={}).values()))
    assert str(Path.home()) not in told
    assert str(Path.cwd()) not in told
    assert platform.node() not in told.split()
    assert getpass.getuser() not in told.split()


def test_brian_is_not_imported_for_its_version() -> None:
    script = (
        "import sys; from datetime import datetime, UTC; from snnrun.results.provenance import collect\n"
        "collect(started=datetime.now(UTC), compiler='', wall_times={}); print('brian2' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )
