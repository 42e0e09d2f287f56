"""Output is read only when all of it is there."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.errors import SimulationError
from snnrun.simulation.output_files import read_output


@pytest.fixture
def output(tmp_path):
    np.arange(3).tofile(tmp_path / "spikes.exc.tick")
    np.arange(3, dtype=np.int32).tofile(tmp_path / "spikes.exc.i")
    (tmp_path / "contents").write_text("spikes.exc.tick q 3\nspikes.exc.i i 3\n")
    return tmp_path


def test_arrays_by_name(output):
    arrays = read_output(output)
    assert arrays["spikes.exc.tick"].tolist() == [0, 1, 2]
    assert arrays["spikes.exc.i"].dtype == np.int32


def test_without_contents_nothing_counts(output):
    (output / "contents").unlink()
    with pytest.raises(SimulationError, match="without complete output"):
        read_output(output)


@pytest.mark.parametrize("size", [0, 8, 23, 25, 32])
def test_a_file_of_another_size_is_refused(output, size):
    (output / "spikes.exc.tick").write_bytes(bytes(size))
    with pytest.raises(SimulationError, match=f"spikes.exc.tick has {size} bytes instead of 24"):
        read_output(output)


def test_a_file_that_is_missing_is_refused(output):
    (output / "spikes.exc.i").unlink()
    with pytest.raises(SimulationError, match=r"spikes.exc.i has 0 bytes instead of 12"):
        read_output(output)
