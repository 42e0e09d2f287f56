"""``snnrun verify``: see whether a recording can be reproduced."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, Quiet, RecordingPath, Threads, examples, one_recording
from snnrun.errors import ResultsError

EXAMPLE = examples("snnrun verify results/ai/latest")

DataFolder = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of the experiment file, if the experiment uses data files."),
]


def verify(
    path: RecordingPath, data: DataFolder = None, threads: Threads = 1, quiet: Quiet = False, as_json: Json = False
) -> None:
    """Simulate the experiment of a recording again and compare.

    The same experiment with the same seed gives the same numbers, bit for bit, on the same machine with the same
    programs. Nothing is changed. Exits with 2 if there is a difference.
    """
    from snnrun.reproduce import reproduce

    recording = one_recording(path)
    found = reproduce(recording, data, console.listener(quiet), threads=threads)
    if as_json:
        console.show_json({"agrees": found.agrees, "datasets": found.comparisons, "changes": found.changes})
    elif not quiet:
        rows = [[one.dataset, str(one.n), one.difference or "equal"] for one in found.comparisons]
        console.table([["dataset", "values", "outcome"], *rows])
        console.say()
        console.say("Reproduced, bit for bit." if found.agrees else "Not reproduced.")
        for name, (then, now) in found.changes.items():
            console.say(f"  {name}: then {then}, now {now}")
    if not found.agrees:
        raise typer.Exit(ResultsError.exit_code)
