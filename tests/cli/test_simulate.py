"""`snnrun simulate`: from a file to results, and the mistakes of newcomers."""

from __future__ import annotations

import json
import re
from pathlib import Path

from snnrun.results.store import read_recording


def test_a_run_names_its_folder_its_figure_and_its_key_numbers(snnrun):
    result = snnrun("simulate", "tiny.yaml")
    assert result.exit_code == 0, result.output
    head, cells, _, empty, place, figure = result.stdout.splitlines()
    # One spike in 50 ms.
    assert head.split() == ["population", "rate", "(Hz)", "isi_histogram", "(ms)"]
    assert cells.split() == ["cells", "20", "–"]
    folder = place.removeprefix("Results: ")
    assert empty == "" and folder.startswith("results/tiny/")
    assert figure == f"Figure:  {folder}/figures/raster.png"
    assert Path(folder, "figures", "raster.png").is_file() and Path(folder, "recording.h5").is_file()


def test_the_page_of_the_experiment_is_the_figure_that_is_named(snnrun):
    result = snnrun("simulate", "tiny.yaml", "--set", "figures=[summary, isi, {figure: page, of: [raster, isi]}]")
    assert result.stdout.splitlines()[-1].endswith("figures/page.png")


def test_progress_goes_to_standard_error_as_plain_lines_when_it_is_no_terminal(snnrun):
    lines = snnrun("simulate", "tiny.yaml").stderr.splitlines()
    assert "simulating" in lines and "measuring" in lines
    assert not any("\r" in line or "\033" in line for line in lines)


def test_a_run_that_is_there_is_not_simulated_again_unless_forced(snnrun, results):
    again = snnrun("simulate", "tiny.yaml")
    assert "already simulated; --force does it again" in again.stderr
    assert "simulating" not in again.stderr.splitlines()
    assert "Results: results/tiny/" in again.stdout
    forced = snnrun("simulate", "tiny.yaml", "--force")
    assert "simulating" in forced.stderr.splitlines()


def test_json_holds_every_value_and_nothing_else_goes_to_standard_output(snnrun, results):
    told = json.loads(snnrun("simulate", "tiny.yaml", "--json").stdout)
    assert told["populations"]["cells"]["mean_rate"] == {"value": 20.0, "unit": "Hz", "n_valid": 10}
    # No second spike, no interval: NaN, which JSON does not have.
    assert told["populations"]["cells"]["isi_histogram"]["value"] is None
    assert told["warnings"] == []


