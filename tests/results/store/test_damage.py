"""Damage is noticed: whatever happens to the bytes of a file, it is refused or it reads as before."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from snnrun.errors import ResultsError
from snnrun.results.recording import Recording
from snnrun.results.store import read_recording, verify
from snnrun.results.store.recording_to_tree import recording_to_tree
from snnrun.results.store.tree import digest, walk


def digests(recording: Recording) -> dict[str, str]:
    return {path: digest(node) for path, node in walk(recording_to_tree(recording))}


@pytest.mark.parametrize("tenths", range(10))
def test_a_truncated_file_is_refused(written: Path, tenths: int) -> None:
    content = written.read_bytes()
    written.write_bytes(content[: len(content) * tenths // 10])
    with pytest.raises(ResultsError, match=str(written)):
        read_recording(written)


def test_a_file_without_its_last_byte_is_refused(written: Path) -> None:
    written.write_bytes(written.read_bytes()[:-1])
    with pytest.raises(ResultsError, match="damaged or incomplete"):
        verify(written)


def test_no_flipped_byte_changes_what_is_read(recording: Recording, written: Path) -> None:
    content, before = written.read_bytes(), digests(recording)
    where = random.Random(0)
    refused = 0
    for _ in range(400):
        damaged = bytearray(content)
        damaged[where.randrange(len(content))] ^= where.choice([1, 2, 4, 8, 16, 32, 64, 128, 255])
        written.write_bytes(damaged)
        try:
            found = read_recording(written)
        except ResultsError:
            refused += 1
        else:
            assert digests(found) == before
    # Some bytes of a file mean nothing (room for more names and chunks), but most do.
    assert refused > 100


def test_flips_in_what_describes_the_data_are_found_too(recording: Recording, written: Path) -> None:
    content, before = written.read_bytes(), digests(recording)
    for word in (b"node_ids", b"seed", b"0f3a", b"complete", b"excitatory", b"by_time", b"Asynchron", b"units"):
        position = content.find(word)
        assert position > 0
        damaged = bytearray(content)
        damaged[position] ^= 1
        written.write_bytes(damaged)
        with pytest.raises(ResultsError):
            read_recording(written)
    written.write_bytes(content)
    assert digests(read_recording(written)) == before


WRITER = """
import sys
from pathlib import Path
import numpy as np
from snnrun.results.recording import Population, Recording, SpikeTrains
from snnrun.results.store import write_recording
ticks = np.arange(200_000)
spikes = SpikeTrains(ticks, np.zeros(len(ticks), np.int32), 1, 1e-4, 0, len(ticks))
print("ready", flush=True)
for seed in range(1_000_000):
    recording = Recording("a", "", seed, 1e-4, len(ticks), 0, {"exc": Population(1)}, {"exc": spikes})
    write_recording(recording, Path(sys.argv[1]))
"""


def test_a_killed_writer_leaves_a_whole_recording_or_none(path: Path) -> None:
    moments = random.Random(1)
    seen = 0
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.1))
            writer.kill()
        if path.exists():
            verify(path)
            seen += 1
    assert seen
