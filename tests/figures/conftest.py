"""Recordings made by hand, whose look in a figure is known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page
from numpy.typing import NDArray

from snnrun.connectivity.base import Ends, Neurons
from snnrun.connectivity.patchy import Patchy
from snnrun.figures.base import Figure
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Population, Recording, SpikeTrains, SynapseTable, Trace, WeightHistory
from snnrun.space import Space
from snnrun.units import DIMENSIONLESS, Quantity, quantity

DT = 0.1e-3

Raster = tuple[NDArray[np.float64], NDArray[np.int64]]
"""Spike times in seconds, and the neuron of each."""


def recording(
    rasters: Mapping[str, Raster],
    sizes: Mapping[str, int],
    types: Mapping[str, str],
    *,
    duration: float = 1.0,
    warmup: float = 0.1,
    traces: Mapping[str, Mapping[str, Trace]] | None = None,
    v_thresh: float = float("nan"),
    experiment: Mapping[str, Any] | None = None,
    weights: Mapping[str, WeightHistory] | None = None,
    phases: Mapping[str, int] | None = None,
) -> Recording:
    """A recording of all neurons from spike times in seconds."""
    n_ticks = round(duration / DT)
    spikes = {}
    for name, (times, node_ids) in rasters.items():
        ticks = np.round(times / DT).astype(np.int64)
        order = np.lexsort((node_ids, ticks))
        spikes[name] = SpikeTrains(ticks[order], node_ids[order], sizes[name], DT, 0, n_ticks)
    populations = {
        name: Population(size, types.get(name, ""), len(spikes[name]) if name in spikes else 0, v_thresh)
        for name, size in sizes.items()
    }
    return Recording(
        "0" * 12,
        "A title of the length that titles have (Author et al. 2000)",
        1,
        DT,
        n_ticks,
        round(warmup / DT),
        populations,
        spikes,
        traces or {},
        spec_resolved=experiment or {},
        phases=phases or {},
        weights=weights or {},
    )


def poisson_raster(size: int, rate: float, duration: float, seed: int) -> Raster:
    """Independent Poisson neurons."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(size * rate * duration)
    return rng.uniform(0, duration, count), rng.integers(0, size, count)


def poisson_network(duration: float = 1.0) -> Recording:
    """Excitatory and inhibitory Poisson neurons: asynchronous, irregular."""
    sizes = {"exc": 400, "inh": 100}
    rasters = {
        "exc": poisson_raster(400, 20, duration, 1),
        "inh": poisson_raster(100, 40, duration, 2),
    }
    return recording(rasters, sizes, {"exc": "excitatory", "inh": "inhibitory"}, duration=duration)


def synchronous_regular() -> Recording:
    """All neurons fire at 40 Hz, together up to a millisecond."""
    rng = np.random.default_rng(3)
    beats = np.arange(0.012, 1.0, 0.025)
    rasters = {}
    sizes = {"exc": 80, "inh": 20}
    for name, size in sizes.items():
        times = np.repeat(beats, size) + rng.normal(0, 0.5e-3, len(beats) * size)
        rasters[name] = (np.clip(times, 0, 1 - DT), np.tile(np.arange(size), len(beats)))
    return recording(rasters, sizes, {"exc": "excitatory", "inh": "inhibitory"})


def silent() -> Recording:
    """Two populations without a single spike."""
    nothing = (np.empty(0), np.empty(0, dtype=np.int64))
    return recording(
        {"exc": nothing, "inh": nothing}, {"exc": 80, "inh": 20}, {"exc": "excitatory", "inh": "inhibitory"}
    )


def one_spike() -> Recording:
    """A single neuron with a single spike."""
    return recording({"cell": (np.array([0.7]), np.array([0]))}, {"cell": 1}, {})


def one_neuron() -> Recording:
    """A leaky integrate-and-fire neuron in constant current, by its closed-form solution, with its potential."""
    tau, threshold, drive, duration = 20e-3, 20e-3, 24e-3, 1.0
    time = np.arange(round(duration / DT)) * DT
    period = tau * np.log(drive / (drive - threshold))
    potential = drive * (1 - np.exp(-(time % period) / tau))
    spike_times = np.arange(1, int(duration / period) + 1) * period
    trace = Trace(potential[:, None], np.array([0]), time, "V")
    return recording(
        {"cell": (spike_times, np.zeros(len(spike_times), dtype=np.int64))},
        {"cell": 1},
        {},
        traces={"cell": {"v": trace}},
        v_thresh=threshold,
    )


