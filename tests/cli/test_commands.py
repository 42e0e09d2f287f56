"""What holds for every command: it has a help that ends with an example, and the example runs as it stands."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from snnrun import __version__
from snnrun.cli.app import app

ROOT = Path(__file__).parents[2]


def all_commands(group: object, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], object]:
    found: dict[tuple[str, ...], object] = {}
    for name, command in getattr(group, "commands", {}).items():
        found[*path, name] = command
        found |= all_commands(command, (*path, name))
    return found


COMMANDS = all_commands(typer.main.get_command(app))
every_command = pytest.mark.parametrize("path", COMMANDS, ids=" ".join)


def help_of(path: tuple[str, ...], option: str = "--help") -> str:
    result = CliRunner().invoke(app, [*path, option], prog_name="snnrun")
    assert result.exit_code == 0
    return str(result.stdout)


def examples_in(help_text: str) -> list[str]:
    _, begin, lines = help_text.replace("Examples:", "Example:").partition("Example:\n")
    return [line.strip() for line in lines.splitlines() if line.strip()] if begin else []


def test_there_are_the_commands_of_a_researchers_work_in_its_order():
    names = [path[0] for path in COMMANDS if len(path) == 1]
    assert names == [
        "new", "validate", "describe", "simulate", "analyze", "plot", "verify", "catalog", "schema", "doctor", "sweep",
        "cache",
    ]  # fmt: skip


@every_command
def test_help_says_what_the_command_does_in_a_line_that_fits_the_list(path):
    listed = help_of(path[:-1])
    line = next(line for line in listed.splitlines() if line.startswith(f"  {path[-1]} "))
    assert line.rstrip().endswith(".") and not line.rstrip().endswith("...")


@every_command
def test_help_ends_with_an_example_of_the_command(path):
    examples = examples_in(help_of(path))
    assert examples
    assert all(example.startswith(f"snnrun {' '.join(path)}") for example in examples)


@every_command
def test_options_and_arguments_are_explained(path):
    for line in help_of(path).splitlines():
        if line.startswith(("  --", "  -", "  [", "  FILE", "  PATH")):
            assert len(line.split("  ", 2)) > 1


@every_command
def test_the_short_option_shows_the_same_help(path):
    assert help_of(path, "-h") == help_of(path)


@every_command
def test_the_example_is_understood(path):
    # Parsed, not executed: an example that misspells an option or misses an argument stops here.
    for example in examples_in(help_of(path)):
        words = shlex.split(example.partition(" > ")[0])[1:]
        command, arguments = typer.main.get_command(app), words
        for name in path:
            command, arguments = command.commands[name], arguments[1:]
        command.make_context("snnrun", list(arguments), resilient_parsing=False)


def test_experiments_of_the_examples_exist():
    named = {
        word
        for path in COMMANDS
        for example in examples_in(help_of(path))
        for word in shlex.split(example)
        if word.startswith("experiments/")
    }
    assert named and all((ROOT / name).is_file() for name in named)


def test_the_version_is_that_of_the_package(snnrun):
    assert snnrun("--version").stdout == f"snnrun {__version__}\n"


def test_without_a_command_the_help_is_shown(snnrun):
    assert "Commands:" in snnrun().output


def test_an_unknown_command_is_a_mistake_of_the_user(snnrun):
    result = snnrun("simulat")
    assert result.exit_code == 2 and "No such command 'simulat'" in result.stderr
