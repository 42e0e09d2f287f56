from __future__ import annotations

from pathlib import Path

import pytest

from snnrun.errors import SpecError
from snnrun.sweep.slurm.durations import read_duration, slurm_time
from snnrun.sweep.slurm.site import EXAMPLE, Site, read_site, site_file


@pytest.fixture(autouse=True)
def nobody_elses_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SNNRUN_SLURM", raising=False)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_cluster_that_wants_nothing_needs_no_file() -> None:
    assert read_site() == Site()


def test_the_example_shows_every_setting(tmp_path: Path) -> None:
    site = read_site(written(tmp_path / "site.yaml", EXAMPLE))
    assert site.model_fields_set == set(Site.model_fields)
    assert (site.cpus, site.time, site.chunk) == (4, 7200.0, 900.0)
    assert site.setup == ("module load gcc/13 python/3.12",)


def test_the_named_file_comes_before_the_environments_and_that_before_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(site_file(), "partition: user")
    assert read_site().partition == "user"
    monkeypatch.setenv("SNNRUN_SLURM", str(written(tmp_path / "group.yaml", "partition: group")))
    assert read_site().partition == "group"
    assert read_site(written(tmp_path / "own.yaml", "partition: own")).partition == "own"


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"nowhere\.yaml"):
        read_site(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("partitoin: main", "Did you mean 'partition'?"),
        ("time: 2 hours", "'2 hours' is not a time. Write for example '30 s', '15 min', '2 h' or '1 d'."),
        ("time: '02:00:00'", "is not a time"),
        ("cpus: 0", "greater than or equal to 1"),
        ("partition: a b", "'a b' is not one word"),
        ('setup: ["one\\ntwo"]', "is not one line"),
        ("setup: module load gcc", "Write [module load gcc]."),
    ],
)
def test_mistakes_are_shown_where_they_stand(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        read_site(written(tmp_path / "site.yaml", text))
    assert message in str(error.value)
    assert f"    1 │ {text}" in str(error.value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30 s", 30), ("15min", 900), ("1.5 h", 5400), (" 2 d ", 172800), ("0.5 s", 0.5)]
)
def test_times_are_numbers_with_a_unit(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "-1 h", "0 s", "1 month", 15, "1e3 s", None])
def test_anything_else_is_none(text: object) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        read_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "0-00:01:00"), (60, "0-00:01:00"), (61, "0-00:02:00"), (7200, "0-02:00:00"), (95400, "1-02:30:00")],
)
def test_slurm_is_told_days_hours_and_minutes(seconds: float, text: str) -> None:
    assert slurm_time(seconds) == text
