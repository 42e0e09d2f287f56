"""Who is connected to whom: one file per rule, holding its definition, its drawing and its source."""

from snnrun.connectivity.base import Connections, ConnectivityRule, Ends, Neurons

__all__ = ["Connections", "ConnectivityRule", "Ends", "Neurons"]
