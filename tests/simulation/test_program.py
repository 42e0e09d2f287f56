"""The compiled program: what it records, and how it fails when values, input or disk are bad."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess

import numpy as np
import pytest

from snnrun.errors import ResultsError, SimulationError
from snnrun.network.compose import compose
from snnrun.network.construct import Construction
from snnrun.simulation.build_cache import program_for
from snnrun.simulation.input_file import write_network, write_trial
from snnrun.simulation.listener import Listener
from snnrun.simulation.output_files import read_output
from snnrun.simulation.runner import run_program
from snnrun.simulation.simulate import simulate

NOISY = {"inputs.rain.rate": "100 Hz"}


@pytest.fixture(params=["fast", "reference"])
def engine(request):
    """Either engine: both read the same and write the same."""
    return {"simulation.engine": request.param}


@pytest.fixture
def prepared(tiny, engine, tmp_path):
    """The program, its input, the number of threads, and the folder of the trial, with the trial's input in it."""
    experiment = tiny(engine)
    construction = Construction(experiment, compose(experiment))
    numbers = {"n_ticks": experiment.n_ticks, "max_spikes": 1000}
    with (tmp_path / "input").open("wb") as file:
        write_network(file, numbers, construction.fillings(), [])
    folder = tmp_path / "0"
    folder.mkdir()
    write_trial(folder / "trial", 1, construction.trial_fillings(0))
    return program_for(compose(experiment).blueprint).program, tmp_path / "input", "1", folder


def run_by_hand(prepared, **options):
    return subprocess.run(prepared, capture_output=True, text=True, check=False, **options)


def input_file(prepared, which):
    return prepared[1] if which == "run" else prepared[3] / "trial"


class TestValues:
    """Numbers are no structure: they change without a build."""

    def test_spikes_come_when_theory_says(self, record):
        recording = record()
        # v(n) = 20 mV (1 - exp(-n dt/tau)), by the second-order Runge-Kutta method: exp(-x) ~ 1 - x + x**2/2 with
        # x = 0.01. It passes 10 mV at the first n with factor**n < 1/2.
        n = int(np.ceil(np.log(0.5) / np.log(1 - 0.01 + 0.01**2 / 2)))
        assert recording.spikes["cells"].ticks[:4].tolist() == [n - 1] * 4
        assert recording.populations["cells"].n_spikes == len(recording.spikes["cells"].ticks)

    def test_traces(self, record):
        recording = record()
        trace = recording.traces["cells"]["v"]
        assert trace.data.shape == (500, 2)
        assert trace.unit == "V"
        n = np.arange(60)
        theory = 20e-3 * (1 - (1 - 0.01 + 0.01**2 / 2) ** n)
        assert trace.data[:60, 0] == pytest.approx(theory, rel=1e-9, abs=1e-12)

    @pytest.mark.parametrize(
        "settings",
        [
            {"simulation.duration": "20 ms"},
            {"simulation.seed": 0},
            {"inputs.push.amplitude": "5 nA"},
            {"projections.ring.connectivity": {"rule": "fixed_indegree", "k": 1}},
            {"projections.ring.synapse.weight": "-1 mV"},
            {"projections.ring.synapse.delay": "3 ms"},
        ],
    )
    def test_none_of_them_needs_a_build(self, tiny, program, settings):
        assert not program_for(compose(tiny(settings)).blueprint).fresh
        assert program_for(compose(tiny(settings)).blueprint).fingerprint == program.fingerprint

    def test_delay_and_weight_act(self, record):
        # Nobody else fires within 2 ms of the first volley, so the step of 3 times 2 mV, delay and one tick after it.
        recording = record({"projections.ring.synapse.weight": "2 mV", "projections.ring.synapse.delay": "2 ms"})
        v = recording.traces["cells"]["v"].data[:, 0]
        spike = int(recording.spikes["cells"].ticks[0])
        steps = np.diff(v[spike + 1 :])[:25]
        assert int(np.argmax(steps)) == 19
        assert steps[19] == pytest.approx(6e-3, abs=0.3e-3)

    def test_blocks_of_synapses_are_one_network(self, record, engine, monkeypatch):
        # Weights and delays differ from pair to pair, yet follow from the positions: blocks change no number.
        settings = {
            **engine,
            "populations.cells.positions": {"extent": "1 mm"},
            "projections.ring.synapse.weight": "1 mV + distance * (1 mV/mm)",
            "projections.ring.synapse.delay": "1 ms + distance / (0.3 m/s)",
        }
        whole = record(settings).traces["cells"]["v"].data
        monkeypatch.setattr("snnrun.network.drawing.BLOCK_SIZE", 5)
        assert np.array_equal(record(settings).traces["cells"]["v"].data, whole)
        assert not np.array_equal(record(engine).traces["cells"]["v"].data, whole)

    def test_silence_is_remarked(self, record):
        recording = record({"inputs.push.amplitude": "0 nA"})
        assert recording.warnings == ("'cells' is silent: not one spike of its 4 neurons.",)


