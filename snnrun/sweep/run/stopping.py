"""Ctrl-C, and what a scheduler sends before the time is over, end work in the same orderly way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(KeyboardInterrupt):
    """We were told to stop: by Ctrl-C, or by a scheduler before the time is over."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.exit_code = 128 + number


def _heard(number: int, frame: FrameType | None) -> None:
    """Do nothing. Python complains when a signal is ignored (`SIG_IGN`) that came together with the first."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Let signals stop the block as exceptions do; the shell may have told us to ignore them."""
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, _heard)  # a second one must not disturb the cleaning up
        raise Stopped(number)

    before = [signal.getsignal(each) for each in signals]
    try:
        for each in signals:
            signal.signal(each, stop)
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
