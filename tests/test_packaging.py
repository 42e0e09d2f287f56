"""What is in the repository and what is installed from it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import snnrun

ROOT = Path(__file__).parents[1]
PROJECT = (ROOT / "pyproject.toml").read_text()

TOP_LEVEL = {"pyproject.toml", "README.md", "Makefile", "LICENSE", "snnrun", "experiments", "tests"}
DOT_FILES = {".ci", ".gitignore", ".pre-commit-config.yaml", ".github"}


def tracked_files() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if (ROOT / name).is_file()]


def test_the_installed_version_is_that_of_the_package():
    assert metadata.version("snnrun") == snnrun.__version__


def test_the_command_is_installed():
    (command,) = metadata.entry_points(group="console_scripts", name="snnrun")
    assert command.value == "snnrun.cli.app:main"


def test_templates_of_the_device_are_package_data():
    # An editable install would hide their absence from a wheel.
    patterns = tomllib.loads(PROJECT)["tool"]["setuptools"]["package-data"]["snnrun"]
    packaged = {path for pattern in patterns for path in (ROOT / "snnrun").glob(pattern)}
    data = {ROOT / name for name in tracked_files() if name.startswith("snnrun/") and not name.endswith(".py")}
    assert data <= packaged


def test_every_dependency_states_its_reason():
    # tomllib drops comments, so the lines of the two tables are read as text.
    requirements = re.findall(r"""^ {4}["'](?P<requirement>[^\n]*)$""", PROJECT.split("[tool.")[0], flags=re.MULTILINE)
    assert len(requirements) > 10
    assert [line for line in requirements if not re.search(r",\s*# \S", line)] == []


def test_the_top_level_holds_only_the_agreed_entries():
    assert {name.split("/")[0] for name in tracked_files()} <= TOP_LEVEL | DOT_FILES


@pytest.mark.parametrize("name", tracked_files())
def test_no_file_names_a_place_outside_the_repository(name):
    text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
    # Home folders and mounts of one machine; the alternatives are spelled so that this line does not name one.
    outside = re.search(r"(?<![\w.])/(home|root|Users|work|mnt|scratch)/\w+", text)
    assert outside is None, f"{name} names {outside.group()}"
