"""`snnrun plot`: one figure, as the user wants it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("name", "begin"), [("a.pdf", b"%PDF"), ("a.png", b"\x89PNG"), ("a.svg", b"<?xml")])
def test_the_suffix_decides_the_format(snnrun, results, workplace, name, begin):
    result = snnrun("plot", "results", "raster", "--set", "neurons=5", "-o", name)
    assert (result.exit_code, result.stdout) == (0, f"Figure: {name}\n")
    assert (workplace / name).read_bytes().startswith(begin)


def test_without_a_name_the_figure_joins_those_of_the_run(snnrun, results):
    result = snnrun("plot", "results/tiny/latest", "{figure: isi}")
    run = (results / "tiny" / "latest").resolve()
    assert result.exit_code == 0 and (run / "figures" / "isi.png").is_file()


def test_what_the_recording_lacks_is_said(snnrun, results):
    result = snnrun("plot", "results", "traces")
    assert result.exit_code == 2
    assert "The figure 'traces' cannot be drawn. The variable 'v' was not recorded." in result.stderr


def test_names_are_guessed(snnrun, results):
    assert "Did you mean 'raster'?" in snnrun("plot", "results", "rastr").stderr
    assert "Did you mean 'neurons'?" in snnrun("plot", "results", "raster", "--set", "neuron=5").stderr


def test_another_suffix_is_refused(snnrun, results):
    result = snnrun("plot", "results", "raster", "-o", "a.docx")
    assert result.exit_code == 2 and "figures are saved as png, pdf, svg" in result.stderr
