"""`snnrun sweep status`, `table`, `why`, `retry`, `collect` and `gc`: as the user sees them."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace

import pytest

from snnrun.cli.sweep import status as status_command
from snnrun.sweep.files.plan_file import read_plan, write_plan


@pytest.fixture
def sweep(workplace, fake_sweep, monkeypatch):
    """Two values of g, two of tau, two seeds: six done, one failed, one missing."""
    monkeypatch.setenv("COLUMNS", "80")
    sweep = fake_sweep({"g": [3, 4], "tau": ["10 ms", "20 ms"], "J": ["0.1 mV"]}, seeds=2, figures=())
    for index in range(6):
        latency = math.nan if index == 1 else 0.0123456
        sweep.finish(
            index, mean_rate=(10.0 + index, "Hz"), latency=(latency, "s"), cv_isi=(0.5, "1"), regime=("AI", "")
        )
    sweep.fail(6, "v left the real numbers after 3 ms. Choose a smaller dt.")
    return sweep


FOLDER = "results/net/sweep"


def shown(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def test_status_counts_and_says_what_to_do(snnrun, sweep):
    said = shown(snnrun("sweep", "status", FOLDER))
    assert said.startswith("net: 8 points\n")
    assert "6 done   0 running   1 failed   1 missing" in said
    assert "none is running" in said
    assert "1 × v left the real numbers after 3 ms" in said
    assert f"snnrun sweep why {FOLDER} {sweep.id(6)[:8]}" in said
    assert f"snnrun sweep retry {FOLDER}" in said


def test_status_for_other_programs(snnrun, sweep):
    said = json.loads(shown(snnrun("sweep", "status", FOLDER, "--json")))
    assert (said["n_points"], said["n_done"], said["n_failed"], said["n_missing"]) == (8, 6, 1, 1)
    assert said["failures"][0]["points"] == [sweep.id(6)]


def test_watching_ends_when_nothing_is_left_or_on_ctrl_c(snnrun, sweep, monkeypatch):
    def sleep(seconds):
        sweep.finish(7, mean_rate=(1.0, "Hz"))

    monkeypatch.setattr(status_command.time, "sleep", sleep)
    said = shown(snnrun("sweep", "status", FOLDER, "--watch"))
    assert said.count("net: 8 points") == 2
    assert "7 done" in said
    sweep.folder.result(sweep.id(7)).unlink()

    def interrupt(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(status_command.time, "sleep", interrupt)
    assert shown(snnrun("sweep", "status", FOLDER, "--watch")).count("net: 8 points") == 1


def test_the_table_shows_what_varies_and_the_key_metrics_as_wide_as_the_terminal(snnrun, sweep):
    lines = shown(snnrun("sweep", "table", FOLDER)).splitlines()
    assert lines[0].split() == ["point", "g", "tau", "replicate", "status", "exc.regime", "exc.mean_rate", "exc.cv_isi"]
    assert lines[1].split() == ["ms", "Hz"]
    assert lines[2].split() == [sweep.id(0)[:6], "3", "10", "0", "done", "AI", "10", "0.5"]
    assert lines[8].split() == [sweep.id(6)[:6], "4", "20", "0", "failed", "–", "–", "–"]
    assert "1 more column, such as exc.latency" in lines[-3]
    assert lines[-1] == "8 points: 6 done, 1 failed, 1 missing"
    assert max(map(len, lines[:11])) <= 80


def test_columns_that_are_asked_for_are_all_shown_in_the_units_of_the_field(snnrun, sweep):
    lines = shown(snnrun("sweep", "table", FOLDER, "--columns", "J,exc.latency", "--where", "g=3")).splitlines()
    assert [line.split() for line in lines[:4]] == [
        ["J", "exc.latency"], ["mV", "ms"], ["0.1", "12.35"], ["0.1", "–"],
    ]  # fmt: skip


def test_seeds_are_folded_sorted_and_limited(snnrun, sweep):
    said = shown(snnrun("sweep", "table", FOLDER, "--agg", "seed", "--sort", "-exc.mean_rate", "--limit", "2"))
    lines = said.splitlines()
    assert lines[2].split()[:4] == ["4", "10", "2", "2"]
    assert "14.5 ± 0.71" in lines[2]  # the sample standard deviation of 14 and 15 is √½
    assert lines[-1].startswith("2 of 4 rows. Mean ± standard deviation over seeds")


def test_the_column_that_sorts_is_among_those_that_fit(snnrun, sweep, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    for sort in ("exc.latency", "-exc.latency"):
        head = shown(snnrun("sweep", "table", FOLDER, "--sort", sort)).splitlines()[0].split()
        assert head[:6] == ["point", "g", "tau", "replicate", "status", "exc.latency"]


def test_csv_has_all_columns_and_digits(snnrun, sweep):
    rows = list(csv.DictReader(shown(snnrun("sweep", "table", FOLDER, "--format", "csv")).splitlines()))
    assert len(rows) == 8
    assert rows[0]["point"] == sweep.id(0)
    assert rows[0]["exc.latency [s]"] == "0.0123456"
    assert rows[1]["exc.latency [s]"] == ""
    folded = shown(snnrun("sweep", "table", FOLDER, "--format", "csv", "--agg", "seed")).splitlines()
    assert "exc.mean_rate [Hz],exc.mean_rate.sd [Hz],exc.mean_rate.n" in folded[0]


def test_json_has_units_and_null_where_nothing_is_known(snnrun, sweep):
    said = json.loads(shown(snnrun("sweep", "table", FOLDER, "--format", "json")))
    assert said["units"]["exc.latency"] == "s"
    assert said["rows"][1]["exc.latency"] is None
    assert said["rows"][0]["replicate"] == 0


def test_markdown_is_a_table(snnrun, sweep):
    lines = shown(snnrun("sweep", "table", FOLDER, "--format", "markdown", "--columns", "g,tau,status")).splitlines()
    assert lines[:3] == ["| g | tau (ms) | status |", "| ---: | ---: | --- |", "| 3 | 10 | done |"]


def test_a_table_without_rows_is_no_error(snnrun, sweep):
    said = shown(snnrun("sweep", "table", FOLDER, "--where", "g=99"))
    assert said.endswith("\nNo row with g=99. 8 points: 6 done, 1 failed, 1 missing\n")


def test_rows_that_were_chosen_are_counted(snnrun, sweep):
    said = shown(snnrun("sweep", "table", FOLDER, "--where", "g=3", "--where", "tau=10 ms", "--limit", "1"))
    assert said.endswith("\n2 rows with g=3, tau=10 ms. 1 of 2 rows. 8 points: 6 done, 1 failed, 1 missing\n")


def test_unknown_columns_are_told(snnrun, sweep):
    result = snnrun("sweep", "table", FOLDER, "--sort", "exc.mean_rat")
    assert result.exit_code == 2
    assert "Did you mean 'exc.mean_rate'" in result.stderr


def test_why_tells_status_reason_files_and_neighbour(snnrun, sweep):
    said = shown(snnrun("sweep", "why", FOLDER, "g=4", "tau=20 ms", "replicate=0"))
    assert said.startswith(f"Point {sweep.id(6)}: failed\n")
    assert "Choose a smaller dt." in said
    assert f"snnrun sweep retry {FOLDER}" in said
    assert f"{FOLDER}/points/{sweep.id(6)}.failed" in said
    assert f"{sweep.id(2)[:8]}, has g = 3 (here 4)." in said  # the neighbours in g and tau differ in one axis, each
    assert "will not run again" in shown(snnrun("sweep", "why", FOLDER, sweep.id(0)[:8]))
    assert "has not been tried yet" in shown(snnrun("sweep", "why", FOLDER, sweep.id(7)))


def test_why_of_a_point_that_ends_while_it_is_looked_at(snnrun, sweep, monkeypatch):
    monkeypatch.setattr("snnrun.sweep.tell.why.is_alive", lambda *_: True)
    assert "\nIt is running.\n" in shown(snnrun("sweep", "why", FOLDER, sweep.id(7)))
    sweep.folder.claim(sweep.id(7)).write_text('{"host": "node7", "pid": 3, "started": "2026-01-01T00:00:00+00:00"}')
    assert "\nIt is running on node7, process 3, for " in shown(snnrun("sweep", "why", FOLDER, sweep.id(7)))


def test_why_for_other_programs(snnrun, sweep):
    said = json.loads(shown(snnrun("sweep", "why", FOLDER, sweep.id(6), "--json")))
    assert (said["status"], said["will_run"], said["values"]["tau"]) == ("failed", True, "20 ms")
    assert said["differences"][0] == {"axis": "g", "here": 4, "there": 3}


def test_collect_writes_the_table_of_what_is_there(snnrun, sweep):
    said = shown(snnrun("sweep", "collect", FOLDER, "--json"))
    assert json.loads(said[said.index("{") :])["done"] == 6
    assert sweep.folder.csv_file.exists()
    assert sweep.folder.table_file.exists()
    assert "6 of 8 points done" in snnrun("sweep", "collect", FOLDER).stdout


def test_gc_shows_first_and_then_removes(snnrun, sweep):
    old = sweep.folder.result("0123456789abcdef")
    old.write_bytes(bytes(1500))
    said = shown(snnrun("sweep", "gc", FOLDER, "--dry-run"))
    assert "1  results of points that are no longer in the plan, 1.5 kB" in said
    assert "1.5 kB to be freed" in said
    assert old.exists()
    assert "1.5 kB freed" in shown(snnrun("sweep", "gc", FOLDER))
    assert not old.exists()
    assert "Nothing is there" in shown(snnrun("sweep", "gc", FOLDER))


def test_retry_without_failures_says_so(snnrun, sweep):
    sweep.folder.failure(sweep.id(6)).unlink()
    assert shown(snnrun("sweep", "retry", FOLDER)) == "No point has failed.\n"


def test_a_sweep_that_is_not_there_is_told(snnrun, workplace):
    result = snnrun("sweep", "status", "tiny.yaml")
    assert result.exit_code == 2
    assert "snnrun sweep plan tiny.yaml" in result.stderr


@pytest.fixture
def search(sweep):
    """The same as a search for a rate of 12 Hz, whose second round of four may still choose four more."""
    axes = {"g": {"uniform": [3, 5]}}
    design = {"design": "optimise", "points": 8, "round": 4, "target": {"exc.mean_rate": "12 Hz"}, "axes": axes}
    write_plan(replace(sweep.plan, design=design, shares=((0.1,), (0.3,), (0.6,), (0.9,))), sweep.folder)
    return sweep


def test_of_a_search_status_says_how_much_it_may_still_choose(snnrun, search):
    assert "search     4 sets of values left to choose" in shown(snnrun("sweep", "status", FOLDER))


def test_of_a_search_collecting_says_what_is_best(snnrun, search):
    assert "Best:    exc.mean_rate = 12.5 ± 0.71 Hz at g=3, tau=20 ms" in shown(snnrun("sweep", "collect", FOLDER))


def test_a_search_is_watched_from_round_to_round(snnrun, search, monkeypatch):
    search.finish(6, mean_rate=(1.0, "Hz"))
    search.finish(7, mean_rate=(1.0, "Hz"))

    def sleep(seconds):
        plan = read_plan(search.folder)
        write_plan(replace(plan, shares=(*plan.shares, *((share + 0.05,) for (share,) in plan.shares))), search.folder)

    monkeypatch.setattr(status_command.time, "sleep", sleep)
    said = shown(snnrun("sweep", "status", FOLDER, "--watch"))
    assert said.count("net: 8 points") == 2
    assert "all rounds chosen" in said
