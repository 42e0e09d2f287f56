"""Poisson numbers from tables have the Poisson distribution."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from snnrun.simulation.compiler import FLAGS, find_compiler

RUNTIME = Path(__file__).parents[3] / "snnrun" / "simulation" / "device" / "templates"
N = 1_000_000
PROGRAM = """
#include <cstdlib>
#include <iostream>
#include <random>
#include "snnrun_runtime.h"

int main(int argc, char** argv) {
    snnrun::PoissonTable table;
    const double mean = std::atof(argv[1]);
    if (!table.holds(mean)) { std::cout << "refused"; return 0; }
    std::cout << table.draw(0) << " " << table.draw(1 - 1.1102230246251565e-16) << " ";
    std::mt19937_64 random(7);
    for (long n = std::atol(argv[2]); n > 0; --n) std::cout << table.draw((random() >> 11) * 0x1.0p-53) << " ";
    int alternating = 0, steady = 0;
    for (int call = 0; call < 1000; ++call) alternating += table.holds(call % 2 ? 1 : 3);
    for (int call = 0; call < 1000; ++call) steady += table.holds(call < 500 ? 4 : 5);
    std::cout << alternating << " " << steady;
}
"""


@pytest.fixture(scope="module")
def draw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poisson")
    (folder / "draw.cpp").write_text(PROGRAM)
    program = folder / "draw"
    subprocess.run(
        [find_compiler().path, *FLAGS, f"-I{RUNTIME}", folder / "draw.cpp", "-o", program], check=True, cwd=folder
    )

    def run(mean: float, number: int) -> str:
        command = [program, str(mean), str(number)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return run


@pytest.mark.parametrize("mean", [0.001, 0.2, 2.0, 7.5, 49.9])
def test_counts_follow_the_poisson_distribution(draw, mean):
    numbers = np.array(draw(mean, N).split()[2:-2], dtype=int)
    # Classes of at least 20 expected counts; the rest of either tail joins the outermost.
    inner = np.flatnonzero(stats.poisson.pmf(np.arange(200), mean) * N >= 20)
    low, high = inner[0], inner[-1]
    expected = stats.poisson.pmf(np.arange(low, high + 1), mean)
    expected[0], expected[-1] = stats.poisson.cdf(low, mean), stats.poisson.sf(high - 1, mean)
    observed = np.bincount(np.clip(numbers, low, high) - low, minlength=len(expected))
    assert stats.chisquare(observed, expected * N).pvalue > 1e-3


def test_without_rate_there_are_no_spikes(draw):
    assert set(draw(0.0, 1000).split()[:-2]) == {"0"}


def test_the_ends_of_the_uniform_numbers_stay_in_the_table(draw):
    smallest, largest = map(int, draw(2.0, 0).split()[:2])
    assert smallest == 0
    # The probability of more than 25 is 4e-19; one step of a uniform number is 1e-16.
    assert 15 < largest < 26


@pytest.mark.parametrize("mean", [-1.0, 51.0, float("nan")])
def test_means_outside_of_the_table_are_left_to_brian(draw, mean):
    assert draw(mean, 0) == "refused"


def test_a_mean_that_changes_from_call_to_call_is_left_to_brian(draw):
    assert int(draw(2.0, 0).split()[-2]) == 0


def test_a_mean_that_stays_has_its_table_after_a_while(draw):
    # All of 1000 calls but the first 32 with each of two means.
    assert int(draw(2.0, 0).split()[-1]) == 1000 - 2 * 32
