"""``snnrun sweep table``: the numbers of a sweep."""

from __future__ import annotations

import math
import shutil
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from snnrun.cli import console
from snnrun.cli.options import examples
from snnrun.cli.sweep.options import RESULTS, Name, Results, Target
from snnrun.units import rounded

if TYPE_CHECKING:
    from snnrun.results.sweep_table import SweepTable
    from snnrun.sweep.table.selection import Shown

EXAMPLE = examples(
    "snnrun sweep table experiments/activity_states/activity_states.yaml",
    "snnrun sweep table results/activity_states/sweep --agg seed --sort -exc.mean_rate --limit 10",
    "snnrun sweep table results/activity_states/sweep --where g=5 --format csv",
)

Aggregate = Annotated[
    Literal["seed"] | None,
    typer.Option("--agg", metavar="seed", help="One row for all seeds: mean ± standard deviation."),
]
Sort = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Sort the rows by a column; downwards with - before its name.")
]
Where = Annotated[
    list[str],
    typer.Option(
        metavar="NAME=VALUE",
        default_factory=list,
        show_default=False,
        help="Only rows in which this holds: --where g=4, --where status=failed. Repeat for more.",
    ),
]
Columns = Annotated[str | None, typer.Option(metavar="NAMES", help="Only these columns: --columns g,exc.mean_rate.")]
Format = Annotated[Literal["text", "csv", "json", "markdown"], typer.Option("--format", help="How it is printed.")]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N rows.")]

_KEY_METRICS: Final = frozenset({"mean_rate", "cv_isi"})
_DIGITS: Final = 4
_DIGITS_OF_AXES: Final = 6
_SHORTEST_ID: Final = 6
_NOTHING: Final = "–"


def table(
    target: Target,
    where: Where,
    agg: Aggregate = None,
    sort: Sort = None,
    columns: Columns = None,
    limit: Limit = None,
    output_format: Format = "text",
    output: Results = RESULTS,
    name: Name = None,
) -> None:
    """Show what varies and what was measured, a row for each point.

    Points that failed or are missing are there, too. As text, numbers are rounded and in the units of the field, and as
    many columns are shown as fit; CSV and JSON have all of them, with all digits, and measures in SI units.
    """
    from snnrun.sweep.files.folder import find_sweep
    from snnrun.sweep.files.plan_file import read_plan
    from snnrun.sweep.table.collect import current_table
    from snnrun.sweep.table.selection import select

    folder = find_sweep(target, output, name)
    plan = read_plan(folder)
    whole = current_table(plan, folder)
    shown = select(
        whole,
        where=where,
        columns=None if columns is None else [one.strip() for one in columns.split(",")],
        measures=plan.collect,
        sort=sort,
        fold=agg is not None,
    )
    n_rows = len(shown[0].column.data) if shown else 0
    match output_format:
        case "csv":
            _print_csv(shown, limit)
        case "json":
            _print_json(shown, limit)
        case "markdown":
            _print_markdown(shown, limit)
        case "text":
            if columns is None:
                shown = _telling_first(shown, {measure.name for measure in whole.measures}, sort)
            _print_text(shown, limit, fitted=columns is None)
            console.say()
            console.say(_summary(whole, n_rows, limit, where, folded=agg is not None))


def _print_csv(shown: Sequence[Shown], limit: int | None) -> None:
    from snnrun.results.csv_text import csv_text
    from snnrun.results.sweep_table import Column

    columns = [part for each in shown for part in each.apart()]
    console.say(csv_text([Column(one.name, one.unit, one.data[:limit]) for one in columns]).replace("\r\n", "\n")[:-1])


def _print_json(shown: Sequence[Shown], limit: int | None) -> None:
    columns = [part for each in shown for part in each.apart()]
    rows = zip(*(one.data[:limit].tolist() for one in columns), strict=True)
    names = [one.name for one in columns]
    console.show_json(
        {
            "units": {one.name: one.unit for one in columns},
            "rows": [dict(zip(names, row, strict=True)) for row in rows],
        }
    )


