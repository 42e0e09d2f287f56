"""What holds for every test: the surroundings of the person who runs them neither help nor suffer."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def surroundings_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One build cache for the session, empty at its start: tests share builds, but no build of yesterday passes one."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of all processes of this session
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNNRUN_CACHE", str(folder / "cache"))
        patch.delenv("SNNRUN_CATALOG", raising=False)
        patch.setenv("MPLBACKEND", "Agg")
        yield
