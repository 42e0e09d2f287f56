"""Entries of the catalog by themselves, from the command line or from a recording."""

from __future__ import annotations

import pytest

from snnrun.errors import SpecError
from snnrun.metrics.psd import Psd
from snnrun.spec.entries import read_entry
from snnrun.units import quantity


def test_a_name_and_a_mapping_give_an_entry():
    assert read_entry("metrics", "psd", "--metric") == Psd()
    assert read_entry("metrics", {"metric": "psd", "resolution": "5 Hz"}, "--metric") == Psd(
        resolution=quantity("5 Hz")
    )


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("psdd", "There is no metric 'psdd'. Did you mean 'psd'?"),
        ({"metric": "psd", "resolutoin": "5 Hz"}, "Unknown key. Did you mean 'resolution'?"),
        ({"metric": "psd", "resolution": "5 ms"}, "Expected a value in Hz, got 5 ms"),
        ({"resolution": "5 Hz"}, "'metric' is missing"),
        (5, "'metric' is missing"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(raw, said):
    with pytest.raises(SpecError) as error:
        read_entry("metrics", raw, "--metric")
    assert said in str(error.value) and "--metric" in str(error.value)
