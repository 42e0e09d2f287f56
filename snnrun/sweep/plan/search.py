"""The design `optimise`: each round of points is chosen by what those before have measured.

Optuna proposes, and remembers nothing: it is told all that is known each time. So the truth is the results here, too.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.designs.axis import read_axis
from snnrun.designs.optimise import Optimise
from snnrun.errors import UserError
from snnrun.results.sweep_table import SweepTable
from snnrun.spec.sweep import SweepSection
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan
from snnrun.sweep.plan.places import Places, Share
from snnrun.sweep.table.collect import current_table
from snnrun.units import rounded

if TYPE_CHECKING:
    from types import ModuleType

# Axes that have single values are asked for the one below which a share of them lies: never all of them.
_BELOW_ONE: Final = math.nextafter(1.0, 0.0)
# Where the good values are few, Optuna proposes them again and again: as often per point before chance takes over.
_ASKED: Final = 10


def rounds(section: SweepSection, design: Optimise, before: Plan | None, folder: SweepFolder) -> Places:
    """The sets of values to be computed: all rounds so far, with a next one when everything before is done or failed.

    A round is smaller only when no more points are asked for, or the axes have no other values.

    Parameters
    ----------
    before
        The plan of the same search as it was; None for a new one.

    Raises
    ------
    UserError
        If Optuna is missing, or there is no such measure.
    """
    optuna = _optuna()  # missed now, rather than after the first round
    places = Places(section.axes, before.shares if before else ())
    goal = min(len(places) + design.round, design.n_sets(section.axes))
    if len(places) >= goal or (before and not _is_over(before, folder)):
        return places
    if before is None:
        proposed: Iterable[Share] = map(tuple, design.shares(len(section.names)).tolist())
    else:
        known = objective(design, current_table(before, folder))
        proposed = islice(_proposals(optuna, design, places.shares, known), _ASKED * (goal - len(places)))
    random = np.random.default_rng([design.seed, len(places)])
    for share in proposed:
        places.take(share)
        if len(places) == goal:
            break
    places.take_any(goal - len(places), random)
    return places


def _is_over(before: Plan, folder: SweepFolder) -> bool:
    scan = folder.scan()
    return scan.done | scan.failed >= before.by_id.keys()


def objective(design: Optimise, table: SweepTable) -> NDArray[np.float64]:
    """What is sought of each set of values, the smaller the better; NaN where it is not known. Shape (n_sets,).

    Raises
    ------
    UserError
        If there is no such measure, or it is no number.
    """
    name = aim(design)
    if (table.status == "done").any():
        column = table.column(name)
        if column.is_text:
            raise UserError(
                f"sweep.design: {name!r} is a text and has no best value. Choose a measure that is a number."
            )
    values = table.folded.mean.get(name, np.full(len(table.folded.rows), np.nan))
    if design.target is not None:
        (target,) = design.target.values()
        return np.abs(values - target.value)
    return -values if design.maximise is not None else values


def aim(design: Optimise) -> str:
    """The measure that a search looks at."""
    return design.maximise or design.minimise or next(iter(design.target or {}))


def sets_left(plan: Plan) -> int:
    """How many sets of values a search may still choose; 0 for other sweeps, which have chosen all."""
    if not plan.shares:
        return 0
    axes = {name: read_axis(raw) for name, raw in plan.design["axes"].items()}
    return max(0, _design(plan).n_sets(axes) - len(plan.shares))


def best_of(plan: Plan, table: SweepTable) -> str | None:
    """The best set of values of a search so far, for people; None if there is none, or it was no search."""
    if not plan.shares:
        return None
    design = _design(plan)
    sought = objective(design, table)
    if np.isnan(sought).all():
        return None
    index, folded, name = int(np.nanargmin(sought)), table.folded, aim(design)
    spread, unit = folded.sd[name][index], table.column(name).unit
    value = rounded(folded.mean[name][index], 4) + ("" if np.isnan(spread) else f" ± {rounded(spread, 2)}")
    where = ", ".join(f"{axis.name}={_shown(axis.data[index], axis.unit)}" for axis in folded.axes)
    return f"{name} = {value}{_after(unit)} at {where}"


def _design(plan: Plan) -> Optimise:
    return Optimise.model_validate({key: value for key, value in plan.design.items() if key != "axes"})


def _shown(value: Any, unit: str) -> str:
    return value if isinstance(value, str) else f"{rounded(value, 5)}{_after(unit)}"


def _after(unit: str) -> str:
    return "" if unit in ("", "1") else f" {unit}"


def _proposals(
    optuna: ModuleType, design: Optimise, shares: Sequence[Share], known: NDArray[np.float64]
) -> Iterator[Share]:
    """Further places without end, by the tree-structured Parzen estimator."""
    names = [f"{axis:03d}" for axis in range(len(shares[0]))]
    space = {name: optuna.distributions.FloatDistribution(0.0, _BELOW_ONE) for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            seed=design.seed + len(shares),  # another round, other random numbers
            n_startup_trials=0,  # the first round was even, and has been told
            multivariate=True,
            constant_liar=True,  # the points of a round keep away from each other
        )
    study = optuna.create_study(sampler=sampler)
    for share, value in zip(shares, known, strict=True):
        study.add_trial(_told(optuna, dict(zip(names, share, strict=True)), space, float(value)))
    while True:
        trial = study.ask(space)
        yield tuple(trial.params[name] for name in names)


def _told(optuna: ModuleType, params: dict[str, float], space: dict[str, Any], value: float) -> Any:
    """A point as Optuna knows it; one without value has failed."""
    states = optuna.trial.TrialState
    if math.isnan(value):
        return optuna.trial.create_trial(state=states.FAIL, params=params, distributions=space)
    return optuna.trial.create_trial(state=states.COMPLETE, value=value, params=params, distributions=space)


def _optuna() -> ModuleType:
    try:
        import optuna
    except ImportError:
        raise UserError("design: 'optimise' needs Optuna. Install it: pip install 'snnrun[optimise]'") from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    module: ModuleType = optuna
    return module