def _print_markdown(shown: Sequence[Shown], limit: int | None) -> None:
    rendered = [_rendered(each, limit) for each in shown]
    heads = [f"{name} ({unit})" if unit else name for name, unit, *_ in rendered]
    rows = [heads, ["---" if each.column.is_text else "---:" for each in shown]]
    rows += [list(row) for row in zip(*(cells for _, _, *cells in rendered), strict=True)]
    for row in rows:
        console.say(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |")


def _print_text(shown: Sequence[Shown], limit: int | None, *, fitted: bool) -> None:
    rendered = [_rendered(each, limit) for each in shown]
    left_out = _left_out(rendered) if fitted else []
    kept = rendered[: len(rendered) - len(left_out)]
    rows = [list(row) for row in zip(*kept, strict=True)]
    if rows and not any(rows[1]):
        del rows[1]
    if rows:
        console.table(rows)
    if left_out:
        example = left_out[0][0]
        more = "column" if len(left_out) == 1 else "columns"
        console.say()
        console.say(f"{len(left_out)} more {more}, such as {example}: --columns NAME,NAME, or --format csv for all.")


def _telling_first(shown: Sequence[Shown], measures: Collection[str], sort: str | None) -> list[Shown]:
    """The measures that say most stand where a narrow terminal shows them, all others behind in their order."""
    sorted_by = (sort or "").removeprefix("-")

    def rank(each: Shown) -> int:
        if each.column.name not in measures or each.column.name == sorted_by:
            return 0
        if each.column.is_text:
            return 1
        return 2 if each.column.name.rpartition(".")[2] in _KEY_METRICS else 3

    return sorted(shown, key=rank)


def _left_out(rendered: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The last columns, which a terminal has no room for."""
    room = shutil.get_terminal_size().columns
    for index, column in enumerate(rendered):
        room -= max(map(len, column)) + (2 if index else 0)
        if room < 0 and index:
            return rendered[index:]
    return []


def _rendered(shown: Shown, limit: int | None) -> list[str]:
    """Name, unit and cells of a column, for people."""
    column = shown.column
    factor, unit = _for_people(column.unit)
    values = column.data[:limit].tolist()
    if column.name == "point":
        cells = _short_ids(column.data.tolist())[:limit]
    elif column.is_text and shown.n is not None:
        cells = [f"{value} ({n})" if n else _NOTHING for value, n in zip(values, shown.n[:limit].tolist(), strict=True)]
    elif column.is_text:
        cells = [value or _NOTHING for value in values]
    elif column.data.dtype.kind == "i":
        cells = [str(value) for value in values]
    else:
        digits = _DIGITS if "." in column.name else _DIGITS_OF_AXES
        cells = [_number(value * factor, digits) for value in values]
    if shown.sd is not None:
        spread = [_number(value * factor, 2) for value in shown.sd[:limit].tolist()]
        cells = [cell if sd == _NOTHING else f"{cell} ± {sd}" for cell, sd in zip(cells, spread, strict=True)]
    return [column.name, unit, *cells]


def _for_people(unit: str) -> tuple[float, str]:
    if unit in ("", "1"):
        return 1.0, ""
    from snnrun.figures.style import in_display_unit

    return in_display_unit(unit)


def _number(value: float, digits: int) -> str:
    return _NOTHING if math.isnan(value) else rounded(value, digits)


def _short_ids(ids: Sequence[str]) -> list[str]:
    """As many digits as tell the points apart: `snnrun sweep why` knows them by these."""
    length = _SHORTEST_ID
    while len({one[:length] for one in ids}) < len(set(ids)):
        length += 1
    return [one[:length] for one in ids]


def _summary(table: SweepTable, n_rows: int, limit: int | None, where: Sequence[str], *, folded: bool) -> str:
    counts = {status: int((table.status == status).sum()) for status in ("done", "running", "failed", "missing")}
    told = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
    rows = f"{limit} of {n_rows} rows. " if limit is not None and limit < n_rows else ""
    if where:
        rows = f"{console.counted(n_rows, 'row') if n_rows else 'No row'} with {', '.join(where)}. {rows}"
    spread = "Mean ± standard deviation over seeds; of texts the most frequent. " if folded else ""
    return f"{rows}{spread}{console.counted(len(table), 'point')}: {told}"
