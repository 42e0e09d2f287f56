"""An experiment as a whole: what its run is called."""

from __future__ import annotations

import hashlib

import pytest

from snnrun.spec.experiment import json_text, run_id_of


@pytest.fixture
def same_beginning():
    """The texts of two experiments whose hashes have the first ten digits in common (found by trying seeds)."""
    texts = [json_text({"seed": seed}) for seed in (474259, 1167461)]
    digests = {hashlib.sha256(f'{{"simulation": {text}}}'.encode()).hexdigest()[:10] for text in texts}
    assert digests == {"b18446f265"}
    return texts


def test_runs_whose_hashes_begin_alike_have_different_names(same_beginning):
    one, other = (run_id_of({"simulation": text}) for text in same_beginning)
    assert one != other
    assert one.startswith("b18446f265") and other.startswith("b18446f265")
