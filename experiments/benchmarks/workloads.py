"""The networks that are timed, what they are compared with, and how much faster snnrun has to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
BRUNEL = HERE.parent / "brunel_2000" / "ai.yaml"
MICROCIRCUIT = HERE.parent / "potjans_diesmann_2014" / "microcircuit.yaml"
MOUSE_CORTEX = HERE.parent / "mouse_cortex" / "mouse_cortex.yaml"
_PARTS = {"build": "build", "simulate": "simulation", "both": "both"}


@dataclass(frozen=True)
class Bar:
    """How many times as fast snnrun has to be: in building, in simulating, in both together."""

    build: float | None = None
    simulate: float | None = None
    both: float | None = None

    def text(self, reached: Mapping[str, float]) -> str:
        """The bars, and whether the ratios that were reached are above them."""
        wanted = {part: getattr(self, part) for part in ("build", "simulate", "both")}
        return ", ".join(
            f"{_PARTS[part]} ≥ {bar:g}: {'reached' if reached[part] >= bar else '**missed**'}"
            for part, bar in wanted.items()
            if bar is not None
        )


@dataclass(frozen=True)
class Workload:
    """One network that several programs simulate.

    Parameters
    ----------
    seconds, warmup
        Simulated time, and the beginning of it in which rates are not measured.
    brian, nest
        Name of the script among the rivals that simulates the same; empty for none.
    threads
        Of NEST and of snnrun; Brian has one.
    parameters
        Values of parameters of the file.
    """

    name: str
    file: Path
    seconds: float
    warmup: float
    brian: str = ""
    brian_bar: Bar = Bar()
    nest: str = ""
    nest_bar: Bar = Bar()
    threads: int = 1
    parameters: tuple[tuple[str, float], ...] = ()

    def with_parameters(self, **parameters: float) -> Workload:
        """The same with other values of parameters of the file, which its script among the rivals takes, too."""
        return replace(self, parameters=tuple(parameters.items()))


MICROCIRCUIT_TENTH = Workload(
    "Potjans–Diesmann, scale 0.1",
    MICROCIRCUIT,
    seconds=1,
    warmup=0.5,
    nest="nest_microcircuit",
    nest_bar=Bar(build=5, simulate=5),
    threads=2,
    parameters=(("scale", 0.1),),
)
VOGELS_ABBOTT = HERE.parent / "vogels_abbott_2005"
WORKLOADS = (
    Workload(
        "Brunel C",
        BRUNEL,
        seconds=1,
        warmup=0.2,
        brian="brian_brunel",
        brian_bar=Bar(simulate=6),
        nest="nest_brunel",
        nest_bar=Bar(both=30),
    ),
    Workload("COBAHH", HERE / "cobahh.yaml", seconds=1, warmup=0.2, brian="brian_cobahh", brian_bar=Bar(simulate=5)),
    Workload("CUBA", VOGELS_ABBOTT / "cuba.yaml", seconds=10, warmup=1, brian="brian_cuba", brian_bar=Bar(simulate=3)),
    Workload("COBA", VOGELS_ABBOTT / "coba.yaml", seconds=10, warmup=1, brian="brian_coba", brian_bar=Bar(simulate=3)),
    Workload(
        "Song, STDP of 1 000 synapses",
        HERE.parent / "song_2000" / "song_2000.yaml",
        seconds=100,
        warmup=50,
        brian="brian_song",
        brian_bar=Bar(simulate=3),
    ),
    Workload(
        "STDP in a recurrent network",
        HERE / "stdp.yaml",
        seconds=1,
        warmup=0.2,
        brian="brian_stdp",
        brian_bar=Bar(simulate=3),
    ),
    Workload(
        "delays and weights of each synapse",
        HERE / "distributed.yaml",
        seconds=1,
        warmup=0.2,
        brian="brian_distributed",
        brian_bar=Bar(simulate=6),
    ),
    MICROCIRCUIT_TENTH,
)
LARGE = replace(MICROCIRCUIT_TENTH, name="Potjans–Diesmann, full scale", parameters=(("scale", 1),))
SCALING = Workload("a network of any size", HERE / "scaling.yaml", seconds=1, warmup=0.2, brian="brian_scaling")
