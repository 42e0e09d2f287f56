"""What every metric of the catalog promises."""

from __future__ import annotations

import inspect
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from snnrun.metrics.activity import Activity
from snnrun.metrics.analyse import standard_metrics
from snnrun.metrics.base import Metric
from snnrun.registry import entries
from snnrun.units import unit

CATALOG = entries("metrics")
CASES = {
    "no spikes": ([[]] * 3, 1.0),
    "one spike": ([[], [0.5], []], 1.0),
    "one neuron": ([np.arange(0.01, 0.99, 0.02)], 1.0),
    "one neuron, one spike": ([[0.5]], 1.0),
    "no neurons": ([], 1.0),
    "all silent but one": ([[], np.arange(0.01, 0.99, 0.02), [], []], 1.0),
    "a window of few bins": ([[0.0005, 0.001], [0.0015]], 0.003),
    "a window shorter than a bin": ([[0.0001], [0.0002]], 0.0005),
    "a window of one time step": ([[0.0], [0.0]], 1e-5),
    "two spikes at once": ([[0.5, 0.5, 0.5], [0.2, 0.2, 0.4]], 1.0),
}


@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_an_entry_says_what_it_is(entry):
    assert issubclass(entry, Metric)
    assert len(entry.summary()) > 30
    assert "\n\n" in inspect.getdoc(entry), "the definition follows the summary"
    assert "NaN" in inspect.getdoc(entry) or "0 Hz" in inspect.getdoc(entry), "the edge cases are told"
    assert set(entry.meanings()) == set(entry.model_fields) - {"metric"}, "each parameter has a sentence"


@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_references_can_be_looked_up(entry):
    for reference in entry.references:
        assert re.search(r"\b(19|20)\d\d\b", reference.citation)
        assert re.fullmatch(r"10\.\d{4,}/\S+", reference.doi)


def test_metrics_named_after_somebody_cite_a_paper():
    named = {"cv2", "lv", "lvr", "fano", "psd", "synchrony", "regime"} | {
        "population_fano", "van_rossum", "victor_purpura", "isi_distance", "spike_distance", "spike_sync",
        "schreiber_reliability", "event_reliability", "event_precision",
    }  # fmt: skip
    assert all(CATALOG[name].references for name in named)


@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_an_entry_survives_being_written_down(entry):
    assert entry.model_validate(entry().model_dump(mode="json")) == entry()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_poor_data_gives_a_result_and_no_warning(entry, case, activity_of):
    measurement = activity_of(*CASES[case]).measure(entry())

    assert isinstance(measurement.value, str) or not math.isinf(measurement.value)
    assert measurement.is_defined == (measurement.n_valid > 0), "a value rests on something, and only a value does"
    assert measurement.parameters.keys() == entry.model_fields.keys() - {"metric"}
    if measurement.unit:
        unit(measurement.unit)
    for series in measurement.series.values():
        unit(series.unit)
        assert not np.isinf(series.data).any()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_poor_trials_give_a_result_and_no_warning(entry, case, activity_of):
    # A trial of poor data, a silent one, and the first again.
    one = activity_of(*CASES[case])
    ticks, node_ids = np.tile(one.spikes.ticks, 2), np.tile(one.spikes.node_ids, 2)
    spikes = replace(one.spikes, ticks=ticks, node_ids=node_ids, trial=np.repeat([0, 2], len(one.spikes)))
    measurement = Activity("exc", spikes, n_trials=3).measure(entry())

    assert isinstance(measurement.value, str) or not math.isinf(measurement.value)
    assert measurement.is_defined == (measurement.n_valid > 0), "a value rests on something, and only a value does"
    assert measurement.parameters.keys() == entry.model_fields.keys() - {"metric"}
    assert all(not np.isinf(series.data).any() for series in measurement.series.values())


# What is 0 without a single spike, because it is defined there; everything else is undefined.
ZERO_WHEN_SILENT = {"mean_rate", "population_rate", "psd"} | {
    "van_rossum", "victor_purpura", "isi_distance", "spike_distance",
}  # fmt: skip


@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_the_undefined_is_nan_and_never_zero(entry, activity_of):
    name = entry.model_fields["metric"].default
    value = activity_of(*CASES["no spikes"]).measure(entry()).value
    if name == "regime":
        assert value == "silent"
    elif name in ZERO_WHEN_SILENT:
        assert value == 0
    else:
        assert math.isnan(value)


@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_nothing_is_known_of_no_neurons(entry, activity_of):
    measurement = activity_of(*CASES["no neurons"]).measure(entry())
    assert not measurement.is_defined
    assert measurement.n_valid == 0


@pytest.mark.parametrize("name", ["cv_isi", "cv2", "lv", "lvr", "isi_histogram", "synchrony", "correlation", "regime"])
def test_one_spike_tells_nothing_of_intervals_or_pairs(name, activity_of):
    assert not activity_of(*CASES["one neuron, one spike"]).measure(CATALOG[name]()).is_defined


def test_the_standard_set_is_the_classical_one():
    assert {metric.metric for metric in standard_metrics()} == {
        "autocorrelation", "correlation", "cv2", "cv_isi", "fano", "isi_histogram", "lv", "mean_rate",
        "peak_frequency", "population_rate", "psd", "regime", "synchrony",
    }  # fmt: skip
