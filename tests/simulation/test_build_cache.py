"""A program is built once for its structure, whole or not at all, whoever asks and whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from snnrun.errors import BuildError
from snnrun.network.compose import compose
from snnrun.simulation import build_cache
from snnrun.simulation.build_cache import cache_folder, cached_builds, clear_cache, program_for
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.fingerprint import fingerprint

BUILD = """
import json, sys
from snnrun.network.blueprint import Blueprint
from snnrun.simulation import build_cache
build_cache.generate_sources = lambda blueprint, folder: None
blueprint = Blueprint.from_plain(json.load(open(sys.argv[1])))
build = build_cache.program_for(blueprint, lambda text: print(text, flush=True))
print(build.fresh)
"""


@pytest.fixture
def blueprint(tiny):
    return compose(tiny()).blueprint


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SNNRUN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def compiler(script, monkeypatch, tmp_path):
    """A compiler that copies its own text to the program, and counts how often; the generator is left out."""
    find_compiler.cache_clear()

    def install(lines=""):
        path = script(
            'if [ "$1" = --version ]; then echo "fake 1.0"; exit 0; fi\n'
            f"echo once >> '{tmp_path}/compiled'\n{lines}\n"
            'while [ "$1" != -o ]; do shift; done\ncp "$0" "$2"',
            "compiler",
        )
        monkeypatch.setenv("CXX", str(path))
        monkeypatch.setattr(build_cache, "generate_sources", lambda blueprint, folder: None)

    install()
    yield install
    find_compiler.cache_clear()


def compiled(tmp_path):
    path = tmp_path / "compiled"
    return len(path.read_text().splitlines()) if path.exists() else 0


@pytest.mark.usefixtures("compiler")
class TestBuilding:
    def test_a_build_is_used_again(self, cache, blueprint, tmp_path):
        first, second = program_for(blueprint), program_for(blueprint)
        assert (first.fresh, second.fresh, compiled(tmp_path)) == (True, False, 1)
        assert replace(first, fresh=False) == second
        assert second.program.parent.parent == cache
        assert os.access(second.program, os.X_OK)
        assert second.populations == ("cells (4)",)

    def test_another_structure_is_another_build(self, cache, tiny):
        bigger = compose(tiny({"populations.cells.size": 5})).blueprint
        assert fingerprint(bigger) != fingerprint(compose(tiny()).blueprint)

    @pytest.mark.parametrize(
        "choice",
        [{"engine": "reference"}, {"math": "strict"}, {"arch": "x86-64-v2"}, {"weight_precision": "single"}],
    )
    def test_another_way_to_compute_is_another_build(self, cache, blueprint, choice):
        assert fingerprint(replace(blueprint, **choice)) != fingerprint(blueprint)

    @pytest.mark.parametrize(("arch", "shared"), [("native", False), ("x86-64-v3", True)])
    def test_what_runs_on_many_processors_is_shared_between_them(self, cache, blueprint, monkeypatch, arch, shared):
        here = fingerprint(replace(blueprint, arch=arch))
        monkeypatch.setattr("snnrun.simulation.fingerprint.processor", lambda: "another")
        assert (fingerprint(replace(blueprint, arch=arch)) == here) == shared

    def test_another_compiler_is_another_build(self, cache, blueprint, monkeypatch):
        before = fingerprint(blueprint)
        monkeypatch.delenv("CXX")
        find_compiler.cache_clear()
        assert fingerprint(blueprint) != before

    @pytest.mark.parametrize(
        "damage",
        [
            lambda folder: os.truncate(folder / "program", 10),
            lambda folder: (folder / "program").write_bytes(b""),
            lambda folder: (folder / "program").unlink(),
            lambda folder: (folder / "build.json").unlink(),
            lambda folder: (folder / "build.json").write_text("{"),
            lambda folder: (folder / "build.json").write_text("[]"),
            lambda folder: (folder / "build.json").write_text('{"sha256": 3}'),
        ],
    )
    def test_a_damaged_build_is_built_again(self, cache, blueprint, tmp_path, damage):
        damage(program_for(blueprint).program.parent)
        assert program_for(blueprint).fresh
        assert not program_for(blueprint).fresh
        assert compiled(tmp_path) == 2

    def test_a_program_that_may_not_run_is_built_again(self, cache, blueprint, tmp_path):
        program_for(blueprint).program.chmod(0o644)
        assert os.access(program_for(blueprint).program, os.X_OK)

    def test_what_a_killed_build_left_is_cleared(self, cache, blueprint):
        (cache / f".{fingerprint(blueprint)}-killed" / "sources").mkdir(parents=True)
        program_for(blueprint)
        assert [path.name for path in cache.iterdir() if path.is_dir()] == [fingerprint(blueprint)]

    def test_a_failed_build_leaves_nothing(self, cache, blueprint, compiler):
        compiler("exit 1")
        with pytest.raises(BuildError):
            program_for(blueprint)
        assert [path for path in cache.iterdir() if path.is_dir()] == []

    def test_clearing_removes_all(self, cache, blueprint):
        program_for(blueprint)
        assert [build.fingerprint for build in cached_builds()] == [fingerprint(blueprint)]
        assert clear_cache() == 1
        assert cached_builds() == []
        assert program_for(blueprint).fresh

    def test_the_user_is_told_that_it_compiles(self, cache, blueprint):
        said = []
        program_for(blueprint, said.append)
        program_for(blueprint, said.append)
        assert said == ["compiling (once for this structure)"]

    def test_two_processes_build_once(self, cache, blueprint, compiler, tmp_path):
        compiler("sleep 1")
        request = tmp_path / "blueprint.json"
        request.write_text(json.dumps(blueprint.to_plain()))
        both = [
            subprocess.Popen([sys.executable, "-c", BUILD, request], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        said = sorted(process.communicate()[0].splitlines() for process in both)
        assert compiled(tmp_path) == 1
        assert sorted(lines[-1] for lines in said) == ["False", "True"]
        assert ["waiting: another process compiles the same network", "False"] in said


class TestFolder:
    def test_a_cache_that_cannot_be_written(self, cache, blueprint, compiler):
        cache.write_text("a file in the place of the folder")
        with pytest.raises(BuildError, match=r"cannot be written .*\nName another folder: SNNRUN_CACHE="):
            program_for(blueprint)

    def test_a_full_disk(self, cache, blueprint, compiler, monkeypatch):
        def full(blueprint, folder):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(build_cache, "generate_sources", full)
        with pytest.raises(BuildError, match="No space left on device"):
            program_for(blueprint)
        assert [path for path in cache.iterdir() if path.is_dir()] == []

    def test_where_it_is(self, monkeypatch, tmp_path):
        monkeypatch.setenv("SNNRUN_CACHE", "")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert cache_folder() == tmp_path / "snnrun"
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(tmp_path))
        assert cache_folder() == tmp_path / ".cache" / "snnrun"
