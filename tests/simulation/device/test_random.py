"""Random numbers of the fast engine: the generator of Salmon et al. and the distributions made of it.

Bounds are five standard errors or tail probabilities of 1e-6; seeds are fixed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import snnrun.simulation.device
from snnrun.network.blueprint import Blueprint
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.flags import flags_for
from snnrun.simulation.processor import is_x86_64

_RUNTIME = Path(snnrun.simulation.device.__file__).parent / "runtime"
_RARE = 1e-6

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Driver:
    program: Path

    def words(self, counter: tuple[int, ...], key: tuple[int, ...]) -> list[int]:
        return [int(word) for word in self._ask("words", *counter, *key)]

    def rounding(self, mean: float) -> float:
        return float(self._ask("rounding", mean)[0])

    def draw(
        self,
        kind: str,
        parameter: float = 0,
        *,
        n: int = 1000,
        first: int = 0,
        tick: int = 0,
        n_ticks: int = 1,
        seed: int = 1,
        stream: int = 0,
        change: float = 0,
    ) -> Numbers:
        """Numbers of the neurons first … n - 1, a row for each time step."""
        numbers = self._ask(kind, seed, stream, parameter, change, tick, n_ticks, first, n)
        return numbers.reshape(n_ticks, n - first)

    def _ask(self, *request: object) -> Numbers:
        line = " ".join(str(word) for word in request)
        said = subprocess.run([self.program], input=line.encode(), capture_output=True, timeout=60, check=True).stdout
        return np.frombuffer(said)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Driver]:
    folder = tmp_path_factory.mktemp("random")
    sources = [str(Path(__file__).parent / "random_numbers.cpp"), str(_RUNTIME / "random.cpp")]

    def build(math: str, arch: str, *more_flags: str) -> Driver:
        program = folder / f"{math}-{arch}-{len(more_flags)}"
        flags = flags_for(cast(Blueprint, SimpleNamespace(engine="fast", math=math, arch=arch)))
        command = [find_compiler().path, *flags, *more_flags, f"-I{_RUNTIME}", *sources, "-o", str(program)]
        subprocess.run(command, check=True)
        return Driver(program)

    return build


@pytest.fixture(scope="module")
def fast(build: Callable[..., Driver]) -> Driver:
    return build("fast", "native")


@pytest.fixture(scope="module")
def strict(build: Callable[..., Driver]) -> Driver:
    return build("strict", "x86-64-v2" if is_x86_64() else "native")


@pytest.fixture(scope="module")
def plain(build: Callable[..., Driver]) -> Driver:
    """Without any instruction that belongs to one kind of processor."""
    return build("strict", "native", "-U__SSE2__", "-U__AVX2__", "-U__AVX512F__")


# kat_vectors of Random123, https://github.com/DEShawResearch/random123: philox4x32, ten rounds.
@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
@pytest.mark.parametrize("mode", ["fast", "strict", "plain"])
def test_words_are_those_its_authors_publish(
    mode: str, counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...], request: pytest.FixtureRequest
) -> None:
    driver: Driver = request.getfixturevalue(mode)
    assert driver.words(counter, key) == list(words)


_KINDS = [
    ("uniform", 0),
    ("normal", 0),
    ("poisson", 2),
    ("poisson", 1000),
    ("poisson_each", 2),
    ("poisson_each", 100),
    ("sparse", 0.002),
    ("sparse", 0.05),
    ("sparse", 0.5),
]


@pytest.mark.parametrize(("kind", "parameter"), _KINDS)
def test_numbers_do_not_depend_on_how_neurons_are_split(fast: Driver, kind: str, parameter: float) -> None:
    whole = fast.draw(kind, parameter, n=5000, n_ticks=5)
    for first, end in [(0, 256), (256, 1000), (1024, 1025), (2304, 4999), (4864, 5000)]:
        part = fast.draw(kind, parameter, first=first, n=end, n_ticks=5)
        np.testing.assert_array_equal(part, whole[:, first:end])


@pytest.mark.parametrize(("kind", "parameter"), _KINDS)
def test_numbers_are_the_same_in_fast_and_strict_mathematics(
    fast: Driver, strict: Driver, kind: str, parameter: float
) -> None:
    numbers = fast.draw(kind, parameter, n=5000, n_ticks=5)
    others = strict.draw(kind, parameter, n=5000, n_ticks=5)
    if kind == "normal":
        np.testing.assert_allclose(numbers, others, atol=1e-14)
    else:
        np.testing.assert_array_equal(numbers, others)


@pytest.mark.parametrize(("kind", "parameter"), _KINDS)
def test_numbers_are_the_same_on_all_processors(strict: Driver, plain: Driver, kind: str, parameter: float) -> None:
    numbers = strict.draw(kind, parameter, n=5000, n_ticks=5)
    np.testing.assert_array_equal(plain.draw(kind, parameter, n=5000, n_ticks=5), numbers)


@pytest.mark.parametrize(("kind", "parameter"), [("uniform", 0), ("normal", 0), ("poisson", 2), ("poisson_each", 50)])
@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"seed": 1 + 2**32},
        {"stream": 1},
        {"tick": 1},
        {"tick": 2**32},
        {"tick": -1},
    ],
)
def test_seeds_streams_and_time_steps_are_independent(
    fast: Driver, kind: str, parameter: float, other: dict[str, int]
) -> None:
    n = 200_000
    a, b = fast.draw(kind, parameter, n=n)[0], fast.draw(kind, parameter, n=n, **other)[0]
    assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(n)
    if kind in {"uniform", "normal"}:
        assert not np.intersect1d(a, b).size


@pytest.mark.parametrize(("kind", "parameter"), [("uniform", 0), ("normal", 0), ("poisson", 2), ("poisson_each", 50)])
def test_neurons_and_time_steps_are_uncorrelated(fast: Driver, kind: str, parameter: float) -> None:
    numbers = _standardized(fast.draw(kind, parameter, n=1000, n_ticks=1000))
    for signal in [numbers, _standardized(numbers**2)]:
        for one in [signal, signal.T]:
            lags = np.arange(1, 600)
            bound = 5 / np.sqrt(len(one) * (one.shape[1] - lags))
            assert (np.abs(_autocorrelation(one)[lags]) < bound).all()


def _standardized(numbers: Numbers) -> Numbers:
    return (numbers - numbers.mean()) / numbers.std()


def _autocorrelation(rows: Numbers) -> Numbers:
    """Mean product of numbers of one row at each distance."""
    n_rows, n = rows.shape
    products = np.fft.irfft((np.abs(np.fft.rfft(rows, 2 * n)) ** 2).sum(axis=0))[:n]
    return products / (n_rows * (n - np.arange(n)))


def test_uniform_numbers_fill_the_unit_interval(fast: Driver) -> None:
    numbers = fast.draw("uniform", n=1000, n_ticks=400).ravel()
    assert numbers.min() >= 0
    assert numbers.max() < 1
    assert stats.kstest(numbers, "uniform").pvalue > _RARE
    scaled = numbers * 2**53
    np.testing.assert_array_equal(scaled, np.floor(scaled))
    bits = (scaled.astype(np.uint64)[:, None] >> np.arange(53, dtype=np.uint64)) & np.uint64(1)
    assert np.abs(bits.mean(axis=0) - 0.5).max() < 5 * 0.5 / np.sqrt(numbers.size)


def test_normal_numbers_have_the_moments_and_tails_of_the_normal_distribution(fast: Driver) -> None:
    numbers = fast.draw("normal", n=10_000, n_ticks=400).ravel()
    n = numbers.size
    assert stats.kstest(numbers, "norm").pvalue > _RARE
    # Moments of the standard normal distribution: 0, 1, 0, 3; the variance of x^k is E x^2k - (E x^k)^2.
    for power, moment, variance in [(1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)]:
        assert abs((numbers**power).mean() - moment) < 5 * np.sqrt(variance / n)
    for bound in [2, 3, 4, 5]:
        for beyond in [numbers > bound, numbers < -bound]:
            assert stats.binomtest(int(beyond.sum()), n, stats.norm.sf(bound)).pvalue > _RARE


def test_normal_numbers_are_the_transform_of_box_and_muller(fast: Driver) -> None:
    uniform, normal = fast.draw("uniform", n=16_000), fast.draw("normal", n=16_000)
    u, v = (uniform.reshape(-1, 2, 8)[:, i] for i in range(2))
    radius, angle = np.sqrt(-2 * np.log1p(-u)), 2 * np.pi * (v - 0.5)
    np.testing.assert_allclose(normal.reshape(-1, 2, 8)[:, 0], radius * np.cos(angle), atol=4e-15)
    np.testing.assert_allclose(normal.reshape(-1, 2, 8)[:, 1], radius * np.sin(angle), atol=4e-15)


@pytest.mark.parametrize("kind", ["poisson", "poisson_each"])
@pytest.mark.parametrize("mean", [1e-3, 0.1, 2, 10, 50, 64, 64.1, 1e3, 1e6])
def test_poisson_numbers_follow_their_distribution(fast: Driver, kind: str, mean: float) -> None:
    numbers = fast.draw(kind, mean, n=10_000, n_ticks=400).ravel()
    n = numbers.size
    np.testing.assert_array_equal(numbers, np.floor(numbers))
    assert abs(numbers.mean() - mean) < 5 * np.sqrt(mean / n)
    # The fourth central moment is mean + 3 mean^2, so the variance of the squared deviation is mean + 2 mean^2.
    assert abs(((numbers - mean) ** 2).mean() - mean) < 5 * np.sqrt((mean + 2 * mean**2) / n)
    # Classes of at least 20 expected numbers each; the last ends at infinity.
    edges = np.unique(stats.poisson.ppf(np.linspace(1e-4, 1 - 1e-4, 200), mean))
    probabilities = np.diff(stats.poisson.cdf(edges, mean), prepend=0, append=1)
    counts = np.bincount(np.searchsorted(edges, numbers), minlength=probabilities.size)
    enough = probabilities * n > 20
    expected = np.append(probabilities[enough], probabilities[~enough].sum()) * n
    found = np.append(counts[enough], counts[~enough].sum())
    if expected[-1] == 0:
        assert found[-1] == 0
    expected, found = expected[expected > 0], found[expected > 0]
    assert stats.chisquare(found, expected * found.sum() / expected.sum()).pvalue > _RARE


@pytest.mark.parametrize("kind", ["poisson", "poisson_each", "sparse"])
@pytest.mark.parametrize("parameter", [0, -1, float("nan")])
def test_without_a_rate_nothing_comes(fast: Driver, kind: str, parameter: float) -> None:
    assert not fast.draw(kind, parameter, n=1000, n_ticks=20).any()


@pytest.mark.parametrize("kind", ["poisson", "poisson_each", "sparse"])
def test_rare_spikes_come_as_often_as_they_should(fast: Driver, kind: str) -> None:
    numbers = fast.draw(kind, 1e-5, n=1_000_000, n_ticks=4)
    low, high = stats.poisson.ppf([_RARE, 1 - _RARE], numbers.size * 1e-5)
    assert low <= numbers.sum() <= high


@pytest.mark.parametrize("mean", [1e-12, 1e-10, 1e-9, 3e-9])
def test_thirty_two_bits_are_exact_on_average(fast: Driver, mean: float) -> None:
    # Rounded once and for all, these would be multiples of 2^-32. The bound: 1000 equidistant dithers.
    assert abs(fast.rounding(mean) - mean * 2**32) <= 1 / 1000


def test_neurons_with_means_of_their_own_do_not_disturb_each_other(fast: Driver) -> None:
    numbers = fast.draw("poisson_of_index", -10.5, n=1000)[0]
    for index in [0, 9, 10, 11, 50, 74, 75, 96]:
        same = np.arange(1000) % 97 == index
        alone = fast.draw("poisson_each", index - 10.5, n=1000)[0]
        np.testing.assert_array_equal(numbers[same], alone[same])


def test_a_mean_may_change_in_every_time_step(fast: Driver) -> None:
    means = 0.5 + 0.01 * np.arange(10_000)
    numbers = fast.draw("poisson", means[0], change=0.01, n=100, n_ticks=means.size)
    deviations = (numbers.sum(axis=1) - 100 * means) / np.sqrt(100 * means)
    assert stats.chi2.sf((deviations**2).sum(), means.size) > _RARE
    assert abs(deviations.sum()) < 5 * np.sqrt(means.size)
    alone = fast.draw("poisson", means[1234], tick=1234, n=100)[0]
    np.testing.assert_allclose(alone, numbers[1234])


@pytest.mark.parametrize("probability", [1e-4, 0.002, 0.03, 0.1, 0.101, 0.5, 0.99, 1])
def test_each_neuron_is_drawn_independently_with_the_probability(fast: Driver, probability: float) -> None:
    n_ticks, n = 4000, 700
    drawn = fast.draw("sparse", probability, n=n, n_ticks=n_ticks)
    if probability == 1:
        assert drawn.all()
        return
    variance = probability * (1 - probability)
    # Every neuron: numbers of times, and their scatter.
    per_neuron = drawn.sum(axis=0)
    tails = np.minimum(
        stats.binom.cdf(per_neuron, n_ticks, probability), stats.binom.sf(per_neuron - 1, n_ticks, probability)
    )
    assert tails.min() > _RARE
    assert abs(drawn.mean() - probability) < 5 * np.sqrt(variance / drawn.size)
    # Every pair of near neurons is drawn together with the product of the probabilities.
    for lag in [1, 2, 255, 256, 257]:
        together = (drawn[:, lag:] * drawn[:, :-lag]).ravel()
        low, high = stats.binom.ppf([_RARE, 1 - _RARE], together.size, probability**2)
        assert low <= together.sum() <= high
    # All together: the number drawn in a time step has the variance of the binomial distribution.
    counts = drawn.sum(axis=1)
    fourth = stats.binom.stats(n, probability, moments="k") + 3
    spread = np.sqrt((fourth - 1) / n_ticks)
    assert abs(((counts - n * probability) ** 2).mean() / (n * variance) - 1) < 5 * spread
