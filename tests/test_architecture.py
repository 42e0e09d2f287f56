"""The shape of the house, where import-linter (`make check`) does not look: names, and what start-up loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import snnrun

ROOT = Path(__file__).parents[1]
PACKAGE = Path(snnrun.__file__).parent

SLOW_MODULES = {"brian2", "h5py", "matplotlib", "scipy", "sympy"}

RUN_THE_COMMAND = """
import sys
from snnrun.cli.app import main

sys.argv = ["snnrun", *sys.argv[1:]]
try:
    main()
finally:
    print("loaded:", *sys.modules)
"""


def modules_loaded_by(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", RUN_THE_COMMAND, *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.splitlines()[-1].removeprefix("loaded: ").split())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["simulate", "--help"], ["validate", "experiments/brunel_2000/ai.yaml"]],
    ids=" ".join,
)
def test_a_command_that_does_not_simulate_starts_without_the_slow_libraries(arguments):
    # Brian 2 takes 1.3 s to import, matplotlib 0.9 s, scipy 0.6 s: a reader of --help should not wait for them.
    assert modules_loaded_by(*arguments) & SLOW_MODULES == set()


def test_help_starts_without_what_reads_an_experiment():
    assert modules_loaded_by("--help") & {"numpy", "pydantic", "yaml"} == set()


def test_no_module_is_named_after_nothing_in_particular():
    vague = {"utils", "util", "helpers", "common", "manager", "misc"}
    names = {part for path in PACKAGE.rglob("*.py") for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert names & vague == set()


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("**/*/__init__.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_an_init_file_only_describes_and_re_exports(path):
    # Logic there would run whenever any module of the folder is imported.
    docstring, *statements = ast.parse(path.read_text()).body
    assert isinstance(docstring, ast.Expr)
    assert [type(node) for node in statements if not isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)] == []


def test_the_package_itself_re_exports_when_asked():
    # Importing snnrun must not import what `snnrun --help` does not need, so its names are resolved by __getattr__.
    command = "import snnrun, sys; print([m for m in sys.modules if m.startswith('snnrun.')]); snnrun.load, snnrun.run"
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
