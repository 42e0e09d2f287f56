"""What an HDF5 file holds, as plain data: groups with attributes, arrays with attributes.

Recordings and analyses are turned into trees and back without a word of HDF5; `writing` and `reading` take any tree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Attributes = Mapping[str, str | int | float]

# Name of the table of contents, no name of a population: those begin with a letter.
CONTENTS: Final = "_contents"


class TreeError(ValueError):
    """A tree lacks something, or has it in another shape than its format says."""


class Node:
    """A group or a dataset; its methods are for reading a tree in which anything may be missing."""

    attributes: Attributes

    def text(self, name: str) -> str:
        """An attribute that must be a text."""
        value = self.attributes.get(name)
        if not isinstance(value, str):
            raise TreeError(f"the attribute {name!r} should be a text")
        return value

    def integer(self, name: str, minimum: int = 0) -> int:
        """An attribute that must be a whole number, at least `minimum`."""
        value = self.attributes.get(name)
        if not isinstance(value, int) or value < minimum:
            raise TreeError(f"the attribute {name!r} should be a whole number, {minimum} or more")
        return value

    def number(self, name: str) -> float:
        """An attribute that must be a number."""
        value = self.attributes.get(name)
        if not isinstance(value, float):
            raise TreeError(f"the attribute {name!r} should be a number")
        return value


@dataclass(frozen=True, eq=False)
class Dataset(Node):
    """An array or a text, with attributes such as its ``units``."""

    data: NDArray[Any] | str
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Group(Node):
    """Named members, with attributes."""

    members: Mapping[str, Group | Dataset] = field(default_factory=dict)
    attributes: Attributes = field(default_factory=dict)

    def group(self, name: str) -> Group:
        """A member that must be a group."""
        member = self.members.get(name)
        if not isinstance(member, Group):
            raise TreeError(f"the group {name!r} is missing")
        return member

    def groups(self) -> Mapping[str, Group]:
        """All members, which must be groups."""
        return {name: self.group(name) for name in self.members}

    def dataset(self, name: str) -> Dataset:
        """A member that must be a dataset."""
        member = self.members.get(name)
        if not isinstance(member, Dataset):
            raise TreeError(f"the dataset {name!r} is missing")
        return member

    def array(self, name: str, dtype: str, ndim: int) -> NDArray[Any]:
        """The data of a member, which must have this type and number of dimensions."""
        data = self.dataset(name).data
        if isinstance(data, str) or data.dtype != np.dtype(dtype) or data.ndim != ndim:
            raise TreeError(f"the dataset {name!r} should have {ndim} dimension(s) of type {np.dtype(dtype)}")
        return data

    def document(self, name: str) -> str:
        """A member that must be a text."""
        data = self.dataset(name).data
        if not isinstance(data, str):
            raise TreeError(f"the dataset {name!r} should be a text")
        return data


def parse_json(content: str) -> Any:
    """The value of a JSON text."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise TreeError("a text that should be JSON is not") from None


def walk(root: Group, path: str = "") -> Iterator[tuple[str, Group | Dataset]]:
    """All groups and datasets below and including a group, with their paths; the root's is ``/``."""
    yield path or "/", root
    for name, member in root.members.items():
        if isinstance(member, Group):
            yield from walk(member, f"{path}/{name}")
        else:
            yield f"{path}/{name}", member


def digest(node: Group | Dataset) -> str:
    """Fingerprint of the attributes and data of a group or dataset, not of the members: BLAKE2b, 128 bits.

    Equal digests mean data that are equal bit for bit, in any file and on any machine.
    """
    state = hashlib.blake2b(json.dumps(sorted(node.attributes.items())).encode(), digest_size=16)
    if isinstance(node, Dataset):
        if isinstance(node.data, str):
            state.update(b"text" + node.data.encode())
        else:
            state.update(f"{_type(node.data.dtype)}{node.data.shape}".encode())
            state.update(np.ascontiguousarray(node.data).view(np.uint8).data if node.data.size else b"")
    return state.hexdigest()


def _type(dtype: np.dtype[Any]) -> str:
    if dtype.names is None:
        return dtype.str
    return ",".join(f"{name}:{dtype[name].str}" for name in dtype.names)
