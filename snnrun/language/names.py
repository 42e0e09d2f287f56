"""Which names a user may give to parameters, variables, populations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from snnrun.language.functions import MODEL_FUNCTIONS
from snnrun.language.model_units import is_model_unit
from snnrun.language.reserved import spelling_problem
from snnrun.language.values import CONSTANTS, FUNCTION_NAMES
from snnrun.units import is_unit

# What these names stand for in model code.
_MEANINGS: Final = {
    "t": "the time",
    "dt": "the time step",
    "i": "the index of a neuron, or of the source of a synapse",
    "j": "the index of the target of a synapse",
    "N": "the number of neurons",
    "e": "Euler's number",
    "inf": "infinity",
    "xi": "white noise",
    "lastspike": "the time of the last spike",
    "lastupdate": "the time of the last update of a synapse",
    "not_refractory": "whether a neuron may spike",
    "refractory_until": "the end of the refractory time",
    "t_in_timesteps": "the number of steps so far",
    "timestep": "a function of Brian",
    "integer": "a type of variable",
    "boolean": "a type of variable",
} | dict.fromkeys(CONSTANTS, "a constant")
# They stand for these in the equations of synapses and neurons, but are good names for parameters of an experiment.
_MEANINGS_OF_VARIABLES: Final = {"delay": "the delay of a synapse", "refractory": "the refractory time"}
_SUFFIXES: Final = ("_pre", "_post")

# Brian refuses a variable with the name of any unit it knows, up to the femtolux (flux).
_BRIAN_UNIT: Final = re.compile(
    r"(Y|Z|E|P|T|G|M|k|h|da|d|c|m|u|n|p|f|a|z|y)?"
    r"(amp|ampere|becquerel|candle|coulomb|farad|gram|gramme|gray|henry|hertz|joule|katal|kelvin|kilogram|kilogramme"
    r"|klitre|liter|litre|lumen|lux|meter|metre|molar|mol|mole|newton|ohm|pascal|radian|second|siemens|sievert"
    r"|steradian|tesla|volt|watt|weber)[23]?\Z"
    r"|(Hz|kHz|MHz|GHz|[cmu]m[23]?|kgram(me)?|celsius)\Z"
)


def name_problem(name: str) -> str | None:
    """Why something cannot be given this name, a sentence for the user; ``None`` when it can."""
    if is_unit(name):
        return f"{name!r} is a unit; choose another name"
    return _problem(name, _MEANINGS)


def variable_problem(name: str) -> str | None:
    """As `name_problem`, for the variables of equations.

    Units of one letter are allowed there: ``m`` is the gate of a sodium channel, and as in Brian the unit is ``meter``.
    """
    return _problem(name, _MEANINGS | _MEANINGS_OF_VARIABLES)


def _problem(name: str, meanings: Mapping[str, str]) -> str | None:
    if problem := spelling_problem(name):
        return problem
    if name in meanings or name.startswith("xi_"):
        return f"{name!r} stands for {meanings.get(name, 'white noise')} in model code; choose another name"
    if name.endswith(_SUFFIXES):
        return f"{name!r} ends like a variable of the source (_pre) or target (_post) of a synapse; choose another name"
    if name in MODEL_FUNCTIONS | FUNCTION_NAMES:
        return f"{name!r} is a function; choose another name"
    if is_model_unit(name) or _BRIAN_UNIT.match(name):
        return f"{name!r} is a unit; choose another name"
    return None
