"""The functions of model code, and what each makes of the dimensions of its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Rule = Literal["plain", "same", "root", "any"]


@dataclass(frozen=True)
class ModelFunction:
    """A function that equations and statements may call.

    Parameters
    ----------
    arity
        Number of arguments.
    rule
        ``plain``: plain numbers in, a plain number out; ``same``: arguments of one dimension, which the result has;
        ``root``: the result has the square root of the dimension; ``any``: any dimension in, a plain number out.
    random
        Whether every call draws anew.
    """

    arity: int
    rule: Rule
    random: bool = False


_PLAIN: Final = (
    *("exp", "log", "log10", "log1p", "expm1", "exprel", "int"),
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan"),
)

FUNCTIONS: Final = {
    **{name: ModelFunction(1, "plain") for name in _PLAIN},
    "sqrt": ModelFunction(1, "root"),
    "abs": ModelFunction(1, "same"),
    "ceil": ModelFunction(1, "same"),
    "floor": ModelFunction(1, "same"),
    "clip": ModelFunction(3, "same"),
    "sign": ModelFunction(1, "any"),
    "rand": ModelFunction(0, "plain", random=True),
    "randn": ModelFunction(0, "plain", random=True),
    "poisson": ModelFunction(1, "plain", random=True),
}
MODEL_FUNCTIONS: Final = frozenset(FUNCTIONS)
