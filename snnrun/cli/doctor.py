"""``snnrun doctor``: whether it works here."""

from __future__ import annotations

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, examples
from snnrun.errors import BuildError

EXAMPLE = examples("snnrun doctor")


def doctor(as_json: Json = False) -> None:
    """Check that snnrun works on this machine.

    Looks at Python, packages, compiler, cache, memory and disk, and simulates a neuron whose spike times are known.
    Takes some ten seconds. Exits with 3 if something essential is broken.
    """
    from snnrun.selftest import examine
    from snnrun.simulation.listener import Listener

    findings = []
    for finding in examine(Listener()):
        findings.append(finding)
        if not as_json:
            console.say(f"{'ok ' if finding.ok else 'NOT'}  {finding.what}: {finding.found}")
            for line in finding.advice.splitlines():
                console.say(f"       {line}")
    if as_json:
        console.show_json({"ok": all(finding.ok for finding in findings), "findings": findings})
    if not all(finding.ok for finding in findings):
        raise typer.Exit(BuildError.exit_code)
