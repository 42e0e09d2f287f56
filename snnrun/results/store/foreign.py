"""Guard against HDF5 files from somebody else.

HDF5 can make a file return the contents of other files of this machine (external storage, external links, virtual
datasets), announce terabytes in a few bytes, and name filters to be loaded as plugins. Nothing of a file is used
before it has passed here. What snnrun writes itself passes by construction.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import h5py
from h5py import h5a, h5d, h5l, h5z

from snnrun.results.layout import is_safe_name

_FILTERS: Final = {h5z.FILTER_SHUFFLE, h5z.FILTER_DEFLATE, h5z.FILTER_FLETCHER32}
_LAYOUTS: Final = {h5d.COMPACT, h5d.CONTIGUOUS, h5d.CHUNKED}
# The most that deflate can expand, 1032 : 1 (zlib.net/zlib_tech.html).
_EXPANSION: Final = 1032
# HDF5's own bound for attributes in the format that we write.
_ATTRIBUTE_BYTES: Final = 1 << 16
_DEPTH: Final = 8
_OBJECTS: Final = 100_000


class RefusedError(Exception):
    """The file is not safe, or not what it says; the message is a clause for the user."""


class Guard:
    """Checks the objects of one file, and that together they hold no more than the file can.

    Parameters
    ----------
    filesize
        Bytes on disk.
    """

    def __init__(self, filesize: int) -> None:
        self._bytes_left = filesize
        self._objects_left = _OBJECTS

    def walk(self, group: h5py.Group, path: str = "") -> Iterator[tuple[str, h5py.Group | h5py.Dataset]]:
        """All objects below a group, checked, each after the group that it is in."""
        if path.count("/") >= _DEPTH:
            raise RefusedError(f"its groups are nested more than {_DEPTH} deep")
        for name in group:
            self._objects_left -= 1
            if self._objects_left < 0:
                raise RefusedError(f"it has more than {_OBJECTS} objects")
            if not is_safe_name(name):
                raise RefusedError(f"it has an object with the name {ascii(name)[:60]}")
            member = self._member(group, name)
            yield f"{path}/{name}", member
            if isinstance(member, h5py.Group):
                yield from self.walk(member, f"{path}/{name}")

    def follow(self, group: h5py.Group, path: str) -> h5py.Dataset:
        """The dataset at a path, checked."""
        *groups, name = path.strip("/").split("/")
        if not all((*groups, name)):
            raise RefusedError(f"{path!r} is not the path of a dataset")
        for step in groups:
            below = self._member(group, step)
            if not isinstance(below, h5py.Group):
                raise RefusedError(f"it has no dataset {path!r}")
            group = below
        dataset = self._member(group, name)
        if not isinstance(dataset, h5py.Dataset):
            raise RefusedError(f"{path!r} is a group; name a dataset in it: {', '.join(list(dataset)[:10])}")
        return dataset

    def attributes(self, item: h5py.Group | h5py.Dataset) -> dict[str, str | int | float]:
        """All attributes of an object: single numbers and texts of fixed length, nothing else."""
        values: dict[str, str | int | float] = {}
        for index in range(h5a.get_num_attrs(item.id)):
            attribute = h5a.open(item.id, index=index)
            name = attribute.name.decode()
            if attribute.get_storage_size() > _ATTRIBUTE_BYTES or attribute.shape != ():
                raise RefusedError(f"the attribute {name[:60]!r} is not a single number or text")
            values[name] = _attribute_value(item, name, attribute.dtype.kind)
        return values

    def _member(self, group: h5py.Group, name: str) -> h5py.Group | h5py.Dataset:
        # Asked of the link itself: `name in group` and `group.get(name)` would follow it.
        links, key = group.id.links, name.encode()
        if not links.exists(key):
            raise RefusedError(f"it has no {name!r} in {group.name}; there is: {', '.join(list(group)[:10])}")
        if links.get_info(key).type != h5l.TYPE_HARD:
            raise RefusedError(f"{name!r} is a link that leads elsewhere")
        member = group[name]
        if isinstance(member, h5py.Dataset):
            self._check_dataset(member)
        elif not isinstance(member, h5py.Group):
            raise RefusedError(f"{name!r} is neither a group nor a dataset")
        return member

    def _check_dataset(self, dataset: h5py.Dataset) -> None:
        name = dataset.name
        creation = dataset.id.get_create_plist()
        if creation.get_layout() not in _LAYOUTS or creation.get_external_count():
            raise RefusedError(f"{name} keeps its data in other files")
        filters = [creation.get_filter(index)[0] for index in range(creation.get_nfilters())]
        # Each at most once: gzip in gzip in gzip expands a billion times.
        if not _FILTERS.issuperset(filters) or len(set(filters)) < len(filters):
            raise RefusedError(f"{name} needs filters other than gzip, shuffle and fletcher32")
        if dataset.shape is None or not _plain(dataset.dtype):
            raise RefusedError(f"{name} has a type that is neither number nor text")
        stored = dataset.id.get_storage_size()
        self._bytes_left -= stored
        if self._bytes_left < 0:
            raise RefusedError(f"{name} announces more data than the file has")
        chunk = dataset.chunks or ()
        announced = dataset.dtype.itemsize * max(math.prod(dataset.shape), math.prod(chunk) if stored else 0)
        if announced > stored * (_EXPANSION if h5z.FILTER_DEFLATE in filters else 1):
            raise RefusedError(f"{name} announces {announced} bytes, which {stored} bytes on disk cannot hold")


def _plain(dtype: Any) -> bool:
    """Whether a type is made of numbers and texts of fixed length, without pointers."""
    if dtype.names is not None:
        return all(_plain(dtype[name]) and dtype[name].names is None for name in dtype.names)
    return dtype.kind in "iufbS" and dtype.shape == ()


def _attribute_value(item: h5py.Group | h5py.Dataset, name: str, kind: str) -> str | int | float:
    match kind:
        case "S":
            return bytes(item.attrs[name]).decode()
        case "i" | "u":
            return int(item.attrs[name])
        case "f":
            return float(item.attrs[name])
    raise RefusedError(f"the attribute {name[:60]!r} is neither number nor text")
