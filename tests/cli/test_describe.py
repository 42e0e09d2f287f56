"""`snnrun describe`: the network and what it needs, without building it."""

from __future__ import annotations

import json
from pathlib import Path

BRUNEL = Path(__file__).parents[2] / "experiments" / "brunel_2000" / "ai.yaml"


def test_equations_parameters_and_needs_are_shown(snnrun):
    result = snnrun("describe", str(BRUNEL))
    assert result.exit_code == 0, result.output
    for text in (
        "Population exc: 10000 neurons, lif, excitatory",
        "dv/dt = (v_rest - v + r_m * I_total) / tau_m : volt (unless refractory)",
        "tau_m = 20 ms",
        "Projection exc_to_all: exc → inh, delta",
        "2,500,000 synapses expected, 1,000 per target neuron",
        "weight -0.5 mV, delay 1.5 ms",
        "12,500 neurons, 15,625,000 synapses",
    ):
        assert text in result.stdout
    assert "Recorded neurons fire at 10 Hz" in result.stdout, "assumptions are said"


def test_json_holds_the_same(snnrun):
    told = json.loads(snnrun("describe", str(BRUNEL), "--json").stdout)
    assert told["totals"]["synapses"] == 15_625_000
    assert told["description"]["populations"][0]["parameters"]["tau_m"] == "20 ms"


def test_nothing_is_compiled_for_it(snnrun, workplace, monkeypatch):
    monkeypatch.setenv("SNNRUN_CACHE", str(workplace / "cache"))
    monkeypatch.setenv("CXX", "there-is-no-such-compiler")
    assert snnrun("describe", "tiny.yaml").exit_code == 0
    assert not (workplace / "cache").exists()


def test_an_engine_that_cannot_is_told(snnrun, workplace):
    gaps = "{from: cells, to: cells, synapse: {model: electrical, weight: 1 nS}, connectivity: all_to_all}"
    text = (workplace / "tiny.yaml").read_text()
    (workplace / "coupled.yaml").write_text(f"{text}projections: {{gaps: {gaps}}}\n")
    assert "(the fast engine cannot run synapses that act at any moment" in snnrun("describe", "coupled.yaml").stdout
    assert "fast engine cannot" not in snnrun("describe", "tiny.yaml").stdout
    assert json.loads(snnrun("describe", "coupled.yaml", "--json").stdout)["description"]["engine"] == "reference"
