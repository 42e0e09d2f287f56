"""``sweep.h5``: the table of a sweep as a tree, and back.

One dataset for each column, in the order of the plan: those of ``/points`` say which point it is and how it stands,
``/axes`` what varies, ``/measures`` what was measured, each with its ``units``. To read it::

    file = h5py.File("sweep.h5")
    file["axes/g"][:], file["measures/exc.mean_rate"][:]

    columns = {name: data[:] for part in ("axes", "measures") for name, data in file[part].items()}
    pandas.DataFrame(columns)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.results.store.reading import read_tree
from snnrun.results.store.tree import Dataset, Group, TreeError
from snnrun.results.store.writing import write_tree
from snnrun.results.sweep_table import Column, SweepTable

FORMAT: Final = "snnrun sweep"
VERSION: Final = 1
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST_NAME: Final = 80


def write_sweep_table(table: SweepTable, path: Path) -> None:
    """Write the table of a sweep, whole or not at all; the same table gives the same bytes.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    points = {
        "id": table.ids,
        "run_id": table.run_ids,
        "status": table.status,
        "replicate": table.replicate.astype(np.int64),
        "seed": table.seed.astype(np.int64),
        "error": table.errors,
        "recording": table.recordings,
    }
    write_tree(
        Group(
            {
                "points": Group({name: Dataset(_stored(data)) for name, data in points.items()}),
                "axes": _columns(table.axes),
                "measures": _columns(table.measures),
            },
            {"format": FORMAT, "version": VERSION, "experiment": table.experiment, "title": table.title},
        ),
        path,
    )


def read_sweep_table(path: Path) -> SweepTable:
    """Read the table of a sweep, from whomever it comes.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, no such table or of a newer version.
    """
    tree = read_tree(path, {FORMAT: VERSION})
    try:
        points = tree.group("points")
        return SweepTable(
            experiment=tree.text("experiment"),
            title=tree.text("title"),
            ids=_texts(points, "id"),
            run_ids=_texts(points, "run_id"),
            status=_texts(points, "status"),
            replicate=points.array("replicate", "i8", 1),
            seed=points.array("seed", "i8", 1),
            axes=_read_columns(tree.group("axes")),
            measures=_read_columns(tree.group("measures")),
            errors=_texts(points, "error"),
            recordings=_texts(points, "recording"),
        )
    except (TreeError, UnicodeDecodeError) as error:
        raise ResultsError(f"{path}: is not a valid table of a sweep: {error}.") from None


def _columns(columns: Iterable[Column]) -> Group:
    """A dataset for each column; where a name cannot be that of a dataset, its attribute ``name`` has it."""
    members: dict[str, Group | Dataset] = {}
    for column in columns:
        name = _UNSAFE.sub("_", column.name)[:_LONGEST_NAME]
        while name in members:
            name += "_"
        members[name] = Dataset(_stored(column.data), {"name": column.name, "units": column.unit})
    return Group(members)


def _read_columns(group: Group) -> tuple[Column, ...]:
    columns = []
    for member in group.members:
        dataset = group.dataset(member)
        is_text = dataset.text("units") == ""
        data = _texts(group, member) if is_text else group.array(member, "f8", 1)
        columns.append(Column(dataset.text("name"), dataset.text("units"), data))
    return tuple(columns)


def _stored(data: NDArray[Any]) -> NDArray[Any]:
    return np.char.encode(data, "utf-8") if data.dtype.kind == "U" else data


def _texts(group: Group, name: str) -> NDArray[np.str_]:
    data = group.dataset(name).data
    if isinstance(data, str) or data.dtype.kind != "S" or data.ndim != 1:
        raise TreeError(f"the dataset {name!r} should be made of texts")
    return np.char.decode(data, "utf-8")