def eight_populations() -> Recording:
    """The layers of a cortical column, of very different sizes, one with a name longer than any axis has room for."""
    names = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "layer_6_excitatory_corticothalamic_neurons", "L6I"]
    sizes = dict(zip(names, [2068, 583, 2191, 547, 485, 106, 1439, 294], strict=True))
    rates = [0.9, 3.0, 4.4, 5.9, 7.6, 8.6, 1.1, 7.8]
    types = {name: "excitatory" if index % 2 == 0 else "inhibitory" for index, name in enumerate(names)}
    rasters = {
        name: poisson_raster(sizes[name], rate, 1.0, index)
        for index, (name, rate) in enumerate(zip(names, rates, strict=True))
    }
    return recording(rasters, sizes, types)


def current_ramp() -> Recording:
    """Integrate-and-fire neurons in one current each, by their closed-form solution."""
    tau, threshold, refractory, n, duration = 10e-3, 10e-3, 5e-3, 26, 2.0
    drives = np.linspace(0, 25e-3, n)
    times: list[float] = []
    node_ids: list[int] = []
    for node, drive in enumerate(drives):
        if drive > threshold:
            period = refractory + tau * np.log(drive / (drive - threshold))
            own = np.arange(period, duration - DT, period)
            times += own.tolist()
            node_ids += [node] * len(own)
    neuron = {"model": "lif", "tau_m": "0.01 s", "r_m": "1e8 ohm", "v_rest": "0 V", "v_thresh": "0.01 V"}
    neuron |= {"v_reset": "0 V", "tau_refrac": "0.005 s", "method": "auto"}
    return recording(
        {"cell": (np.array(times), np.array(node_ids))},
        {"cell": n},
        {},
        duration=duration,
        experiment={
            "populations": {"cell": {"size": n, "neuron": neuron}},
            "inputs": {"ramp": {"to": ["cell"], "model": "constant_current", "amplitude": "linspace(0 A, 2.5e-10 A)"}},
        },
    )


def inhibited_cells() -> Recording:
    """Integrate-and-fire neurons that inhibit each other, said to fire at 20 Hz."""
    neuron = {"model": "lif", "tau_m": "0.02 s", "v_rest": "0 V", "v_thresh": "0.02 V", "v_reset": "0.01 V"}
    return recording(
        {"cell": poisson_raster(200, 20, 1.0, 6)},
        {"cell": 200},
        {"cell": "inhibitory"},
        experiment={
            "populations": {"cell": {"size": 200, "neuron": neuron}},
            "projections": {
                "inhibition": {
                    "from": "cell",
                    "to": ["cell"],
                    "synapse": {"model": "delta", "weight": "-0.0005 V", "delay": "0.001 s"},
                    "connectivity": {"rule": "fixed_indegree", "k": 40},
                }
            },
            "inputs": {"drive": {"to": ["cell"], "model": "poisson", "rate": "10 Hz", "n": 260, "weight": "0.0005 V"}},
        },
    )


def fitzhugh_nagumo() -> Recording:
    """FitzHugh and Nagumo's neuron, a limit cycle in two variables, integrated here by Euler's method."""
    n_ticks = 5000
    course = np.empty((n_ticks, 2))
    v, w = -1.0, 0.0
    for tick in range(n_ticks):
        course[tick] = v, w
        slopes = v - v**3 / 3 - w + 0.5, 0.08 * (v + 0.7 - 0.8 * w)
        v, w = v + 0.1 * slopes[0], w + 0.1 * slopes[1]
    time = np.arange(n_ticks) * DT
    upwards = np.flatnonzero((course[:-1, 0] < 1) & (course[1:, 0] >= 1))
    neuron = {
        "model": "equations",
        "equations": "dv/dt = (v - v**3/3 - w + I_total/nA)/ms : 1\ndw/dt = 0.08*(v + 0.7 - 0.8*w)/ms : 1",
        "threshold": "v > 1",
        "refractory": "v > 1",
    }
    return recording(
        {"cell": (time[upwards], np.zeros(len(upwards), dtype=np.int64))},
        {"cell": 1},
        {},
        duration=n_ticks * DT,
        traces={
            "cell": {name: Trace(course[:, [k]], np.array([0]), time, "1") for k, name in enumerate(("v", "w"))},
        },
        experiment={
            "populations": {"cell": {"size": 1, "neuron": neuron}},
            "inputs": {"drive": {"to": ["cell"], "model": "constant_current", "amplitude": "5e-10 A"}},
        },
    )


