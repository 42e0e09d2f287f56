"""Recordings and analyses as HDF5 files, written by us and read from anybody."""

from snnrun.results.store.analyses import read_analysis, write_analysis
from snnrun.results.store.reading import read_array
from snnrun.results.store.recordings import read_recording, write_recording
from snnrun.results.store.verification import verify

__all__ = ["read_analysis", "read_array", "read_recording", "verify", "write_analysis", "write_recording"]
