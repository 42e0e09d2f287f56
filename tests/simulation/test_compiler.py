"""The compiler is found or asked for; what it says is passed on with its place in the experiment."""

from __future__ import annotations

import os
import subprocess

import pytest

from snnrun.errors import BuildError
from snnrun.simulation.compiler import compile_program, find_compiler
from snnrun.simulation.device.source_files import PROGRAM_SOURCE

FLAGS = ["-O1"]


@pytest.fixture(autouse=True)
def _look_again():
    find_compiler.cache_clear()
    yield
    find_compiler.cache_clear()


@pytest.fixture
def fake(script, monkeypatch):
    """A compiler that does what its lines say, after telling its version."""

    def install(lines):
        path = script(f'if [ "$1" = --version ]; then echo "fake 1.0"; exit 0; fi\n{lines}', "c++ fake")
        monkeypatch.setenv("CXX", str(path))

    return install


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "Quellen mit Lücken"
    folder.mkdir()
    return folder


def test_no_compiler_is_told_with_what_to_install(monkeypatch, tmp_path):
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match=r"No C\+\+ compiler was found.") as error:
        find_compiler()
    assert "sudo apt install g++" in str(error.value)


def test_a_compiler_that_is_named_and_missing(monkeypatch):
    monkeypatch.setenv("CXX", "missing")
    with pytest.raises(BuildError, match=r"named in \$CXX, 'missing', was not found"):
        find_compiler()


def test_a_compiler_that_does_not_work(monkeypatch, script):
    monkeypatch.setenv("CXX", str(script("exit 1")))
    with pytest.raises(BuildError, match="does not work"):
        find_compiler()


def test_its_version_is_known(fake):
    fake("exit 0")
    assert find_compiler().version == "fake 1.0"


def test_a_program_is_compiled_in_a_folder_with_any_name(sources, tmp_path):
    (sources / PROGRAM_SOURCE).write_text('#include <cstdio>\nint main() { std::puts("runs"); }\n')
    compile_program(sources, tmp_path / "ein Programm", FLAGS)
    assert subprocess.run([tmp_path / "ein Programm"], capture_output=True, text=True, check=True).stdout == "runs\n"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("population_my_exc__stateupdater_codeobject", "population 'my_exc'"),
        ("projection_to_all__inh__pre_codeobject", "projection 'to_all' onto 'inh'"),
        ("update_exc__rain__codeobject", "input 'rain' of population 'exc'"),
    ],
)
def test_the_first_error_is_shown_with_its_part_of_the_experiment(sources, tmp_path, name, part):
    (sources / "code_objects").mkdir()
    (sources / "code_objects" / f"{name}.cpp").write_text("int x = nonsense;\n")
    (sources / PROGRAM_SOURCE).write_text(f'#include "code_objects/{name}.cpp"\nint main() {{}}\n')
    with pytest.raises(BuildError) as error:
        compile_program(sources, tmp_path / "program", FLAGS)
    first, second, *_ = str(error.value).splitlines()
    assert first == f"The C++ compiler refused the program generated for the {part}."
    assert "error: " in second and "nonsense" in second
    assert str(sources) not in str(error.value)
    assert not (tmp_path / "program").exists()


def test_a_compiler_that_ends_without_a_reason(fake, sources, tmp_path):
    fake("exit 1")
    with pytest.raises(BuildError, match="the compiler gave no reason"):
        compile_program(sources, tmp_path / "program", FLAGS)


def test_a_compiler_that_is_killed_for_want_of_memory(fake, sources, tmp_path):
    fake("kill -KILL $$")
    with pytest.raises(BuildError, match="memory"):
        compile_program(sources, tmp_path / "program", FLAGS)


def test_it_gets_no_settings_of_the_user(fake, sources, tmp_path, monkeypatch):
    monkeypatch.setenv("MAKEFLAGS", "x")
    monkeypatch.setenv("GCC_EXEC_PREFIX", "/evil")
    fake(f"env > '{tmp_path}/env'")
    compile_program(sources, tmp_path / "program", FLAGS)
    names = {line.partition("=")[0] for line in (tmp_path / "env").read_text().splitlines()}
    assert not names & {"MAKEFLAGS", "GCC_EXEC_PREFIX"}
    assert os.environ["MAKEFLAGS"] == "x"