def test_quiet_says_nothing(snnrun, results):
    result = snnrun("simulate", "tiny.yaml", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_parameters_and_settings_change_the_run(snnrun):
    result = snnrun(
        "simulate", "tiny.yaml", "-p", "amplitude=0 pA", "--set", "simulation.duration=10 ms", "--no-figures"
    )
    assert result.exit_code == 0, result.output
    assert "note: 'cells' is silent" in result.stderr
    assert "Figure:" not in result.stdout


def test_the_engine_is_chosen_as_by_a_setting(snnrun):
    for words in (["--engine", "reference"], ["--set", "simulation.engine=reference"]):
        assert snnrun("simulate", "tiny.yaml", *words, "--no-figures").exit_code == 0
    runs = [path for path in Path("results/tiny").iterdir() if not path.is_symlink() and path.is_dir()]
    assert len(runs) == 1
    provenance = read_recording(runs[0] / "recording.h5").provenance
    assert (provenance["engine"], provenance["math"], provenance["arch"]) == ("reference", "fast", "native")
    assert provenance["threads"] == 1 and "engine_remark" not in provenance


def test_an_engine_that_there_is_not(snnrun):
    result = snnrun("simulate", "tiny.yaml", "--engine", "slow")
    assert result.exit_code == 2
    assert "--set simulation.engine" in result.stderr
    assert "Expected fast or reference, got 'slow'." in result.stderr


def test_more_threads_than_processors_are_refused_before_anything_is_built(snnrun, monkeypatch):
    monkeypatch.setenv("CXX", "there-is-no-such-compiler")
    result = snnrun("simulate", "tiny.yaml", "--threads", "100000")
    assert result.exit_code == 2
    assert result.stderr.startswith("--threads 100000: this process may use ")
    assert "results do not depend on it" in result.stderr


def test_results_go_where_the_user_wants_them(snnrun):
    assert "Results: my results/tiny/" in snnrun("simulate", "tiny.yaml", "-o", "my results").stdout


def test_a_path_with_spaces_is_an_experiment_as_any_other(snnrun, workplace):
    (workplace / "my nets").mkdir()
    (workplace / "tiny.yaml").rename(workplace / "my nets" / "my net.yaml")
    assert "Results: results/my_net/" in snnrun("simulate", "my nets/my net.yaml").stdout


def test_without_a_file_the_usage_is_shown(snnrun):
    result = snnrun("simulate")
    assert result.exit_code == 2
    assert "Missing argument 'FILE'" in result.stderr


def test_a_misspelt_file_is_guessed(snnrun):
    result = snnrun("simulate", "tinny.yaml")
    assert result.exit_code == 2
    assert result.stderr == "tinny.yaml\n  There is no such file. Did you mean 'tiny.yaml'?\n"


def test_a_misspelt_parameter_is_guessed(snnrun):
    result = snnrun("simulate", "tiny.yaml", "-p", "amplitud=1 nA")
    assert result.exit_code == 2
    assert result.stderr == (
        "-p amplitud  parameters.amplitud\n"
        "      │ -p amplitud='1 nA'\n"
        "      │    ^^^^^^^^\n"
        "  There is no parameter 'amplitud'. Did you mean 'amplitude'?\n"
        "\n"
        "1 problem in tiny.yaml\n"
    )


def test_a_misspelt_path_is_guessed(snnrun):
    result = snnrun("simulate", "tiny.yaml", "--set", "simulations.duration=1 s")
    assert result.exit_code == 2
    assert "Did you mean 'simulation'?" in result.stderr


def test_a_parameter_without_a_value_is_explained(snnrun):
    result = snnrun("simulate", "tiny.yaml", "-p", "amplitude")
    assert result.exit_code == 2
    assert "Write '-p name=value'." in result.stderr


def test_results_cannot_go_into_a_file(snnrun):
    result = snnrun("simulate", "tiny.yaml", "-o", "tiny.yaml")
    assert result.exit_code == 2
    assert "A file stands where a folder is needed" in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_that_cannot_be_written_is_named(snnrun):
    # Nobody makes folders in /sys, not even root, who may write everywhere else.
    result = snnrun("simulate", "tiny.yaml", "-o", "/sys/results")
    assert result.exit_code == 2
    assert re.search(r"/sys/results.* cannot be written: .* [Cc]hoose a(nother)? results folder", result.stderr)
    assert "Traceback" not in result.output


def test_debug_shows_where_an_error_was_found(snnrun):
    plain, debug = snnrun("simulate", "no.yaml"), snnrun("--debug", "simulate", "no.yaml")
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debug.stderr and debug.stderr.endswith(plain.stderr)
    assert debug.exit_code == plain.exit_code == 2


def test_a_network_that_cannot_fit_is_refused_with_the_numbers(snnrun, workplace):
    text = (workplace / "tiny.yaml").read_text().replace("size: 10", "size: 40000")
    synapse = "{model: delta, weight: 1 mV}"
    all_to_all = f"{{from: cells, to: cells, synapse: {synapse}, connectivity: all_to_all}}"
    projections = "".join(f"  p{number}: {all_to_all}\n" for number in range(1000))
    (workplace / "huge.yaml").write_text(f"{text}projections:\n{projections}")
    result = snnrun("simulate", "huge.yaml")
    assert result.exit_code == 2
    # A thousand times 40000 * 39999 synapses of more than 14 bytes.
    assert "1.6e+12 synapses" in result.stderr and "GB of memory" in result.stderr
    assert "compiling" not in result.stderr
