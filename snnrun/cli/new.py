"""``snnrun new``: a file to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import examples
from snnrun.errors import UserError

EXAMPLE = examples("snnrun new my_network.yaml")

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)]


def new(file: NewFile) -> None:
    """Write a commented experiment to start from.

    A small balanced network. A file that exists is not touched.
    """
    text = files("snnrun.cli").joinpath("starter.yaml").read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UserError(f"{file}: exists already. Choose another name, or remove it.") from None
    except OSError as error:
        raise UserError(f"{file}: cannot be written: {error.strerror}. Choose another folder.") from error
    console.say(f"Written: {console.shown(file)}")
    console.say(f"Next:    snnrun validate {console.shown(file)}")
