"""The fast engine against the reference, which is stock Brian: the same bits where sums are made in the same order, the
same statistics where numbers are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp, kstest

from snnrun.network.loading import loads
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate

# One population of each kind of arithmetic: exact integration, exponentials, x/(exp(x) - 1), powers, a subthreshold
# variable, a moving threshold. Currents differ from neuron to neuron, delays and weights from synapse to synapse; a
# dense projection of one weight, with several synapses between two neurons; refractory neurons that hear it.
DETERMINISTIC = """
snnrun: 1
populations:
  lif: {size: 300, neuron: {model: lif, v_rest: -70 mV, v_thresh: -50 mV, v_reset: -60 mV, tau_refrac: 2 ms}}
  hh: {size: 70, neuron: {model: traub_miles, method: exponential_euler}}
  adex: {size: 65, neuron: {model: adex}}
  izhikevich: {size: 64, neuron: {model: izhikevich}}
projections:
  dense:
    {from: lif, to: [lif, adex], synapse: {model: delta, weight: 0.05 mV, delay: 1.5 ms},
     connectivity: {rule: fixed_indegree, k: 60, multapses: true}}
  sparse:
    {from: lif, to: [lif, hh, izhikevich], synapse: {model: exponential_current, weight: "normal(1 pA, 0.2 pA)",
     tau_syn: 5 ms, delay: "uniform(0.1 ms, 4 ms)"}, connectivity: {rule: fixed_probability, p: 0.1}}
  back:
    {from: hh, to: lif, synapse: {model: exponential_conductance, weight: 0.2 nS, tau_syn: 5 ms, e_rev: 0 mV,
     delay: 0.1 ms}, connectivity: {rule: fixed_outdegree, k: 20}}
inputs:
  to_lif: {to: lif, model: constant_current, amplitude: "linspace(190 pA, 290 pA)"}
  to_hh: {to: hh, model: constant_current, amplitude: "linspace(100 pA, 900 pA)"}
  to_adex: {to: adex, model: constant_current, amplitude: "linspace(500 pA, 900 pA)"}
  to_izhikevich: {to: izhikevich, model: constant_current, amplitude: "linspace(500 pA, 3 nA)"}
simulation: {duration: 300 ms, dt: 0.1 ms}
record: {spikes: [lif, hh, adex, izhikevich],
         traces: {hh: {variables: [v, m], neurons: 3}, izhikevich: {variables: v, every: 0.5 ms}}}
"""

RANDOM = """
snnrun: 1
populations:
  exc:
    size: 200
    neuron: {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: 0 mV, v_thresh: 20 mV, v_reset: 10 mV, tau_refrac: 2 ms}
    initial: {v: "uniform(0 mV, 20 mV)"}
  noise: {size: 300, neuron: {model: poisson, rate: 12 Hz}}
  varied: {size: 300, neuron: {model: poisson, rate: "uniform(5 Hz, 30 Hz)"}}
projections:
  inhibition: {from: exc, to: exc, synapse: {model: delta, weight: -0.3 mV, delay: 1.5 ms},
               connectivity: {rule: fixed_indegree, k: 20}}
  outside: {from: noise, to: exc, synapse: {model: delta, weight: 0.2 mV, delay: 1 ms},
            connectivity: {rule: fixed_probability, p: 0.3}}
inputs:
  rain: {to: exc, model: poisson, rate: 10 Hz, n: 1000, weight: 0.1 mV}
  each: {to: exc, model: poisson, rate: "uniform(50 Hz, 150 Hz)", n: 10, weight: 0.1 mV}
  white: {to: exc, model: noise_current, kind: white, mean: 0 pA, density: 4 pA*sqrt(s)}
simulation: {duration: 400 ms, dt: 0.1 ms, trials: 40, seed: 3}
record: {spikes: [exc, noise, varied]}
"""


# Weights that are drawn, learn, are set anew halfway, and are looked at.
SINGLE = """
snnrun: 1
populations:
  a: {size: 50, neuron: {model: poisson, rate: 50 Hz}}
  b: {size: 40, neuron: {model: lif, v_rest: -70 mV, v_thresh: -50 mV, v_reset: -60 mV}}
