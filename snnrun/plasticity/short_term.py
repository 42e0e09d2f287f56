"""Short-term plasticity: depression and facilitation."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.plasticity.base import Changes, PlasticityRule
from snnrun.quantities import PositiveTime, Probability
from snnrun.units import quantity


class ShortTerm(PlasticityRule):
    """Short-term plasticity: each spike uses up a part of the resources, which recover; use itself may facilitate.

    A fraction x of the resources is available, 1 at the start: dx/dt = (1 − x)/`tau_rec`. With `tau_facil`, the part
    u that a spike uses decays between spikes, du/dt = −u/`tau_facil`, from 0 at the start. At a spike, in this order:
    u → u + U (1 − u); the synapse transmits weight · u · x; x → x − u x. So the first spike transmits weight · U.
    Without `tau_facil`, u stays at U: depression alone.
    """

    references: ClassVar = (
        Reference("Tsodyks & Markram (1997) Proc. Natl. Acad. Sci. USA 94:719–723", "10.1073/pnas.94.2.719"),
        Reference("Tsodyks, Pawelzik & Markram (1998) Neural Comput. 10:821–835", "10.1162/089976698300017502"),
        Reference("Tsodyks, Uziel & Markram (2000) J. Neurosci. 20:RC50", "10.1523/JNEUROSCI.20-01-j0003.2000"),
    )
    example: ClassVar[str] = "{rule: short_term, U: 0.04, tau_rec: 100 ms, tau_facil: 1 s}"

    rule: Literal["short_term"] = "short_term"
    U: Probability = quantity("0.5")
    """Part of the resources that the first spike uses."""
    tau_rec: PositiveTime = quantity("800 ms")
    """Time constant of recovery."""
    tau_facil: PositiveTime | None = None
    """Time constant of facilitation; without it there is none."""
    active: Probability = quantity("1")
    """At 0 all spikes transmit what the first one does, weight · U; between, a mixture of both."""

    def changes(self) -> Changes:
        use = "U" if self.tau_facil is None else "u"
        state = ["dx/dt = (1 - x) / tau_rec : 1 (event-driven)"]
        parameters = {"U": self.U, "tau_rec": self.tau_rec, "active": self.active}
        if self.tau_facil is not None:
            state.append("du/dt = -u / tau_facil : 1 (event-driven)")
            parameters["tau_facil"] = self.tau_facil
        return Changes(
            state="\n".join(state),
            parameters=parameters,
            initial={"x": 1.0},
            before="" if self.tau_facil is None else "u += U * (1 - u)",
            transmitted=f"weight * (active * {use} * x + (1 - active) * U)",
            after=f"x -= {use} * x",
        )
