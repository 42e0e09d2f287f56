"""``snnrun cache``: the compiled programs."""

from __future__ import annotations

import typer

from snnrun.cli import console
from snnrun.cli.options import Json, examples

EXAMPLE = examples("snnrun cache list")

app = typer.Typer(
    help="List or remove the compiled programs.\n\nA network is compiled once for each structure; $SNNRUN_CACHE names "
    "the folder where the programs are kept.",
    epilog=EXAMPLE,
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", epilog=EXAMPLE)
def list_builds(as_json: Json = False) -> None:
    """List the compiled programs."""
    from snnrun.simulation.build_cache import cached_builds
    from snnrun.simulation.cache_folder import cache_folder

    builds = cached_builds()
    if as_json:
        console.show_json({"folder": cache_folder(), "builds": builds})
        return
    console.say(f"{cache_folder()}: {len(builds)} programs, {console.in_bytes(sum(build.size for build in builds))}")
    if builds:
        console.say()
        rows = [
            [build.fingerprint, console.in_bytes(build.size), f"{build.seconds:.1f} s", ", ".join(build.populations)]
            for build in builds
        ]
        console.table([["program", "size", "compiled in", "populations"], *rows])


@app.command("clear", epilog=examples("snnrun cache clear"))
def clear(as_json: Json = False) -> None:
    """Remove the compiled programs; they are compiled again when needed."""
    from snnrun.simulation.build_cache import clear_cache
    from snnrun.simulation.cache_folder import cache_folder

    removed = clear_cache()
    if as_json:
        console.show_json({"folder": cache_folder(), "removed": removed})
    else:
        console.say(f"{cache_folder()}: {removed} programs removed")
