"""Workers: each point is computed once, whatever happens meanwhile."""

from __future__ import annotations

from snnrun.results.store.points import read_point
from snnrun.sweep.plan_file import read_list
from snnrun.sweep.worker import work


def everything(folder, session="now", slice_seconds=None):
    ids = read_list(folder.points_file)
    return work(folder, ids[0], ids, session, slice_seconds)


def test_a_point_leaves_its_result_and_nothing_else(sweep):
    folder = sweep()
    ids = read_list(folder.points_file)
    assert work(folder, ids[0], [], "now").failure is None
    assert [path.name for path in folder.points.iterdir()] == [f"{ids[0]}.h5"]
    result = read_point(folder.result(ids[0]))
    assert result.analysis.measurements["cells"]["mean_rate"].value > 0
