"""HDF5 files to trees: nothing of a file is used before it is checked, and nothing that is not as it was written."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import h5py
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.results.layout import missing
from snnrun.results.store.foreign import Guard, RefusedError
from snnrun.results.store.tree import CONTENTS, Attributes, Dataset, Group, TreeError, digest, parse_json

# What a damaged file makes h5py raise; in C it checks far less than in Python.
_DAMAGE: Final = (OSError, RuntimeError, KeyError, ValueError, TypeError, ArithmeticError, MemoryError, AttributeError)
_WHAT_TO_DO: Final = "Take it from its source again, or run the experiment again."


def read_tree(path: Path, formats: Mapping[str, int], wanted: Callable[[str], bool] = lambda _: True) -> Group:
    """Read a file that `write_tree` wrote, perhaps a long time ago, perhaps not; nothing is read before it is checked.

    Parameters
    ----------
    formats
        The formats that will do, each with its newest known version: attributes ``format`` and ``version``.
    wanted
        Whether a path of a group or dataset is to be read; what is not wanted is left out with all its members.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, foreign, or of another version.
    """
    with _opened(path) as file:
        guard = Guard(file.id.get_filesize())
        root_attributes = guard.attributes(file)
        _check_format(path, root_attributes, formats)
        members: dict[str, Group | Dataset] = {}
        found = dict(guard.walk(file))
        table = _read_contents(found.pop(f"/{CONTENTS}", None), guard)
        if table.keys() != found.keys() | {"/"}:
            raise RefusedError("its table of contents does not fit its content")
        root = Group(members, root_attributes)
        _check_digest(root, "/", table)
        parents: dict[str, dict[str, Group | Dataset]] = {"": members}
        for name in _in_order(table):
            parent, _, last = name.rpartition("/")
            if parent not in parents or not wanted(name):
                continue
            node = _read_node(found[name], guard)
            _check_digest(node, name, table)
            parents[parent][last] = node
            if isinstance(node, Group):
                assert isinstance(node.members, dict)
                parents[name] = node.members
        return root


def read_dataset(path: Path, formats: Mapping[str, int], name: str) -> tuple[Group, Dataset]:
    """Read the attributes of a file and one dataset, from a file as `read_tree` reads it; nothing else is looked at.

    Parameters
    ----------
    formats
        As in `read_tree`.
    name
        Path of the dataset: ``analysis/summary``.

    Returns
    -------
    The root without its members, and the dataset.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, foreign, or of another version.
    """
    with _opened(path) as file:
        guard = Guard(file.id.get_filesize())
        root = Group({}, guard.attributes(file))
        _check_format(path, root.attributes, formats)
        table = _read_contents(guard.follow(file, CONTENTS), guard)
        _check_digest(root, "/", table)
        dataset = _read_node(guard.follow(file, name), guard)
        assert isinstance(dataset, Dataset)
        _check_digest(dataset, f"/{name}", table)
        return root, dataset


def _read_contents(item: h5py.Group | h5py.Dataset | None, guard: Guard) -> dict[str, str]:
    if not isinstance(item, h5py.Dataset):
        raise RefusedError("its table of contents is missing")
    node = _read_node(item, guard)
    assert isinstance(node, Dataset)
    if not isinstance(node.data, str) or node.text("digest") != digest(Dataset(node.data)):
        raise RefusedError("its table of contents is damaged")
    table = parse_json(node.data)
    if not isinstance(table, dict):
        raise RefusedError("its table of contents is no table")
    return table


def _in_order(table: Mapping[str, str]) -> list[str]:
    """The paths below the root, members in the order in which they were written: HDF5 itself lists them by name.

    Each stands after the group that it is in, whatever the table of a foreign file says.
    """
    return sorted((path for path in table if path != "/"), key=lambda path: path.count("/"))


def _read_node(item: h5py.Group | h5py.Dataset, guard: Guard) -> Group | Dataset:
    attributes = guard.attributes(item)
    if isinstance(item, h5py.Group):
        return Group({}, attributes)
    data = item[...]
    if data.dtype.kind == "S" and data.shape == ():
        return Dataset(data[()].decode(), attributes)
    return Dataset(data, attributes)


def _check_digest(node: Group | Dataset, name: str, table: Mapping[str, str]) -> None:
    if digest(node) != table[name]:
        raise RefusedError(f"{name} is not as it was written")


def _check_format(path: Path, attributes: Attributes, formats: Mapping[str, int]) -> None:
    name, version = attributes.get("format"), attributes.get("version")
    if not isinstance(name, str) or name not in formats:
        found = f"a {name}" if name else "an HDF5 file of another program"
        raise ResultsError(f"{path}: is not a {' or '.join(formats)}, but {found}.")
    if not isinstance(version, int) or version < 1:
        raise RefusedError("its version is missing")
    if version > formats[name]:
        raise ResultsError(
            f"{path}: was written by a newer snnrun (version {version} of the format, known is {formats[name]}). "
            "Upgrade: pip install --upgrade snnrun"
        )


def read_array(path: Path, dataset: str) -> NDArray[Any]:
    """An array of numbers from any HDF5 file, such as a user's weights.

    Parameters
    ----------
    dataset
        Its path in the file: ``weights`` or ``group/weights``.

    Raises
    ------
    ResultsError
        If the file or the dataset is missing, damaged, not made of numbers, or kept in a way that is not safe to read.
    """
    with _opened(path) as file:
        guard = Guard(file.id.get_filesize())
        item = guard.follow(file, dataset)
        if item.dtype.kind not in "iuf":
            raise RefusedError(f"{dataset} has no numbers, but {item.dtype}")
        data: NDArray[Any] = item[...]
        return data


@contextmanager
def _opened(path: Path) -> Iterator[h5py.File]:
    """The file, open for reading; whatever goes wrong meanwhile is told as a fault of the file."""
    try:
        mode = path.stat().st_mode
    except OSError:
        raise missing(path) from None
    if not stat.S_ISREG(mode):
        raise ResultsError(f"{path}: is not a file. Name the file itself.")
    if not os.access(path, os.R_OK):
        raise ResultsError(f"{path}: may not be read. Ask its owner for access.")
    try:
        if not h5py.is_hdf5(path):
            raise RefusedError("it does not begin as an HDF5 file does")
        # No lock: our files never change once they are there, and network file systems may refuse locks.
        with h5py.File(path, "r", locking=False) as file:
            yield file
    except (RefusedError, TreeError) as error:
        raise ResultsError(f"{path}: cannot be used: {error}. {_WHAT_TO_DO}") from None
    except _DAMAGE as error:
        raise ResultsError(f"{path}: is damaged or incomplete ({str(error)[:200]}). {_WHAT_TO_DO}") from error
