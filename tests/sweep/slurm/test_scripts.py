from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from snnrun.errors import UserError
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.slurm.chunks import Chunked
from snnrun.sweep.slurm.record import read_record
from snnrun.sweep.slurm.scripts import batch_script, collect_script
from snnrun.sweep.slurm.site import Site
from snnrun.sweep.slurm.submission import submit_chunks, write_scripts

ODD = """it's "50 %" of #1 $HOME `id` äö"""


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    made = SweepFolder.of(tmp_path / "results", "plane")
    made.create()
    return made


def directives(script: str) -> list[str]:
    return [line.removeprefix("#SBATCH ") for line in script.splitlines() if line.startswith("#SBATCH ")]


def test_slurm_is_told_what_the_site_wants(folder: SweepFolder) -> None:
    site = Site(partition="fast", account="lab", qos="high", memory="4G", cpus=3, options=("--constraint=rome",))
    said = directives(batch_script(folder, site, time=5400))
    assert {"--partition=fast", "--account=lab", "--qos=high", "--mem=4G", "--constraint=rome"} <= set(said)
    assert {"--cpus-per-task=3", "--time=0-01:30:00", "--requeue", "--open-mode=append"} <= set(said)
    assert "--job-name=plane-sweep" in said


def test_what_the_site_does_not_name_is_not_said(folder: SweepFolder) -> None:
    said = " ".join(directives(batch_script(folder, Site(), time=60)))
    assert not any(option in said for option in ("partition", "account", "qos", "mem"))


def test_the_commands_of_the_site_come_first(folder: SweepFolder) -> None:
    for script in (batch_script(folder, Site(setup=("module load gcc",)), 60), collect_script(folder, Site())):
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    script = batch_script(folder, Site(setup=("module load gcc",)), 60)
    assert script.index("module load gcc") < script.index("make ")


def test_jobs_find_the_models_of_the_user_whatever_they_inherit(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scripts() -> list[str]:
        return [batch_script(folder, Site(), 60), collect_script(folder, Site())]

    monkeypatch.delenv("SNNRUN_CATALOG", raising=False)
    assert not any("SNNRUN_CATALOG" in script for script in scripts())
    monkeypatch.setenv("SNNRUN_CATALOG", "/my models")
    assert all("\nexport SNNRUN_CATALOG='/my models'\n" in script for script in scripts())


def test_odd_names_of_folders_stay_names(tmp_path: Path) -> None:
    script = batch_script(SweepFolder.of(tmp_path / ODD, "plane"), Site(), 60)
    (line,) = (line for line in script.splitlines() if line.startswith("cd "))
    named = line.removeprefix("cd ").removesuffix(" || exit")
    shown = subprocess.run(["bash", "-c", f"printf %s {named}"], capture_output=True, text=True, check=True).stdout
    assert shown == str(tmp_path / ODD / "plane" / "sweep")


@pytest.mark.parametrize("name", ["back\\slash", "two\nlines"])
def test_folders_into_which_slurm_cannot_write_logs_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="SLURM cannot write into folders with such names"):
        batch_script(SweepFolder.of(tmp_path / name, "plane"), Site(), 60)


def test_what_the_user_has_edited_is_kept_until_he_says_otherwise(folder: SweepFolder) -> None:
    assert write_scripts(folder, Site(), 60) == []
    batch, collect = folder.slurm / "batch.sh", folder.slurm / "collect.sh"
    assert write_scripts(folder, Site(partition="other"), 60) == []
    assert "--partition=other" in batch.read_text()
    batch.write_text(edited := batch.read_text().replace("other", "mine"))
    assert write_scripts(folder, Site(partition="third"), 60) == [batch]
    assert batch.read_text() == edited
    assert "--partition=third" in collect.read_text()
    assert write_scripts(folder, Site(), 60) == [batch]  # still
    assert write_scripts(folder, Site(), 60, rewrite=True) == []
    assert "mine" not in batch.read_text()
    assert read_record(folder).ids == ()


def test_when_slurm_refuses_one_array_nothing_stays_submitted(
    folder: SweepFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    scripts = {
        "sbatch": 'case "$*" in *"sh 10") echo "QOSMaxSubmitJobPerUserLimit" >&2; exit 1;; esac; echo Welcome; echo 41',
        "scancel": f"echo $* > {tmp_path}/cancelled",
    }
    for name, script in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    write_scripts(folder, Site(), 60)
    with pytest.raises(UserError, match="QOSMaxSubmitJobPerUserLimit"):
        submit_chunks(folder, Chunked([[str(point)] for point in range(11)], 1.0, 60.0, array_size=10), planned=11)
    assert (tmp_path / "cancelled").read_text() == "41\n"
