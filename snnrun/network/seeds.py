"""Independent streams of random numbers from one master seed.

Streams are named and derived by hashing, never by adding to the seed: neighbouring seeds share nothing, and a change
in one projection leaves the synapses of the others as they are.
"""

from __future__ import annotations

import hashlib

import numpy as np


def derived_seed(master: int, *names: str, bits: int = 128) -> int:
    """Seed of the stream with these names."""
    text = "\0".join([str(master), *names])
    digest = hashlib.blake2b(text.encode(), digest_size=bits // 8).digest()
    return int.from_bytes(digest, "little")


def stream(master: int, *names: str) -> np.random.Generator:
    """Random numbers for one purpose, such as ``("connectivity", "exc_to_all", "exc")``."""
    return np.random.Generator(np.random.PCG64(derived_seed(master, *names)))