projections:
  learning:
    {from: a, to: b, synapse: {model: delta, weight: "uniform(0.1 mV, 1 mV)", delay: "uniform(1 ms, 2 ms)",
     plasticity: {rule: stdp, w_max: 2 mV}}, connectivity: {rule: fixed_probability, p: 0.5}}
phases: {later: {start: 50 ms, set: {projections.learning.synapse.weight: "uniform(1 mV, 2 mV)"}}}
simulation: {duration: 100 ms, dt: 0.1 ms}
record: {spikes: [a, b], weights: {learning: {every: 10 ms}}, synapses: [learning]}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    def simulated(text, engine, math, threads=1, precision="double"):
        settings = {
            "simulation.engine": engine,
            "simulation.math": math,
            "simulation.weight_precision": precision,
        }
        folder = tmp_path_factory.mktemp("engines")
        return simulate(loads(text, settings=settings), folder, Listener(), threads=threads)

    return simulated


def differing(one, other):
    """What is not the same, bit for bit, in two recordings."""
    found = [
        name
        for name in one.spikes
        for part in ("ticks", "node_ids")
        if not np.array_equal(getattr(one.spikes[name], part), getattr(other.spikes[name], part))
    ]
    found += [
        f"{name} {variable}"
        for name, traces in one.traces.items()
        for variable, trace in traces.items()
        if not np.array_equal(trace.data, other.traces[name][variable].data)
    ]
    return found


@pytest.fixture(scope="module")
def strict(run):
    return run(DETERMINISTIC, "fast", "strict")


def test_all_that_is_compared_is_alive(strict):
    assert {name: len(spikes) > 100 for name, spikes in strict.spikes.items()} == dict.fromkeys(strict.spikes, True)


def test_in_strict_mathematics_the_fast_engine_gives_the_bits_of_the_reference(run, strict):
    assert differing(strict, run(DETERMINISTIC, "reference", "strict")) == []


def test_two_threads_give_the_bits_of_one(run, strict):
    assert differing(strict, run(DETERMINISTIC, "fast", "strict", threads=2)) == []


def test_in_fast_mathematics_rates_are_those_of_strict_mathematics(run, strict):
    # Last bits differ, so in the end some spikes come at other steps, but neurons do not change their rates.
    fast = run(DETERMINISTIC, "fast", "fast")
    for name, spikes in fast.spikes.items():
        assert len(spikes) == pytest.approx(len(strict.spikes[name]), rel=0.01)


@pytest.fixture(scope="module")
def fast(run):
    return run(RANDOM, "fast", "fast")


@pytest.fixture(scope="module")
def reference(run):
    return run(RANDOM, "reference", "fast")


def test_weights_of_single_precision_are_those_of_double_precision_to_seven_digits(run):
    single, double = (run(SINGLE, "fast", "fast", precision=precision) for precision in ("single", "double"))
    one, other = (recording.weights["learning/a/b"].data for recording in (single, double))
    assert one.shape == other.shape
    assert not np.array_equal(one, other)
    # Until the first spike of b, whose time may differ by then, both learn alike: seven digits, rounded at each change.
    assert one[0] == pytest.approx(other[0], rel=2**-24)
    assert one[-1] == pytest.approx(other[-1], rel=1e-4)
    assert np.all(one == one.astype(np.float32))