class TestSeeds:
    def test_the_same_seed_gives_the_same_recording(self, record):
        one, other = record(NOISY), record(NOISY)
        assert np.array_equal(one.spikes["cells"].ticks, other.spikes["cells"].ticks)
        assert np.array_equal(one.traces["cells"]["v"].data, other.traces["cells"]["v"].data)

    @pytest.mark.parametrize("seed", [0, 2, 2**40])
    def test_another_seed_gives_another(self, record, seed):
        one, other = record(NOISY), record({**NOISY, "simulation.seed": seed})
        assert not np.array_equal(one.traces["cells"]["v"].data, other.traces["cells"]["v"].data)


class TestTrials:
    """The run again, with other noise."""

    def test_private_noise_differs_from_trial_to_trial(self, record):
        traces = record({**NOISY, "simulation.trials": 3}).traces["cells"]["v"]
        assert traces.trial.tolist() == [0, 0, 1, 1, 2, 2]
        assert traces.node_ids.tolist() == [0, 1, 0, 1, 0, 1]
        first, second, third = (traces.of_trial(number).data for number in range(3))
        assert not np.array_equal(first, second)
        assert not np.array_equal(second, third)

    def test_the_first_trial_is_the_run_without_trials(self, record):
        drawn = {**NOISY, "populations.cells.initial": {"w": "uniform(1, 2)", "growth": 0}}
        alone, repeated = record(drawn), record({**drawn, "simulation.trials": 2})
        for variable in ("v", "w"):
            first = repeated.traces["cells"][variable].of_trial(0)
            assert np.array_equal(first.data, alone.traces["cells"][variable].data)
        assert np.array_equal(repeated.spikes["cells"].of_trial(0).ticks, alone.spikes["cells"].ticks)

    def test_start_values_are_drawn_anew(self, record):
        settings = {"populations.cells.initial": {"w": "uniform(1, 2)", "growth": 0}, "simulation.trials": 2}
        start = record(settings).traces["cells"]["w"].data[0]
        assert len(set(start.tolist())) == 4
        assert np.all((start >= 1) & (start < 2))

    def test_without_noise_all_trials_are_the_same(self, record):
        recording = record({"simulation.trials": 2})
        spikes = recording.spikes["cells"]
        assert np.array_equal(spikes.of_trial(0).ticks, spikes.of_trial(1).ticks)
        assert recording.trials == 2
        assert recording.populations["cells"].n_spikes == len(spikes)


