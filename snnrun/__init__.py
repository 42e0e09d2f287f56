"""snnrun: spiking-network experiments from one YAML file.

From Python::

    import snnrun

    experiment = snnrun.load("experiments/brunel_2000/ai.yaml", parameters={"g": 4.5})
    results = snnrun.run(experiment)
    results.analysis.measurements["exc"]["mean_rate"].value

    sweep = snnrun.open_sweep("results/plane/sweep")
    sweep.table.column("exc.mean_rate").data
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from snnrun.network.loading import load, loads
    from snnrun.results.results import Results, open_results
    from snnrun.sweep.tell.opened import Sweep, open_sweep
    from snnrun.workflow import run

__version__ = "0.1.0"

__all__ = ["Results", "Sweep", "__version__", "load", "loads", "open_results", "open_sweep", "run"]

_HOME = {
    "Results": "snnrun.results.results",
    "Sweep": "snnrun.sweep.tell.opened",
    "load": "snnrun.network.loading",
    "loads": "snnrun.network.loading",
    "open_results": "snnrun.results.results",
    "open_sweep": "snnrun.sweep.tell.opened",
    "run": "snnrun.workflow",
}


def __getattr__(name: str) -> Any:
    # Resolved when first used: `snnrun --help` must not wait for what it does not need.
    from importlib import import_module

    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'snnrun' has no attribute {name!r}")
