"""What a course is: a factor over time."""

from __future__ import annotations

from abc import abstractmethod

from snnrun.datafiles import FloatArray
from snnrun.entry import Entry


class Course(Entry):
    """A factor over time, by which a rate is multiplied; never negative. A step has the factor of its beginning."""

    @abstractmethod
    def values(self, n_ticks: int, dt: float) -> FloatArray:
        """The factor of each time step; shape (n_ticks,).

        Parameters
        ----------
        dt
            Time step in seconds.
        """

    @abstractmethod
    def largest(self) -> float:
        """The largest factor there can be."""

    def problem(self) -> str | None:
        """Why the course cannot be followed; None if it can."""
        return None
