"""Random numbers in the code of neurons: drawn for a block of them at once, before the loop that uses them.

Each place in the code of the program that draws has a stream of its own. Brian writes such a place as a call with the
number of the neuron, ``_rand(_vectorisation_idx)``. Where a loop is about few neurons, or computes itself what is
drawn from, numbers are drawn one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

_NEURON: Final = "_vectorisation_idx"
_CALL: Final = re.compile(r"\b_(rand|randn|poisson)\(")
_CHANCE: Final = re.compile(rf"const char _cond = _rand\({_NEURON}\) < (\w+);")
_NAME: Final = re.compile(r"\b[A-Za-z_]\w*")
# A variable of each neuron that the code reads and does not change.
_READ: Final = re.compile(r"^\s*const (double|char|int32_t) (\w+) = \w+\[\w+\];$", re.MULTILINE)
# What a loop knows of a neuron.
_DECLARED: Final = re.compile(r"^\s*(?:const )?\w+ (\w+)(?: = .*)?;$", re.MULTILINE)
_FILL: Final = {"rand": "uniform", "randn": "normal", "poisson": "poisson"}


@dataclass(frozen=True)
class Drawn:
    """Code that finds its random numbers in arrays, and the lines before it that fill these."""

    code: str
    draws: str
    stream: str = ""


class Streams:
    """Numbers the streams of one program."""

    def __init__(self) -> None:
        self._numbers = count()

    def drawn(self, statements: Sequence[str]) -> Drawn:
        """The code of a loop over neurons, with its random numbers drawn beforehand."""
        lines: list[str] = []
        code = "\n".join(statements)
        while call := _CALL.search(code):
            before, mean, after = _apart(code, call)
            number, stream = self._stream(lines)
            if call[1] == "poisson" and _is_computed(mean, before):
                code = f"{before}{_one(stream, call[1], mean)}{after}"
                continue
            lines.append(f"alignas(64) double _drawn_{number}[snnrun::BLOCK];")
            if call[1] == "poisson":
                lines += _poisson(number, stream, mean, before)
            else:
                lines.append(f"{stream}.{_FILL[call[1]]}(_drawn_{number}, _range.tick, _range.first, _range.end);")
            code = f"{before}_drawn_{number}[_idx - _range.first]{after}"
        return Drawn(code, "\n".join(lines))

    def drawn_one_by_one(self, statements: Sequence[str]) -> Drawn:
        """The code of a loop over some neurons, which draws their random numbers as it goes."""
        lines: list[str] = []
        code = "\n".join(statements)
        while call := _CALL.search(code):
            before, mean, after = _apart(code, call)
            _, stream = self._stream(lines)
            code = f"{before}{_one(stream, call[1], mean)}{after}"
        return Drawn(code, "\n".join(lines))

    def chance(self, statements: Sequence[str]) -> Drawn | None:
        """The probability with which each neuron fires, if the code of a threshold says no more than that."""
        found = _CHANCE.fullmatch("\n".join(statements).strip())
        if found is None:
            return None
        lines: list[str] = []
        _, stream = self._stream(lines)
        return Drawn(found[1], "\n".join(lines), stream)

    def _stream(self, lines: list[str]) -> tuple[int, str]:
        number = next(self._numbers)
        stream = f"_stream_{number}"
        # Each thread has its own; they hold tables that they make as they go.
        lines.append(f"static thread_local snnrun::Random {stream}(::simulation.seed, {number});")
        return number, stream


def _apart(code: str, call: re.Match[str]) -> tuple[str, str, str]:
    """What stands before a call, its argument without the number of the neuron, and what stands after it."""
    end = _closing(code, call.end())
    argument = code[call.end() : end].removesuffix(_NEURON).rstrip().removesuffix(",")
    return code[: call.start()], argument, code[end + 1 :]


def _one(stream: str, function: str, mean: str) -> str:
    """The number of one neuron."""
    return f"{stream}.{_FILL[function]}({f'{mean}, ' if mean else ''}_range.tick, _idx)"


def _is_computed(mean: str, before: str) -> bool:
    """Whether a mean follows from more than shared values and variables of the neuron: the loop has to compute it."""
    given = {found[2] for found in _READ.finditer(before)}
    computed = {_NEURON, *_DECLARED.findall(before)} - given
    return not computed.isdisjoint(_NAME.findall(mean))


def _poisson(number: int, stream: str, mean: str, before: str) -> Iterator[str]:
    """Lines that draw Poisson numbers whose mean is an expression in a loop, after the code ``before`` it there."""
    own = {found[2]: found[0] for found in _READ.finditer(before)}
    needed = [line for name, line in own.items() if name in _NAME.findall(mean)]
    if not needed:
        yield f"{stream}.poisson(_drawn_{number}, {mean}, _range.tick, _range.first, _range.end);"
        return
    yield "for (int64_t _idx = _range.first; _idx < _range.end; ++_idx) {"
    yield from (f"    {line}" for line in needed)
    yield f"    _drawn_{number}[_idx - _range.first] = {mean};"
    yield "}"
    yield f"{stream}.poisson_each(_drawn_{number}, _range.tick, _range.first, _range.end);"


def _closing(code: str, start: int) -> int:
    """Where the parenthesis that was opened just before ``start`` is closed."""
    depth = 1
    for position in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[position], 0)
        if depth == 0:
            return position
    raise ValueError(f"unbalanced parentheses in generated code: {code}")
