"""From a point of a plan to its experiment."""

from __future__ import annotations

from snnrun.errors import UserError
from snnrun.network.loading import load_document
from snnrun.registry import CATALOG_VARIABLE
from snnrun.spec.document import Document
from snnrun.spec.experiment import Experiment
from snnrun.sweep.files.points import Plan, Point, point_id
from snnrun.sweep.plan.identities import SEED, parameter_axes, split


def point_experiment(plan: Plan, point: Point) -> Experiment:
    """The experiment of a point, checked as any other.

    Raises
    ------
    SpecError
        With every problem that was found.
    UserError
        If it is not the point that the plan names.
    """
    document = Document(dict(plan.data), name=f"point {point.id}", text=plan.yaml)
    parameters, settings = split(plan.assignment(point), parameter_axes(document, plan.axes))
    settings[SEED] = point.seed
    experiment = load_document(document, plan.folder, plan.experiment, parameters, settings)
    if point_id(experiment.run_id, experiment.resolved().get("analysis"), plan.keep) != point.id:
        raise UserError(
            f"point {point.id} is now another than when it was planned: its data files or its entries from "
            f"{CATALOG_VARIABLE} have changed, or snnrun has. Plan the sweep again: snnrun sweep plan"
        )
    return experiment
