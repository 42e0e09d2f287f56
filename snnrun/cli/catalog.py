"""``snnrun catalog``: the building blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, examples

if TYPE_CHECKING:
    from snnrun.spec.catalog import EntryDescription

EXAMPLE = examples("snnrun catalog lif")

EntryName = Annotated[
    str | None,
    typer.Argument(metavar="[ENTRY]", help="A building block, such as lif or psd; else all.", show_default=False),
]


def catalog(entry: EntryName = None, as_json: Json = False) -> None:
    """Show the building blocks of experiments, or explain one of them.

    Neuron and synapse models, rules of plasticity and connectivity, inputs, metrics and figures.
    """
    from snnrun.spec.catalog import catalog as all_entries
    from snnrun.spec.catalog import describe_entries

    if entry is None:
        rooms = all_entries()
        if as_json:
            console.show_json(rooms)
            return
        for room, summaries in rooms.items():
            console.heading(room.capitalize().replace("_", " "))
            width = max(map(len, summaries))
            for name, summary in summaries.items():
                console.say(f"  {name.ljust(width)}  {summary}")
            console.say()
        console.say("More about one of them: snnrun catalog NAME")
        return
    descriptions = describe_entries(entry)
    if as_json:
        console.show_json(descriptions)
        return
    for number, description in enumerate(descriptions):
        if number:
            console.say()
        _show(description)


def _show(entry: EntryDescription) -> None:
    console.heading(f"{entry.name} ({entry.room})")
    console.say(entry.explanation)
    if entry.equations:
        console.say()
        console.heading("Equations")
        for line in entry.equations:
            console.say(f"  {line.strip()}")
    if entry.parameters:
        console.say()
        console.heading("Parameters")
        for parameter in entry.parameters:
            kind = f" [{parameter.kind}]" if parameter.kind else ""
            default = (
                " required" if parameter.default is None else f" = {parameter.default}" if parameter.default else ""
            )
            console.say(f"  {parameter.name}{kind}{default}")
            console.say(f"      {parameter.meaning}")
    if entry.references:
        console.say()
        console.heading("References")
        for reference in entry.references:
            doi = f" https://doi.org/{reference.doi}" if reference.doi else ""
            console.say(f"  {reference.citation}{doi}")
    console.say()
    console.heading("Example")
    console.say(f"  {entry.example}")
