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
from snnrun.simulation.build_cache import cached_builds, clear_cache, program_for
from snnrun.simulation.cache_folder import cache_folder
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.fingerprint import fingerprint, runtime_fingerprint

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
    """A compiler that copies its own text to what it is to make, and notes its name; the generator is left out."""
    find_compiler.cache_clear()

    def install(lines=""):
        path = script(
            'if [ "$1" = --version ]; then echo "fake 1.0"; exit 0; fi\n'
            'while [ "$1" != -o ]; do shift; done\n'
            f"basename \"$2\" >> '{tmp_path}/compiled'\n{lines}\n"
            'cp "$0" "$2"',
            "compiler",
        )
        monkeypatch.setenv("CXX", str(path))
        monkeypatch.setattr(build_cache, "generate_sources", lambda blueprint, folder: None)

    install()
    yield install
    find_compiler.cache_clear()


def compiled(tmp_path, name="program"):
    path = tmp_path / "compiled"
    return path.read_text().splitlines().count(name) if path.exists() else 0


def entries(cache):
    return {path.name for path in cache.iterdir() if path.is_dir()}


def runtime(blueprint):
    return f"runtime-{runtime_fingerprint(blueprint)}"


def both(blueprints, tmp_path):
    """What two processes say that build at the same time."""
    processes = []
    for number, blueprint in enumerate(blueprints):
        request = tmp_path / f"blueprint-{number}.json"
        request.write_text(json.dumps(blueprint.to_plain()))
        processes.append(subprocess.Popen([sys.executable, "-c", BUILD, request], stdout=subprocess.PIPE, text=True))
    return [process.communicate()[0].splitlines() for process in processes]


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
        for name in fingerprint(blueprint), runtime(blueprint):
            (cache / f".{name}-killed" / "sources").mkdir(parents=True)
        program_for(blueprint)
        assert entries(cache) == {fingerprint(blueprint), runtime(blueprint)}

    def test_a_failed_build_leaves_nothing(self, cache, blueprint, compiler):
        compiler("exit 1")
        with pytest.raises(BuildError):
            program_for(blueprint)
        assert entries(cache) == set()

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
        said = both([blueprint, blueprint], tmp_path)
        assert compiled(tmp_path) == 1
        assert sorted(lines[-1] for lines in said) == ["False", "True"]
        assert ["waiting: another process compiles the same network", "False"] in said


@pytest.mark.usefixtures("compiler")
class TestWhatIsTheSameInAllPrograms:
    def test_it_is_compiled_once(self, cache, tiny, tmp_path):
        for size in 4, 5:
            program_for(compose(tiny({"populations.cells.size": size})).blueprint)
        assert (compiled(tmp_path), compiled(tmp_path, "in_steps.o")) == (2, 1)

    def test_two_processes_compile_it_once(self, cache, tiny, compiler, tmp_path):
        compiler("sleep 1")
        said = both([compose(tiny({"populations.cells.size": size})).blueprint for size in (4, 5)], tmp_path)
        assert [lines[-1] for lines in said] == ["True", "True"]
        assert (compiled(tmp_path), compiled(tmp_path, "in_steps.o")) == (2, 1)

    def test_other_flags_need_another(self, cache, blueprint):
        program_for(blueprint)
        program_for(replace(blueprint, math="strict"))
        assert len([name for name in entries(cache) if name.startswith("runtime-")]) == 2

    def test_the_reference_engine_has_none(self, cache, blueprint):
        alone = replace(blueprint, engine="reference")
        program_for(alone)
        assert entries(cache) == {fingerprint(alone)}

    @pytest.mark.parametrize("name", ["in_steps.o", "around_steps.o", "build.json"])
    def test_it_is_compiled_again_when_damaged(self, cache, tiny, tmp_path, name):
        for size in 4, 5, 6:
            blueprint = compose(tiny({"populations.cells.size": size})).blueprint
            program_for(blueprint)
            if size == 4:
                os.truncate(cache / runtime(blueprint) / name, 10)
        assert compiled(tmp_path, "in_steps.o") == 2

    def test_it_is_cleared_with_the_programs(self, cache, blueprint):
        program_for(blueprint)
        assert [build.fingerprint for build in cached_builds()] == [fingerprint(blueprint)]
        assert clear_cache() == 1
        assert entries(cache) == set()


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
        assert entries(cache) == set()

    def test_where_it_is(self, monkeypatch, tmp_path):
        monkeypatch.setenv("SNNRUN_CACHE", "")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert cache_folder() == tmp_path / "snnrun"
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(tmp_path))
        assert cache_folder() == tmp_path / ".cache" / "snnrun"
