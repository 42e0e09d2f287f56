"""For which processors programs are compiled that run on the nodes of a cluster."""

from __future__ import annotations

from collections.abc import Mapping

from snnrun.simulation.processor import is_x86_64


def shared_arch() -> Mapping[str, str]:
    """The setting with which all nodes share one program and give the same bits; none on other families than x86-64.

    The third level has AVX2 and FMA, and all servers since 2013 (Intel) and 2015 (AMD).
    """
    return {"simulation.arch": "x86-64-v3"} if is_x86_64() else {}
