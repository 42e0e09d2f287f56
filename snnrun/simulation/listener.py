"""Who is told how a run goes."""

from __future__ import annotations


class Listener:
    """Hears how a run goes; this one does nothing about it. The command line shows it to the user."""

    def stage(self, message: str) -> None:
        """A stage of the run begins."""

    def progress(self, fraction: float) -> None:
        """So much of the simulated time is done, from 0 to 1."""

    def remark(self, message: str) -> None:
        """Something that the user should know."""