def balanced_currents() -> Recording:
    """A neuron whose inhibition is its excitation of 4 ms before, and as strong: tight balance."""
    n_ticks, late = 10_000, 40
    rng = np.random.default_rng(4)
    fluctuation = np.convolve(rng.normal(size=n_ticks + 1000), np.exp(-np.arange(500) / 100), mode="same")[:n_ticks]
    excitation = 1e-9 + 1e-11 * fluctuation
    time = np.arange(n_ticks) * DT
    currents = {"I_ampa": excitation, "I_gaba": -np.roll(excitation, late)}
    currents["I_total"] = currents["I_ampa"] + currents["I_gaba"]
    rasters = {"cell": (np.array([0.3, 0.6]), np.array([0, 0]))}
    traces = {name: Trace(data[:, None], np.array([0]), time, "A") for name, data in currents.items()}
    return recording(rasters, {"cell": 1}, {}, traces={"cell": traces})


def learning() -> Recording:
    """Synapses that stay at 0.2 nS for 0.4 s; then half of them go to 0 and half to 1 nS, and the target slows down."""
    time = np.arange(11) / 10
    progress = np.clip((time - 0.4) / 0.6, 0, 1)[:, None]
    goal = np.repeat([0.0, 1e-9], 50)
    history = WeightHistory(
        time, np.arange(100), np.zeros(100, dtype=np.int64), 0.2e-9 + progress * (goal - 0.2e-9), "S"
    )
    beats = np.concatenate([np.arange(0.0005, 0.4, 0.001), np.arange(0.41, 1, 0.02)])
    return recording(
        {"cell": (beats, np.zeros(len(beats), dtype=np.int64))},
        {"source": 100, "cell": 1},
        {"source": "excitatory"},
        weights={"learned/source/cell": history},
        phases={"plastic": round(0.4 / DT)},
    )


def in_trials() -> Recording:
    """A neuron under a constant and one under a frozen current, 20 trials of each; the second repeats its times.

    The first spikes at times of its own in each trial, 20 times in 1 s. The second spikes in each trial within 0.2 ms
    of 10 times; in the first trial twice more, elsewhere.
    """
    n_trials, rng = 20, np.random.default_rng(5)
    moments = np.arange(10) * 0.08 + 0.15
    rasters = {}
    for name in ("constant", "frozen"):
        times = [np.sort(rng.uniform(0, 1 - DT, 20)) for _ in range(n_trials)]
        if name == "frozen":
            times = [moments + rng.integers(-2, 3, 10) * DT for _ in range(n_trials)]
            times[0] = np.sort(np.append(times[0], [0.11, 0.97]))
        rasters[name] = times
    time = np.arange(0, 1, 1e-3)
    course = Trace(
        np.tile(np.arange(n_trials) * 1e-3, (len(time), 1)),
        np.zeros(n_trials, dtype=int),
        time,
        "V",
        np.arange(n_trials),
    )
    made = recording(
        {name: (np.empty(0), np.empty(0, dtype=np.int64)) for name in rasters},
        dict.fromkeys(rasters, 1),
        {},
        traces={name: {"v": course} for name in rasters},
        experiment={
            "inputs": {
                "step": {"to": ["constant"], "model": "constant_current", "amplitude": "2e-10 A"},
                "noise": {
                    "to": ["frozen"],
                    "model": "noise_current",
                    "frozen": True,
                    "sd": "1e-10 A",
                    "tau": "0.005 s",
                },
            }
        },
    )
    spikes = {
        name: replace(
            made.spikes[name],
            ticks=np.round(np.concatenate(times) / DT).astype(np.int64),
            node_ids=np.zeros(sum(map(len, times)), dtype=np.int64),
            trial=np.repeat(np.arange(n_trials), [len(each) for each in times]),
        )
        for name, times in rasters.items()
    }
    waveform = 2e-10 + 1e-10 * np.sin(np.arange(made.n_ticks) / 50)
    return replace(made, spikes=spikes, inputs={"noise": waveform}, trials=n_trials)


def random_synapses() -> Recording:
    """Excitatory and inhibitory Poisson neurons, each pair of which is connected with probability 0.2."""
    rng = np.random.default_rng(5)
    sizes = {"exc": 80, "inh": 20}
    types = {"exc": "excitatory", "inh": "inhibitory"}
    rasters = {name: poisson_raster(size, 20, 1.0, index) for index, (name, size) in enumerate(sizes.items())}
    rule = {"rule": "fixed_probability", "p": 0.2, "autapses": True}
    tables, projections = {}, {}
    for source, weight in (("exc", 1e-3), ("inh", -5e-3)):
        projections[f"from_{source}"] = {"from": source, "to": list(sizes), "connectivity": rule}
        for target, n_target in sizes.items():
            source_ids, target_ids = np.nonzero(rng.random((sizes[source], n_target)) < 0.2)
            tables[f"from_{source}/{source}/{target}"] = SynapseTable(
                source, target, source_ids, target_ids, np.array([weight]), np.array([1.5e-3]), "V"
            )
    made = recording(rasters, sizes, types, experiment={"projections": projections})
    return replace(made, synapses=tables)


