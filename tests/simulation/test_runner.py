"""A program that fails is told in sentences: what happened, when, and what to do."""

from __future__ import annotations

import time

import pytest

from snnrun.errors import SimulationError
from snnrun.simulation.runner import run_program

DT = 1e-4


@pytest.fixture
def running(script, tmp_path):
    """Run a shell script in the place of a program."""

    def run(lines, on_progress=lambda trial, tick: None, write=lambda file: None):
        run_program(script(lines), tmp_path, write, [tmp_path / "0"], DT, on_progress)

    return run


@pytest.fixture
def complaint(running):
    def find(line, status):
        with pytest.raises(SimulationError) as error:
            running(f"echo '{line}' >&2; exit {status}")
        return str(error.value)

    return find


def test_progress_is_told_in_steps(running):
    heard = []
    running("echo 0 100; echo 1 200", lambda trial, tick: heard.append((trial, tick)))
    assert heard == [(0, 100), (1, 200)]


class TestInput:
    """What the program reads is written while it reads."""

    # Far more than a pipe holds.
    MUCH = bytes(1 << 24)

    def test_it_gets_what_is_written(self, running, tmp_path):
        running(f'cat "$1" > {tmp_path}/read', write=lambda file: file.write(self.MUCH + b"end"))
        assert (tmp_path / "read").read_bytes() == self.MUCH + b"end"

    @pytest.mark.parametrize("reading", [": never", "head -c 100000 $1 > /dev/null"])
    def test_a_program_that_ends_before_it_has_read_all_says_why(self, running, reading):
        with pytest.raises(SimulationError, match=r"could not read its input \(x\)"):
            running(f"{reading}; echo 'snnrun bad_input x' >&2; exit 10", write=lambda file: file.write(self.MUCH))

    @pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
    def test_what_goes_wrong_while_writing_ends_the_program(self, running, tmp_path, error):
        def write(file):
            file.write(self.MUCH)
            raise error

        with pytest.raises(error):
            running(f'cat "$1" > /dev/null; sleep 0.1; echo > {tmp_path}/late', write=write)
        time.sleep(0.3)
        assert not (tmp_path / "late").exists()


def test_state_that_is_no_number(complaint):
    text = complaint("snnrun not_finite exc v 3 100 200", 11)
    assert "'v' of 'exc' left the real numbers (NaN or infinite) between 10 ms and 20 ms, first at neuron 3" in text
    assert "'method: rk4'" in text


def test_state_of_synapses_that_is_no_number(complaint):
    text = complaint("snnrun not_finite exc_to_all__inh a 3 100 200", 11)
    assert "'a' of 'exc_to_all' onto 'inh' left the real numbers" in text
    assert "first at synapse 3" in text


def test_state_of_synapses_that_their_sources_keep(complaint):
    text = complaint("snnrun not_finite exc_to_all__inh a source 3 100 200", 11)
    assert "'a' of 'exc_to_all' onto 'inh' left the real numbers" in text
    assert "first at the synapses of source 3" in text


def test_runaway_activity_is_told_with_its_rate(complaint):
    text = complaint("snnrun runaway 1000 exc 800 inh 200", 12)
    assert "Stopped at 100 ms: the network had fired 1000 recorded spikes (800 in 'exc', 200 in 'inh'), 1e+04" in text
    assert "simulation.max_spikes" in text


def test_output_that_cannot_be_written(complaint):
    text = complaint("snnrun not_written spikes.exc.tick No space left on device", 13)
    assert text.startswith("The output of the simulation could not be written (No space left on device)")


def test_input_that_cannot_be_read(complaint):
    assert "could not read its input (exc.v length)" in complaint("snnrun bad_input exc.v length", 10)


def test_a_complaint_is_found_among_other_lines(running):
    with pytest.raises(SimulationError, match="could not read its input"):
        running("echo something else >&2; echo 'snnrun bad_input x' >&2; exit 10")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ILL", "was compiled for another processor"),
        ("XFSZ", "larger than files may be"),
        ("KILL", "was ended by signal 9"),
        ("SEGV", "was ended by signal 11"),
    ],
)
def test_signals(running, name, words):
    with pytest.raises(SimulationError, match=words):
        running(f"kill -{name} $$")


@pytest.mark.parametrize("name", ["KILL", "ABRT"])
def test_ended_for_want_of_memory(running, name):
    with pytest.raises(SimulationError, match="memory"):
        running(f"kill -{name} $$")


def test_the_last_words_of_an_unexpected_end_are_quoted(running):
    with pytest.raises(SimulationError, match=r"ended with status 3.*\n.*assertion failed"):
        running("echo 'assertion failed' >&2; exit 3")


def test_a_program_that_cannot_be_started(tmp_path):
    (tmp_path / "program").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "program").chmod(0o755)
    with pytest.raises(
        SimulationError, match=r"cannot be started: Exec format error.\nBuild it again after 'snnrun cache clear'"
    ):
        run_program(tmp_path / "program", tmp_path, lambda file: None, [tmp_path], DT, lambda trial, tick: None)