class TestProcessesOfTrials:
    """One process reads the network and forks one for each trial."""

    @pytest.fixture
    def folders(self, prepared):
        """Two more folders of trials, of another seed each."""
        first = prepared[3]
        for number in (1, 2):
            folder = first.parent / str(number)
            shutil.copytree(first, folder)
            data = (folder / "trial").read_bytes()
            seed = b"seed" + b"q" + (1).to_bytes(8, "little")
            place = data.index(seed) + len(seed)
            (folder / "trial").write_bytes(data[:place] + (number + 1).to_bytes(8, "little") + data[place + 8 :])
        return [first.parent / str(number) for number in range(3)]

    def test_each_writes_into_its_folder(self, prepared, folders):
        assert run_by_hand([*prepared[:3], *folders]).returncode == 0
        ticks = [read_output(folder)["spikes.cells.tick"] for folder in folders]
        assert len(ticks[0]) > 0
        assert np.array_equal(ticks[0], ticks[1])  # there is no noise

    @pytest.mark.parametrize("number", [0, 1, 2])
    def test_one_that_fails_ends_the_run_as_it_ended(self, prepared, folders, number):
        (folders[number] / "trial").write_bytes(b"nonsense")
        run = run_by_hand([*prepared[:3], *folders])
        assert run.returncode == 10
        assert run.stderr.startswith("snnrun bad_input ")
        assert [(folder / "contents").exists() for folder in folders] == [other < number for other in range(3)]


class TestPhases:
    """Values that change while the program runs."""

    def test_a_parameter_of_neurons_changes_at_the_start_of_the_phase(self, record):
        # Without current the membrane relaxes by the factor 1 - x + x**2/2 a step, x = dt/tau (see above); with twice
        # the time constant from step 100 on, by that of x/2.
        settings = {
            "populations.cells.initial": {"v": "9 mV", "w": 1, "growth": 0},
            "inputs.push.amplitude": "0 A",
            "phases": {"slow": {"start": "10 ms", "set": {"populations.cells.neuron.parameters.tau": "20 ms"}}},
        }
        recording = record(settings)
        v = recording.traces["cells"]["v"].data[:, 0]
        factor = {x: 1 - x + x**2 / 2 for x in (0.01, 0.005)}
        assert v[:101] == pytest.approx(9e-3 * factor[0.01] ** np.arange(101), rel=1e-9)
        assert v[100:300] == pytest.approx(v[100] * factor[0.005] ** np.arange(200), rel=1e-9)
        assert recording.phases == {"slow": 100}

    def test_what_a_phase_says_ends_with_it(self, record):
        phases = {"pause": {"start": "10 ms", "set": {"inputs.push.amplitude": "0 A"}}, "again": {"start": "20 ms"}}
        v = record({"phases": phases}).traces["cells"]["v"].data[:, 0]
        slope = np.sign(np.diff(v))
        assert np.all(slope[:68] == 1)  # 6.9 ms until the first spike
        assert np.all(slope[100:199] == -1)
        assert np.all(slope[201:240] == 1)

    def test_a_phase_at_the_start_is_there_from_the_start(self, record):
        phases = {"all": {"start": "0 ms", "set": {"inputs.push.amplitude": "10 nA"}}}
        one, other = record({"phases": phases}), record({"inputs.push.amplitude": "10 nA"})
        assert np.array_equal(one.traces["cells"]["v"].data, other.traces["cells"]["v"].data)

    def test_weights_of_a_projection_change(self, record):
        # All cells spike together every 6.9 ms; 1 ms later each receives four steps. Read off at the step they arrive.
        phases = {"strong": {"start": "10 ms", "set": {"projections.ring.synapse.weight": "1 mV"}}}
        without = record().traces["cells"]["v"].data[:, 0]
        with_phase = record({"phases": phases}).traces["cells"]["v"].data[:, 0]
        assert np.array_equal(with_phase[:100], without[:100])
        difference = with_phase - without
        arrival = int(np.flatnonzero(difference)[0])
        assert arrival > 138  # the volley after the second spike, at 13.8 ms
        # Autapses are off: from three others.
        assert difference[arrival] == pytest.approx(3 * 0.9e-3, rel=1e-9)

    def test_the_same_changes_in_every_trial(self, record):
        phases = {"pause": {"start": "10 ms", "set": {"inputs.push.amplitude": "0 A"}}}
        v = record({"phases": phases, "simulation.trials": 2}).traces["cells"]["v"]
        assert np.array_equal(v.of_trial(0).data, v.of_trial(1).data)


