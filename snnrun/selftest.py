"""Whether snnrun works on this machine: what it needs is there, and a tiny network behaves as theory says."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from snnrun.errors import SnnrunError
from snnrun.network.loading import loads
from snnrun.simulation.build_cache import cached_builds
from snnrun.simulation.cache_folder import CACHE_VARIABLE, cache_folder
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.listener import Listener
from snnrun.simulation.processor import best_arch, model
from snnrun.simulation.resources import free_disk, free_memory, processors
from snnrun.simulation.simulate import simulate

_PACKAGES: Final = ("brian2", "numpy", "scipy", "h5py", "matplotlib", "pydantic", "pyyaml", "typer")

# A leaky integrate-and-fire neuron under constant current. From the reset V_r it reaches the threshold θ after
# τ ln((RI - V_r) / (RI - θ)) = 20 ms · ln 3 = 21.97 ms, on the grid of 0.1 ms after 220 steps. The step in which the
# refractory time of 2 ms ends integrates already: 220 + 20 - 1 steps from spike to spike.
_NETWORK: Final = """
snnrun: 1
populations:
  cell:
    size: 1
    neuron: {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: 0 mV, v_thresh: 20 mV, v_reset: 10 mV, tau_refrac: 2 ms}
inputs:
  current: {model: constant_current, to: cell, amplitude: 250 pA}
simulation: {duration: 200 ms, dt: 0.1 ms}
"""
_INTERVAL_TICKS: Final = 239


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    ok
        Whether it is as it must be.
    advice
        What to do when it is not.
    """

    what: str
    found: str
    ok: bool = True
    advice: str = ""


def examine(listener: Listener) -> Iterator[Finding]:
    """Everything that snnrun needs, one thing after the other; the last one simulates."""
    yield Finding("python", platform.python_version())
    for package in _PACKAGES:
        yield _package(package)
    yield _attempt("compiler", lambda: find_compiler().version)
    yield Finding("processor", f"{model()}; arch: {best_arch()}")
    yield Finding("threads", f"1 to {processors()}")
    yield _cache()
    memory = free_memory()
    yield Finding("free memory", "unknown" if memory is None else f"{memory / 1e9:.3g} GB")
    yield Finding("free disk here", f"{free_disk(Path.cwd()) / 1e9:.3g} GB")
    yield _attempt("simulation", lambda: _simulated(listener))


def _package(name: str) -> Finding:
    try:
        return Finding(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "missing", False, f"Install it: python -m pip install {name}")


def _cache() -> Finding:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        advice = f"Name a folder that you may write to: {CACHE_VARIABLE}=/path/to/folder"
        return Finding("cache", f"{folder} cannot be written: {error.strerror}", False, advice)
    builds = cached_builds()
    return Finding("cache", f"{folder}: {len(builds)} programs, {sum(build.size for build in builds) / 1e6:.3g} MB")


def _attempt(what: str, action: Callable[[], str]) -> Finding:
    try:
        return Finding(what, action())
    except SnnrunError as error:
        message, _, advice = str(error).partition("\n")
        return Finding(what, message, False, advice)


def _simulated(listener: Listener) -> str:
    """Build, run and compare; with a cache of its own, so that the compiler is tried too."""
    with tempfile.TemporaryDirectory(prefix="snnrun-doctor-") as folder, _cache_in(Path(folder) / "cache"):
        recording = simulate(loads(_NETWORK), Path(folder), listener)
    intervals = np.diff(recording.spikes["cell"].ticks)
    if len(intervals) < 5 or np.any(intervals != _INTERVAL_TICKS):
        found = ", ".join(f"{ticks * 0.1:.1f}" for ticks in np.unique(intervals))
        raise SnnrunError(
            f"a neuron that must fire every 23.9 ms has intervals of {found or 'no'} ms\n"
            "The compiler or Brian 2 gives wrong results here: try another version of either."
        )
    return "a neuron compiled and simulated; its intervals of 23.9 ms are those of theory"


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    before = os.environ.get(CACHE_VARIABLE)
    os.environ[CACHE_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[CACHE_VARIABLE]
        else:
            os.environ[CACHE_VARIABLE] = before
