"""Trees to HDF5 and back.

Written in HDF5's default oldest format (newer ones break readers such as MATLAB's), with shuffle and gzip 1. The image
of the file is built in memory and then written whole: HDF5 itself, on a full disk, may fail silently or take the
interpreter with it. That takes twice the size of the file in memory, beside the arrays. Measured: 10⁷ spikes make
18 MB in 0.6 s, read in 0.3 s; traces of 160 MB, which hardly compress, make 126 MB in 2.5 s.

Every file has a table of contents, ``/_contents``: JSON, from the path of each group and dataset to its digest. So
damage is noticed that neither gzip nor HDF5 would notice, and before numbers are used.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.results.atomic import write_whole
from snnrun.results.layout import is_safe_name, missing
from snnrun.results.store.foreign import Guard, RefusedError
from snnrun.results.store.tree import Attributes, Dataset, Group, TreeError, digest, parse_json, walk

_CONTENTS: Final = "_contents"  # no name of a population: those begin with a letter
# Long enough for gzip, short enough to read a piece of a long recording.
_CHUNK_ITEMS: Final = 1 << 16
# Below, compression saves less than the index of the chunks takes (2 kB).
_COMPRESSED_FROM_BYTES: Final = 1 << 14
# What a damaged file makes h5py raise; in C it checks far less than in Python.
_DAMAGE: Final = (OSError, RuntimeError, KeyError, ValueError, TypeError, ArithmeticError, MemoryError, AttributeError)


def write_tree(root: Group, path: Path) -> None:
    """Write a tree whole or not at all; the same tree gives the same bytes.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    write_whole(path, _image(root))


def _image(root: Group) -> bytes:
    contents = Dataset(json.dumps({path: digest(node) for path, node in walk(root)}))
    sealed = Dataset(contents.data, {"digest": digest(contents)})
    with h5py.File("in memory", "w", driver="core", backing_store=False) as file:
        _write_group(file, Group({**root.members, _CONTENTS: sealed}, root.attributes))
        file.flush()
        image: bytes = file.id.get_file_image()
    return image


def _write_group(target: h5py.Group, group: Group) -> None:
    _write_attributes(target, group.attributes)
    for name, member in group.members.items():
        if not is_safe_name(name):
            raise ValueError(f"{name!r} cannot be the name of an HDF5 object")
        if isinstance(member, Group):
            _write_group(target.create_group(name), member)
        else:
            _write_dataset(target, name, member)


def _write_dataset(target: h5py.Group, name: str, dataset: Dataset) -> None:
    data = dataset.data
    if isinstance(data, str):
        written = target.create_dataset(name, data=_encoded(data), dtype=_text_type(data), track_times=False)
    elif data.nbytes < _COMPRESSED_FROM_BYTES:
        written = target.create_dataset(name, data=data.view(_stored_type(data.dtype)), track_times=False)
    else:
        written = target.create_dataset(
            name,
            data=data.view(_stored_type(data.dtype)),
            chunks=_chunks(data.shape),
            shuffle=True,
            compression="gzip",
            compression_opts=1,
            track_times=False,  # the same recording gives the same bytes
        )
    _write_attributes(written, dataset.attributes)


def _stored_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type that says to HDF5 that the texts of a table are UTF-8."""
    if dtype.names is None:
        return dtype
    columns = [(name, dtype[name]) for name in dtype.names]
    return np.dtype([(name, h5py.string_dtype("utf-8", of.itemsize) if of.kind == "S" else of) for name, of in columns])


def _chunks(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Whole rows, as many as fit."""
    chunk: list[int] = []
    room = _CHUNK_ITEMS
    for length in reversed(shape):
        chunk.insert(0, min(length, room))
        room = max(1, room // chunk[0])
    return tuple(chunk)


def _write_attributes(target: h5py.Group | h5py.Dataset, attributes: Attributes) -> None:
    for name, value in attributes.items():
        if isinstance(value, str):
            target.attrs.create(name, _encoded(value), dtype=_text_type(value))
        else:
            target.attrs.create(name, value)


def _encoded(text: str) -> np.bytes_:
    if "\0" in text:
        raise ValueError("a text with NUL characters cannot be stored: HDF5 pads texts with them")
    return np.bytes_(text.encode())


def _text_type(text: str) -> np.dtype[Any]:
    # Of fixed length: texts of variable length are pointers into a heap, which a foreign file may point anywhere.
    dtype: np.dtype[Any] = h5py.string_dtype("utf-8", max(1, len(text.encode())))
    return dtype


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
        table = _read_contents(found.pop(f"/{_CONTENTS}", None), guard)
        if table.keys() != found.keys() | {"/"}:
            raise RefusedError("its table of contents does not fit its content")
        root = Group(members, root_attributes)
        _check_digest(root, "/", table)
        parents: dict[str, dict[str, Group | Dataset]] = {"": members}
        for name, item in found.items():
            parent, _, last = name.rpartition("/")
            if parent not in parents or not wanted(name):
                continue
            node = _read_node(item, guard)
            _check_digest(node, name, table)
            parents[parent][last] = node
            if isinstance(node, Group):
                assert isinstance(node.members, dict)
                parents[name] = node.members
        return root


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


_WHAT_TO_DO: Final = "Take it from its source again, or run the experiment again."