class TestFailures:
    def test_a_state_that_diverges_is_named_with_its_time(self, record):
        # w grows by the factor 1 + x + x**2/2 in a step, with x = 1e3 * 0.01: from 1 to beyond 1e308 in 173 steps.
        with pytest.raises(SimulationError, match=r"'w' of 'cells' left the real numbers.*between 10 ms and 20 ms"):
            record({"populations.cells.initial": {"w": 1, "growth": 1000}})

    def test_one_neuron_that_diverges_is_enough(self, record):
        # Growth by -30, 313, 657 and 1000: the third leaves the numbers only after 21 ms.
        with pytest.raises(SimulationError, match="between 10 ms and 20 ms, first at neuron 3;"):
            record({"populations.cells.initial": {"w": 1, "growth": "linspace(-30, 1000)"}})

    def test_runaway_activity_is_stopped(self, record):
        with pytest.raises(SimulationError, match=r"Stopped at .* ms: the network had fired .* \(.* in 'cells'\)"):
            record({"simulation.max_spikes": 10, "simulation.duration": "100 s"})

    @pytest.mark.parametrize("file", ["run", "trial"])
    @pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9, 0.999])
    def test_input_that_is_cut_is_refused(self, prepared, file, kept):
        inputs = input_file(prepared, file)
        os.truncate(inputs, int(inputs.stat().st_size * kept))
        run = run_by_hand(prepared)
        assert run.returncode == 10
        assert run.stderr.startswith("snnrun bad_input ")

    @pytest.mark.parametrize("file", ["run", "trial"])
    def test_input_that_is_too_long_is_refused(self, prepared, file):
        with input_file(prepared, file).open("ab") as stream:
            stream.write(b"more")
        assert run_by_hand(prepared).stderr == "snnrun bad_input trailing\n"

    def test_input_that_is_missing_is_refused(self, prepared):
        prepared[1].unlink()
        assert "bad_input" in run_by_hand(prepared).stderr

    def test_input_of_another_program_is_refused(self, prepared):
        data = prepared[1].read_bytes()
        prepared[1].write_bytes(data.replace(b"cells.tau", b"cells.tua"))
        run = run_by_hand(prepared)
        assert run.stderr == "snnrun bad_input cells.tau found cells.tua\n"

    def test_a_neuron_that_does_not_exist_is_refused(self, prepared):
        data = prepared[1].read_bytes()
        name = b"ring__cells" + b"i" + (12).to_bytes(8, "little")
        place = data.index(name) + len(name)
        prepared[1].write_bytes(data[:place] + (4).to_bytes(4, "little") + data[place + 4 :])
        assert run_by_hand(prepared).stderr == "snnrun bad_input ring__cells index\n"

    def test_damaged_input_is_told_in_a_sentence(self, prepared):
        program, _, _, folder = prepared
        with pytest.raises(SimulationError, match="could not read its input"):
            run_program(program, folder, lambda file: None, [folder], 1e-4, lambda trial, tick: None)

    @pytest.mark.parametrize("limit", [0, 1, 100, 5000])
    def test_a_full_disk_is_an_error(self, prepared, limit):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        run = run_by_hand(prepared, preexec_fn=small_files)
        assert run.returncode == 13
        assert run.stderr.startswith("snnrun not_written ")
        assert not (prepared[3] / "contents").exists() or (prepared[3] / "contents").stat().st_size == 0

    def test_a_folder_that_is_gone_is_an_error(self, prepared):
        shutil.rmtree(prepared[3])
        assert run_by_hand(prepared).stderr.startswith("snnrun bad_input ")

    def test_nothing_is_left_behind(self, tiny, program, tmp_path):
        with pytest.raises(SimulationError):
            simulate(tiny({"simulation.max_spikes": 1}), tmp_path, Listener())
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_does_not_exist(self, tiny, program, tmp_path):
        with pytest.raises(ResultsError):
            simulate(tiny(), tmp_path / "missing", Listener())


def test_paths_with_spaces_and_umlauts(tiny, program, tmp_path):
    folder = tmp_path / "Läufe von heute, 'neu' $HOME"
    folder.mkdir()
    assert simulate(tiny(), folder, Listener()).populations["cells"].n_spikes > 0
