"""`snnrun cache`: what was compiled."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def cache(simulated, workplace, monkeypatch) -> Path:
    """A copy of the cache of the session, to be cleared."""
    folder = workplace / "cache"
    shutil.copytree(os.environ["SNNRUN_CACHE"], folder)
    monkeypatch.setenv("SNNRUN_CACHE", str(folder))
    return folder


def test_programs_are_listed_with_the_populations_they_hold(snnrun, cache):
    result = snnrun("cache", "list")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{cache}: ")
    assert "cells (10)" in result.stdout
    builds = json.loads(snnrun("cache", "list", "--json").stdout)["builds"]
    assert any(build["populations"] == ["cells (10)"] and build["size"] > 0 for build in builds)


def test_clearing_leaves_an_empty_cache(snnrun, cache):
    n_builds = len(json.loads(snnrun("cache", "list", "--json").stdout)["builds"])
    assert f"{n_builds} programs removed" in snnrun("cache", "clear").stdout
    assert json.loads(snnrun("cache", "list", "--json").stdout)["builds"] == []
    assert json.loads(snnrun("cache", "clear", "--json").stdout)["removed"] == 0