class TestRandomNetworks:
    """Statistics of 40 trials of the same network, under either engine's random numbers."""

    @staticmethod
    def counts(recording, name):
        return np.array([len(recording.spikes[name].of_trial(k)) for k in range(recording.trials)])

    @staticmethod
    def irregularity(recording, name):
        """Mean CV of the intervals of neurons, trial by trial."""
        found = []
        for k in range(recording.trials):
            trains = recording.spikes[name].of_trial(k)
            intervals = [np.diff(trains.ticks[trains.node_ids == neuron]) for neuron in range(50)]
            found.append(np.mean([np.std(each) / np.mean(each) for each in intervals if len(each) > 4]))
        return np.array(found)

    # A wrong engine is found with a shift of about one standard deviation of a trial: at 40 trials each, KS tells
    # such samples apart with a power above 0.99 at this level, which true samples fail once in ten thousand tests.
    LEVEL = 1e-4

    @pytest.mark.parametrize("name", ["exc", "noise", "varied"])
    def test_numbers_of_spikes_have_one_distribution(self, fast, reference, name):
        assert ks_2samp(self.counts(fast, name), self.counts(reference, name)).pvalue > self.LEVEL

    def test_irregularity_has_one_distribution(self, fast, reference):
        assert ks_2samp(self.irregularity(fast, "exc"), self.irregularity(reference, "exc")).pvalue > self.LEVEL

    def test_power_spectra_agree(self, fast, reference):
        def spectrum(recording):
            """Power of the population rate in 40 bands, averaged over trials."""
            powers = []
            for k in range(recording.trials):
                ticks = recording.spikes["exc"].of_trial(k).ticks
                counts = np.bincount(ticks // 10, minlength=400)[:400]
                powers.append(np.abs(np.fft.rfft(counts - counts.mean())[1:161]) ** 2)
            return np.mean(powers, axis=0).reshape(40, 4).mean(axis=1)

        # A band is the mean of 160 exponential numbers: its relative error is 0.08, that of a ratio 0.11; five of it.
        ratio = spectrum(fast) / spectrum(reference)
        assert np.all(np.abs(np.log(ratio)) < 5 * 0.112)

    def test_two_threads_draw_the_numbers_of_one(self, run, fast):
        assert differing(fast, run(RANDOM, "fast", "fast", threads=2)) == []

    def test_trials_differ(self, fast):
        first, second = (fast.spikes["noise"].of_trial(k).ticks for k in (0, 1))
        assert not np.array_equal(first, second)

    def test_rates_of_sources_are_those_that_were_asked_for(self, fast):
        # 300 sources at 12 Hz in 40 trials of 0.4 s: 57 600 spikes expected, Poisson.
        assert abs(self.counts(fast, "noise").sum() - 57600) < 4 * np.sqrt(57600)


# What random numbers can be used for beside the right-hand side of an equation, and names that the program uses itself.
ODD = """
snnrun: 1
populations:
  cells:
    size: 2000
    neuron:
      model: equations
      method: euler
      equations: |
        dv/dt = (2 - v)/(10*ms) : 1
        drange/dt = (1 - range)/(10*ms) : 1
        held = 3 + randn() : 1 (constant over dt)
        spread = poisson(4*rand()) : 1 (constant over dt)
      threshold: v > 1
      reset: v = rand()*0.5
simulation: {duration: 20 ms, dt: 0.1 ms}
record: {spikes: [cells], traces: {cells: {variables: [v, range, held, spread], neurons: 2000}}}
"""


@pytest.fixture(scope="module", params=[1, 2], ids=["one thread", "two threads"])
def odd(run, request):
    return run(ODD, "fast", "fast", threads=request.param)


def test_a_reset_draws_a_number_for_each_neuron(odd):
    # Spikes are told in the step of the threshold; the trace of the next step begins with what the reset has drawn.
    ticks, node_ids = odd.spikes["cells"].ticks, odd.spikes["cells"].node_ids
    before_end = ticks + 1 < odd.n_ticks
    drawn = odd.traces["cells"]["v"].data[ticks[before_end] + 1, node_ids[before_end]]
    assert len(drawn) > 2000
    assert kstest(2 * drawn, "uniform").pvalue > 1e-4


def test_what_is_constant_over_a_step_is_drawn_anew_in_each(odd):
    held = odd.traces["cells"]["held"].data[1:].ravel()
    assert kstest(held - 3, "norm").pvalue > 1e-4


def test_the_mean_of_a_poisson_number_can_be_drawn_itself(odd):
    # Mean 2; variance 2 for the Poisson number and 16/12 for its mean.
    spread = odd.traces["cells"]["spread"].data[1:].ravel()
    assert abs(spread.mean() - 2) < 5 * np.sqrt((2 + 16 / 12) / len(spread))
    assert spread.var() == pytest.approx(2 + 16 / 12, rel=0.02)


def test_a_variable_may_be_called_as_what_the_program_uses(odd):
    steps = np.arange(odd.n_ticks)
    assert odd.traces["cells"]["range"].data[:, 7] == pytest.approx(1 - 0.99**steps, abs=1e-12)
