"""An input to a part of a population: a count, numbers, labels."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from snnrun.inputs.constant_current import ConstantCurrent
from snnrun.inputs.noise_current import NoiseCurrent
from snnrun.inputs.part import chosen, part_problem
from snnrun.inputs.poisson import Poisson
from snnrun.quantities import Scope
from snnrun.units import Quantity

LABELS = ("AVAL", "AVAR", "PVCL", "PVCR")


def current(neurons):
    scope = Scope({"n": Quantity(3.0)})
    return ConstantCurrent.model_validate({"to": "exc", "amplitude": "1 pA", "neurons": neurons}, context=scope)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [(2, [0, 1]), ("n - 1", [0, 1]), ([3, 1], [3, 1]), (["PVCL", "AVAL"], [2, 0]), (None, [0, 1, 2, 3])],
)
def test_neurons_are_found_by_count_number_or_label(written, numbers):
    part = current(written).neurons
    assert part_problem(part, 4, LABELS) is None
    assert chosen(part, 4, LABELS).tolist() == numbers


@pytest.mark.parametrize(
    ("part", "labels", "said"),
    [
        (5, LABELS, "There are only 4 neurons, not 5."),
        ((), LABELS, "No neurons are chosen: name some, or remove the key."),
        ((1, 4), LABELS, "There is no neuron 4: they are 0 to 3."),
        ((1, 1), LABELS, "Neuron 1 is named twice. Remove one."),
        (("AVAL",), (), "Neuron 'AVAL' cannot be found: the population has no 'labels'. Give it some, or use numbers."),
        (("PVCRR",), LABELS, "There is no neuron 'PVCRR'. Did you mean 'PVCR'?"),
    ],
)
def test_neurons_that_are_not_there_are_missed(part, labels, said):
    assert part_problem(part, 4, labels) == said


@pytest.mark.parametrize("written", [0, [-1], [1.5], [0, "AVAL"], True, {"n": 1}])
def test_what_chooses_no_neurons_is_refused(written):
    with pytest.raises(ValidationError):
        current(written)


def test_a_current_is_masked_by_zeros_and_ones():
    contribution = current([3, 1]).contribution_to(4, ())
    assert contribution.current == "part * (amplitude)"
    np.testing.assert_array_equal(contribution.parameters["part"].values, [0, 1, 0, 1])


def test_random_spikes_are_masked_where_they_arrive():
    source = Poisson.model_validate({"to": "exc", "rate": "1 Hz", "weight": "1 mV", "neurons": 2, "stop": "1 ms"})
    assert source.contribution_to(4, ()).update == "target += active * part * (weight * poisson(n * rate * dt))"


def test_a_noise_process_goes_on_while_its_current_is_held_back():
    source = NoiseCurrent.model_validate({"to": "exc", "sd": "1 pA", "tau": "5 ms", "start": "1 ms"})
    held_back, plain = source.contribution_to(4, ()), source.contribution()
    assert held_back.current == "active * ((mean + sd * x))"
    assert held_back.update == plain.update
