"""The command line: all commands, in the order of a researcher's work."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from snnrun import __version__
from snnrun.cli import analyze, cache, catalog, console, describe, doctor, new, plot, schema, simulate, validate, verify
from snnrun.cli.options import examples
from snnrun.cli.sweep import app as sweep
from snnrun.errors import SnnrunError, UserError
from snnrun.sweep.run.stopping import Stopped

INTERRUPTED: Final = 130


class _Commands(TyperGroup):
    """Explains what goes wrong, and how the process ends."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except SnnrunError as error:
            if ctx.params["debug"]:
                traceback.print_exception(error)
            console.error(str(error))
            raise typer.Exit(error.exit_code) from error
        except MemoryError as error:
            if ctx.params["debug"]:
                traceback.print_exception(error)
            console.error(f"There is not enough memory for this ({error}). Ask for less at a time.")
            raise typer.Exit(UserError.exit_code) from error
        except KeyboardInterrupt as stop:
            console.interrupted()
            raise typer.Exit(stop.exit_code if isinstance(stop, Stopped) else INTERRUPTED) from None


app = typer.Typer(
    name="snnrun",
    cls=_Commands,
    help="Experiments on spiking neural networks, each written in one YAML file.",
    epilog=examples("snnrun simulate experiments/brunel_2000/ai.yaml"),
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    rich_markup_mode=None,  # rich takes longer to load than all the rest of --help
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        console.say(f"snnrun {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show where in snnrun an error was found.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """What holds for all commands; `_Commands` reads the options."""


app.command(epilog=new.EXAMPLE)(new.new)
app.command(epilog=validate.EXAMPLE)(validate.validate)
app.command(epilog=describe.EXAMPLE)(describe.describe)
app.command(epilog=simulate.EXAMPLE)(simulate.simulate)
app.command(epilog=analyze.EXAMPLE)(analyze.analyze)
app.command(epilog=plot.EXAMPLE)(plot.plot)
app.command(epilog=verify.EXAMPLE)(verify.verify)
app.command(epilog=catalog.EXAMPLE)(catalog.catalog)
app.command(epilog=schema.EXAMPLE)(schema.schema)
app.command(epilog=doctor.EXAMPLE)(doctor.doctor)
app.add_typer(sweep.app, name="sweep")
app.add_typer(cache.app, name="cache")


def main() -> None:
    """Run the command that the user typed; the entry point of ``snnrun``."""
    # Imports make many objects and no garbage: looking for some takes a tenth of the time to start.
    gc.set_threshold(100_000)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
            gc.freeze()  # Python looks for garbage once more when it ends, which takes as long again
    except BrokenPipeError:
        # The reader, such as `head`, has what it wanted. What is left in the buffer must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        console.interrupted()
        sys.exit(INTERRUPTED)
    except Exception as error:  # whatever it is, it goes on to Python, which shows the traceback
        error.add_note("This is a bug in snnrun. Please report it, with the lines above and the experiment.")
        raise
