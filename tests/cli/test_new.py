"""`snnrun new`: a file to start from, and nothing lost."""

from __future__ import annotations

from snnrun.network.loading import load


def test_the_new_file_is_a_valid_experiment(snnrun):
    result = snnrun("new", "mine.yaml")
    assert (result.exit_code, result.stdout) == (0, "Written: mine.yaml\nNext:    snnrun validate mine.yaml\n")
    assert set(load("mine.yaml").populations) == {"exc", "inh"}
    assert snnrun("validate", "mine.yaml").exit_code == 0


def test_every_section_is_explained(snnrun, workplace):
    snnrun("new", "mine.yaml")
    assert (workplace / "mine.yaml").read_text().count("#") > 10


def test_a_file_that_exists_is_not_touched(snnrun, workplace):
    before = (workplace / "tiny.yaml").read_text()
    result = snnrun("new", "tiny.yaml")
    assert result.exit_code == 2
    assert result.stderr == "Error: tiny.yaml: exists already. Choose another name, or remove it.\n"
    assert (workplace / "tiny.yaml").read_text() == before


def test_a_missing_folder_is_named(snnrun):
    result = snnrun("new", "nowhere/mine.yaml")
    assert result.exit_code == 2 and "nowhere/mine.yaml: cannot be written" in result.stderr
