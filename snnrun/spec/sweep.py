"""The section ``sweep`` of an experiment."""

from __future__ import annotations

from typing import Any, Literal

Keep = Literal["full", "analysis", "summary"]
Raw = bool | int | float | str | list[Any] | dict[str, Any]
"""A value as YAML gives it."""