def held_cells() -> Recording:
    """Five cells at different potentials; a spike moves them by a hundredth of their way to a reversal potential."""
    held, arrivals = np.linspace(-90e-3, 30e-3, 5), {"e": (0.2, 0.0), "i": (0.6, -80e-3)}
    time = np.arange(10_000) * DT
    potential = np.tile(held, (len(time), 1))
    for arrival, reversal in arrivals.values():
        # The value of a step is that at its beginning, before the spikes that arrive in it.
        since = np.maximum(time - arrival, 0)[:, np.newaxis]
        potential += np.where(time[:, np.newaxis] > arrival + DT / 2, np.exp(-since / 10e-3), 0) * (
            (reversal - held) * 0.01
        )
    projections = {
        name: {
            "from": name,
            "to": ["held"],
            "synapse": {
                "model": "exponential_conductance",
                "weight": "1e-9 S",
                "e_rev": f"{reversal} V",
                "delay": "0.001 s",
            },
        }
        for name, (_, reversal) in arrivals.items()
    }
    return recording(
        {name: (np.array([arrival - 1e-3]), np.array([0])) for name, (arrival, _) in arrivals.items()},
        {"e": 1, "i": 1, "held": 5},
        {"e": "excitatory", "i": "inhibitory"},
        traces={"held": {"v": Trace(potential, np.arange(5), time, "V")}},
        experiment={"projections": projections},
    )


def patches() -> Recording:
    """Neurons on a torus of 1.5 mm: 900 Poisson neurons, those on the left half at 40 Hz; patchy synapses."""
    side, extent = 30, (1.5e-3, 1.5e-3)
    along = (np.arange(side) + 0.5) / side * extent[0]
    places = np.stack(np.meshgrid(along, along, indexing="ij"), axis=-1).reshape(-1, 2)
    sheet = Neurons(places, Space(extent, periodic=True))
    rule = Patchy(p_max=Quantity(0.3, DIMENSIONLESS), width=quantity("1 mm"), kappa=Quantity(3.0, DIMENSIONLESS))
    found = rule.connect(Ends(900, 900, True, sheet, sheet), np.random.default_rng(0))
    table = SynapseTable("exc", "exc", found.source_ids, found.target_ids, np.array([1e-4]), np.array([1e-3]), "V")
    written, rng = rule.model_dump(mode="json"), np.random.default_rng(6)
    left = np.flatnonzero(places[:, 0] < extent[0] / 2)
    count = rng.poisson(40 * len(left))
    made = recording(
        {"exc": (rng.uniform(0, 1 - DT, count), rng.choice(left, count))},
        {"exc": 900},
        {"exc": "excitatory"},
        experiment={"projections": {"long": {"from": "exc", "to": ["exc"], "connectivity": written}}},
    )
    population = replace(made.populations["exc"], positions=places, extent=extent, periodic=True)
    return replace(made, populations={"exc": population}, synapses={"long/exc/exc": table})


def nothing_recorded() -> Recording:
    """A network of which no spikes were recorded."""
    return recording({}, {"exc": 80}, {"exc": "excitatory"})


RECORDINGS = {
    maker.__name__: maker
    for maker in (
        poisson_network,
        synchronous_regular,
        silent,
        one_spike,
        one_neuron,
        eight_populations,
        current_ramp,
        fitzhugh_nagumo,
        balanced_currents,
        learning,
        in_trials,
        random_synapses,
        held_cells,
        patches,
        inhibited_cells,
        nothing_recorded,
    )
}


@cache
def observed(name: str) -> Observation:
    return Observation(RECORDINGS[name]())


@pytest.fixture(params=RECORDINGS)
def observation(request: pytest.FixtureRequest) -> Observation:
    """Each of the recordings."""
    return observed(request.param)


@pytest.fixture
def observation_of() -> Callable[[str], Observation]:
    """One of the recordings by name."""
    return observed


@pytest.fixture
def draw() -> Callable[[Figure, Observation], dict[str, Axes]]:
    """Draw an entry on fresh axes, without the page around it."""

    def draw_on_fresh_axes(figure: Figure, observation: Observation) -> dict[str, Axes]:
        axes = Page().subplot_mosaic(figure.panels(observation))
        figure.draw(axes, observation)
        return axes

    return draw_on_fresh_axes


@pytest.fixture
def make_recording() -> Callable[..., Recording]:
    return recording
