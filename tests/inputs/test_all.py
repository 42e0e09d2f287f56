"""What holds for every input of the catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snnrun.inputs.base import InputModel
from snnrun.language.equations import parse_equations, parse_statements
from snnrun.quantities import Scope
from snnrun.registry import entries
from snnrun.spec.catalog import example
from snnrun.spec.reader import parse_value

N_NEURONS, N_TICKS, DT = 12, 3000, 1e-4

# Settings beside the example under which an input follows a stimulus that is drawn before the run.
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in sorted(entries("inputs"))),
    ("noise_current", {"frozen": True}),
    ("noise_current", {"frozen": True, "kind": "white", "density": "1 pA*sqrt(ms)", "sd": None, "tau": None}),
    ("poisson", {"frozen": True}),
    ("poisson", {"course": {"course": "sine", "frequency": "10 Hz"}}),
    ("poisson", {"frozen": True, "course": {"course": "sine", "frequency": "10 Hz"}}),
    ("correlated_poisson", {"process": "single_interaction"}),
    ("pulse_packet", {"same": False}),
]


@pytest.fixture(params=VARIANTS, ids=lambda variant: "-".join([variant[0], *variant[1]]))
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    name, variant = request.param
    (tmp_path / "current.csv").write_text("time,current\n0,5\n100,20\n")

    def read_with(**settings: Any) -> InputModel:
        entry = entries("inputs")[name]
        written = parse_value(example("inputs", entry)) | variant | settings
        found = entry.model_validate(written, context=Scope(folder=tmp_path))
        assert isinstance(found, InputModel)
        return found

    return read_with


def drawn(source: InputModel, n_ticks: int = N_TICKS, seed: int = 1) -> list[np.ndarray]:
    """All that an input draws beforehand."""
    waveform = source.waveform(n_ticks, DT, np.random.default_rng(seed))
    events = source.events(N_NEURONS, n_ticks, DT, np.random.default_rng(seed))
    return [*([waveform] if waveform is not None else []), *(events or ())]


def test_what_an_input_adds_is_in_the_equation_language(read):
    contribution = read(start="1 ms", neurons=3).contribution_to(N_NEURONS, ())
    names = {equation.name for equation in parse_equations(contribution.equations)} | {"target"}
    assert {statement.target for statement in parse_statements(contribution.update)} <= names
    assert {contribution.waveform, contribution.events} - {""} <= names
    assert contribution.current or contribution.synapse is not None


def test_the_same_generator_state_gives_the_same_stimulus(read):
    source = read()
    for one, other in zip(drawn(source), drawn(source), strict=True):
        np.testing.assert_array_equal(one, other)


def test_events_are_spikes_of_the_run_in_the_order_of_time(read):
    events = read().events(N_NEURONS, N_TICKS, DT, np.random.default_rng(1))
    if events is None:
        return
    assert (events.ticks.dtype, events.node_ids.dtype) == (np.int64, np.int32)
    assert np.all(np.diff(events.ticks) >= 0)
    assert len(events.ticks) == len(events.node_ids) > 0
    assert events.ticks[0] >= 0 and events.ticks[-1] < N_TICKS
    assert set(events.node_ids) == set(range(N_NEURONS))


def test_outside_of_start_and_stop_nothing_acts_and_inside_it_is_the_same(read):
    whole, timed = read(), read(start="9.9 ms", stop="20 ms")
    assert timed.is_timed
    before, after = whole.waveform(N_TICKS, DT, np.random.default_rng(1)), drawn(timed)[0]
    events = timed.events(N_NEURONS, N_TICKS, DT, np.random.default_rng(1))
    if events is None:
        inside = np.ones(N_TICKS) if before is None else before
        np.testing.assert_array_equal(after[99:200], inside[99:200])
        assert not after[:99].any() and not after[200:].any()
    else:
        all_of_them = whole.events(N_NEURONS, N_TICKS, DT, np.random.default_rng(1))
        acting = (all_of_them.ticks >= 99) & (all_of_them.ticks < 200)
        np.testing.assert_array_equal(events.ticks, all_of_them.ticks[acting])
        np.testing.assert_array_equal(events.node_ids, all_of_them.node_ids[acting])


def test_what_is_not_used_costs_nothing(read):
    source = read()
    assert source.contribution_to(N_NEURONS, ()) == source.contribution()
    assert source.part(N_NEURONS, ()).tolist() == list(range(N_NEURONS))


def test_the_number_of_events_is_about_the_expected_one(read):
    source = read()
    events = source.events(N_NEURONS, N_TICKS, DT, np.random.default_rng(1))
    found = 0 if events is None else len(events.ticks)
    expected = source.expected_events(N_NEURONS, N_TICKS * DT)
    # The estimate of memory takes the peak of a course, here twice its mean.
    assert found / 1.5 <= expected <= 2.5 * found


def test_an_input_survives_being_written_and_read(read, tmp_path):
    source = read(start="1 ms", stop="2 ms", neurons=[0, 2])
    again = type(source).model_validate(source.model_dump(mode="json", by_alias=True), context=Scope(folder=tmp_path))
    assert again == source


def test_an_input_explains_itself(read):
    source = read()
    assert len(source.summary()) > 20
    assert set(source.meanings()) == set(type(source).model_fields) - {"model"}, "each key has a sentence below it"
    assert all(reference.citation and reference.doi for reference in source.references)
