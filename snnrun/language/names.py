"""Which names a user may give to parameters, variables, populations."""

from __future__ import annotations

import keyword
import re
from typing import Final

from snnrun.language.distance import DISTANCE
from snnrun.language.functions import MODEL_FUNCTIONS
from snnrun.language.model_units import is_model_unit
from snnrun.language.reserved import SPELLING, is_spelled, spelling_problem
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
    "delay": "the delay of a synapse",
    "refractory": "the refractory time",
} | dict.fromkeys(CONSTANTS, "a constant")
_RESERVED_LABELS: Final = {"network": "all populations together", "summary": "the table of results"}
_SUFFIXES: Final = ("_pre", "_post")
_SUFFIX_PROBLEM: Final = (
    "{name!r} ends like a variable of the source (_pre) or target (_post) of a synapse; choose another name"
)

# Brian refuses a variable with the name of any unit it knows, up to the femtolux (flux).
_BRIAN_UNIT: Final = re.compile(
    r"(Y|Z|E|P|T|G|M|k|h|da|d|c|m|u|n|p|f|a|z|y)?"
    r"(amp|ampere|becquerel|candle|coulomb|farad|gram|gramme|gray|henry|hertz|joule|katal|kelvin|kilogram|kilogramme"
    r"|klitre|liter|litre|lumen|lux|meter|metre|molar|mol|mole|newton|ohm|pascal|radian|second|siemens|sievert"
    r"|steradian|tesla|volt|watt|weber)[23]?\Z"
    r"|(Hz|kHz|MHz|GHz|[cmu]m[23]?|kgram(me)?|celsius)\Z"
)


def parameter_problem(name: str) -> str | None:
    """Why a parameter of an experiment cannot have this name, a sentence for the user; ``None`` when it can.

    Parameters are used in value expressions only: ``N`` and ``t`` are free there.
    """
    if not is_spelled(name):
        return SPELLING.format(name=name[:70])
    if keyword.iskeyword(name):
        return f"{name!r} is a keyword of Python; choose another name"
    if name in CONSTANTS:
        return f"{name!r} is a constant; choose another name"
    if name == DISTANCE:
        return f"{name!r} stands for the distance between two neurons; choose another name"
    if name in FUNCTION_NAMES:
        return f"{name!r} is a function; choose another name"
    if is_unit(name):
        return f"{name!r} is a unit; choose another name"
    return None


def label_problem(name: str) -> str | None:
    """Why a population, projection, input or receptor cannot have this name.

    Names of variables end in it, as in ``g_exc``, and names of files and of objects of the program hold it.
    """
    if not is_spelled(name):
        return SPELLING.format(name=name[:70])
    if "__" in name or name.endswith("_"):
        return f"{name!r} has a '_' too many; let it stand between letters or digits, one at a time"
    if name.endswith(_SUFFIXES):
        return _SUFFIX_PROBLEM.format(name=name)
    if name in _RESERVED_LABELS:
        return f"{name!r} stands for {_RESERVED_LABELS[name]}; choose another name"
    return None


def variable_problem(name: str) -> str | None:
    """Why a variable of equations cannot have this name.

    Units of one letter are allowed: ``m`` is the gate of a sodium channel, and as in Brian the unit is ``meter``.
    """
    if problem := spelling_problem(name):
        return problem
    if name in _MEANINGS or name.startswith("xi_"):
        return f"{name!r} stands for {_MEANINGS.get(name, 'white noise')} in model code; choose another name"
    if name.endswith(_SUFFIXES):
        return _SUFFIX_PROBLEM.format(name=name)
    if name in MODEL_FUNCTIONS | FUNCTION_NAMES:
        return f"{name!r} is a function; choose another name"
    if is_model_unit(name) or _BRIAN_UNIT.match(name):
        return f"{name!r} is a unit; choose another name"
    return None
