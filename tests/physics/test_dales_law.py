"""experiments/dales_law: what a neuron sends has one sign, and the file that breaks the law is told so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import snnrun
from snnrun.errors import SpecError

FOLDER = Path(__file__).parents[2] / "experiments" / "dales_law"


def message_about(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        snnrun.load(path)
    return str(caught.value).replace(str(path), path.name)


def test_each_slip_is_named_with_its_place_and_the_remedy():
    message = message_about(FOLDER / "breaks_it.yaml")
    assert message.count("breaks_it.yaml:") == 3
    assert "normal(30 pA, 9 pA) can be negative, but 'exc' is excitatory" in message
    assert "'inh' is inhibitory, but this weight is positive: 120 pA. Turn the sign" in message
    assert "the reversal potential must be below the threshold of 'inh' (-50 mV), but it is 0 mV" in message
    assert message.endswith("3 problems in breaks_it.yaml")


def test_the_readme_shows_what_is_said():
    assert message_about(FOLDER / "breaks_it.yaml") in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_a_value_of_the_command_line_cannot_break_it_either():
    with pytest.raises(SpecError, match="'inh' is inhibitory, but this weight is positive: 30 pA"):
        snnrun.load(FOLDER / "obeys.yaml", settings={"projections.inhibition.synapse.weight": "J"})


@pytest.mark.physics
def test_what_a_neuron_sends_has_one_sign(record):
    synapses = record("dales_law/obeys.yaml", settings={"simulation.duration": "0.3 s"}).synapses
    sent = {name: [table for key, table in synapses.items() if f"/{name}/" in key] for name in ("exc", "inh")}
    assert [len(tables) for tables in sent.values()] == [2, 2]
    for tables, sign in zip(sent.values(), (1, -1), strict=True):
        weights = np.concatenate([table.weight for table in tables])
        assert len(weights) > 300
        assert np.all(sign * weights >= 0)
        # They scatter all the same: normally, with 0.3 of the mean; the standard error of both is below 2 %.
        assert weights.std() / abs(weights.mean()) == pytest.approx(0.3, rel=4 / np.sqrt(2 * len(weights)))
