"""What a bare word of the YAML file means: YAML 1.2's core schema, less what surprises somebody.

``no`` and ``on`` are text and ``1e-3`` is a number, as YAML 1.2 says. Refused is whatever YAML 1.1 and 1.2, or a reader
who knows Python, would read as different things: ``010``, ``0x1f``, ``1_000``, ``1:30``, ``2024-05-01``. In quotes all
of them are text.

Source: YAML 1.2.2, section 10.3.2, https://yaml.org/spec/1.2.2/#1032-tag-resolution
"""

from __future__ import annotations

import math
import re
from typing import Final

Scalar = str | int | float | bool | None

_WORDS: Final[dict[str, bool | None]] = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE: Final = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_OTHER_BASE: Final = re.compile(r"[-+]?0[xobXOB][0-9a-fA-F_]+")
# Tried after the numbers, so that what matches does hold an underscore.
_UNDERSCORES: Final = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9_]+)?")
_SEXAGESIMAL: Final = re.compile(r"[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([Tt]|[ \t]+)[0-9]{1,2}:[0-9:.]+.*)?")


class ScalarError(ValueError):
    """A bare word that must not be guessed at.

    Parameters
    ----------
    message, hint
        What is wrong and what to write instead, for the user.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def plain_scalar(text: str) -> Scalar:
    """The value of an unquoted word.

    Raises
    ------
    ScalarError
        If the word is ambiguous or a number out of range.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    _refuse_ambiguous(text)
    return text


def _integer(text: str) -> int:
    # The length first: Python takes quadratic time for integers of any size.
    if len(text) > 20 or not -(2**63) <= int(text) < 2**63:
        raise ScalarError(f"{_short(text)} is out of range", "Whole numbers go up to 9.2e18.")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    underflow = value == 0 and re.search("[1-9]", re.split("[eE]", text)[0])
    if math.isinf(value) or underflow:
        raise ScalarError(f"{_short(text)} is out of range", "Numbers lie between 1e-307 and 1e308.")
    return value


def _refuse_ambiguous(text: str) -> None:
    shown = _short(text)
    if _INFINITE.fullmatch(text):
        raise ScalarError(f"{shown} is not a finite number", "Every number of an experiment is finite.")
    if _LEADING_ZERO.fullmatch(text):
        raise ScalarError(
            f"{shown} has a leading zero, which some YAML readers take as octal",
            f"Write {_short(_without_leading_zeros(text))}, or quote it if it is text.",
        )
    if _OTHER_BASE.fullmatch(text):
        raise ScalarError(f"{shown} is not a decimal number", "Write it in decimals, or quote it if it is text.")
    if _UNDERSCORES.fullmatch(text):
        raise ScalarError(
            f"{shown} is a number to some YAML readers and text to others",
            f"Write {_short(text.replace('_', ''))}, or quote it if it is text.",
        )
    if _SEXAGESIMAL.fullmatch(text):
        raise ScalarError(
            f"{shown} is a number to base 60 to some YAML readers and text to others",
            "Write a time as a quantity such as '90 s', or quote it if it is text.",
        )
    if _DATE.fullmatch(text):
        raise ScalarError(f"{shown} is a date to some YAML readers and text to others", "Quote it if it is text.")


def _without_leading_zeros(text: str) -> str:
    return re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", text)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
