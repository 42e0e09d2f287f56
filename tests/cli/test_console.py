"""What the user sees: on a terminal, in a file, from another program."""

from __future__ import annotations

import io
import json
import math
import sys
from pathlib import Path

import pytest

from snnrun.cli import console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    # Not a fixture: pytest sets sys.stderr anew between fixtures and test.
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_errors_are_red_on_a_terminal(monkeypatch):
    terminal = terminal_of(monkeypatch)
    console.error("it broke")
    assert terminal.getvalue() == "\033[31mError: \033[0mit broke\n"


def test_no_color_is_respected(monkeypatch):
    terminal = terminal_of(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    console.error("it broke")
    assert terminal.getvalue() == "Error: it broke\n"


def test_a_file_gets_no_colours(capsys):
    console.error("it broke")
    console.heading("A heading")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("A heading\n", "Error: it broke\n")


def test_what_a_terminal_would_obey_is_not_sent_to_it(capsys):
    # The title of somebody's recording: ESC ] 0 sets the title of the window, ESC [ 2 J clears the screen.
    console.say("\033]0;evil\a \033[2J fine")
    assert capsys.readouterr().out == "�]0;evil� �[2J fine\n"


def test_a_bar_shows_how_far_and_how_long(monkeypatch):
    terminal = terminal_of(monkeypatch)
    clock = iter([0.0, 100.0, 130.0])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(clock))
    bar = console.listener()
    bar.stage("simulating")
    bar.progress(0.25)
    # A quarter took 30 s of a clock that was read at 100 s: three quarters take 90 s.
    assert terminal.getvalue().splitlines()[-1].endswith(" 25%  1:30 left")
    bar.remark("something")
    assert terminal.getvalue().endswith("\r\033[Knote: something\n"), "the bar makes room"


def test_a_log_gets_a_line_for_each_tenth_at_most(capsys):
    log = console.listener()
    log.stage("simulating")
    for step in range(1001):
        log.progress(step / 1000)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["simulating", *(f"  {percent} %" for percent in range(10, 101, 10))]


def test_json_has_no_nan(capsys):
    console.show_json({"a": math.nan, "b": (1.5, math.inf), "c": Path("x/y")})
    assert json.loads(capsys.readouterr().out) == {"a": None, "b": [1.5, None], "c": "x/y"}


def test_columns_are_aligned(capsys):
    console.table([["name", "rate"], ["excitatory", "5"], ["inh", "12.5"]])
    assert capsys.readouterr().out == "name        rate\nexcitatory     5\ninh         12.5\n"


def test_paths_below_the_working_folder_are_short(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert console.shown(tmp_path / "a" / "b") == "a/b"
    assert console.shown(tmp_path.parent) == str(tmp_path.parent)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (999_999, "1 MB"), (3.2e9, "3.2 GB"), (5e12, "5 TB")],
)
def test_sizes_are_for_people(number, text):
    assert console.in_bytes(number) == text
