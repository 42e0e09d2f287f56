"""What sweeps take by themselves: around a point, for twenty thousand points, and after `kill -9`."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kill import kill_and_go_on
from measure import Process, measured
from sweep_sides import PROCESSES, SWEEP, fresh, lies_at, programs, sweep_command
from table import Report, Table, spread

MANY = ("g=7:11:200", "eta=0.8:1.1:100")
NEW = 100
KILLS = 5


def measure_itself(report: Report, repeat: int, folder: Path, wholes: Sequence[Process], done: Path) -> None:
    """Everything but the comparisons.

    Parameters
    ----------
    wholes
        Whole sweeps.
    done
        The folder of one of them.
    """
    table = report.table("Sweeps by themselves", "what", "median (range)", "unit", "bar")
    n_points = len(results(done))
    shares = [process.cpu / n_points for process in wholes]
    table.row(f"one of {n_points} points with its share of everything", spread(shares), "s of processor", "")
    beside_the_program(table, repeat, folder)
    many_points(table, folder, next(iter(results(done))))
    killed(table, folder, wholes[0].wall)


def results(sweep: Path) -> list[Path]:
    """The results of points in the folder of a sweep."""
    return sorted((sweep / "points").glob("*.h5"))


def beside_the_program(table: Table, repeat: int, folder: Path) -> None:
    """Processor time of Python for a point: starting, drawing, measuring, writing, but not the program."""
    output = fresh(folder)
    measured(sweep_command("plan", SWEEP.file, "-o", output))
    sweep = lies_at(output)
    ids = (sweep / "points.txt").read_text().split()
    alone = [
        measured(sweep_command("point", sweep, one, "--alone"), **programs(folder)).own_cpu for one in ids[:repeat]
    ]
    table.row("a point in a process of its own, without its program", spread(alone), "s of processor", "< 0.35")
    before = len(results(sweep))
    ahead = measured(sweep_command("point", sweep, ids[repeat]), **programs(folder)).own_cpu
    each = ahead / (len(results(sweep)) - before)
    table.row("a point of a worker that works ahead, without its program", spread([each]), "s of processor", "< 0.35")


def many_points(table: Table, folder: Path, example: Path) -> None:
    """Twenty thousand points, whose results are made up: as large as real ones."""
    output = fresh(folder)
    sweep = lies_at(output)
    plan = measured(sweep_command("plan", SWEEP.file, *MANY, "-o", output), **programs(folder))
    ids = (sweep / "points.txt").read_text().split()
    name = f"{len(ids)} points".replace("000 ", " 000 ")
    table.row(f"{name}: plan", spread([plan.wall]), "s", "< 10")
    table.row(f"{name}: plan, memory", spread([plan.memory]), "MiB", "")
    make_up(sweep, ids[NEW:], example)
    for what, bar in [("status", "< 2"), ("collect", "")]:
        process = measured(sweep_command(what, sweep), **programs(folder))
        table.row(f"{name}: {what}", spread([process.wall]), "s", bar)
    table.row(f"{name}: collect, memory", spread([process.memory]), "MiB", "")
    make_up(sweep, ids[:NEW], example)
    again = measured(sweep_command("collect", sweep), **programs(folder))
    table.row(f"{name}: collect, after {NEW} new ones", spread([again.wall]), "s", "")


def make_up(sweep: Path, ids: Sequence[str], example: Path) -> None:
    """Write results of points that are copies of one."""
    from snnrun.results.store.points import read_point, write_point

    result = read_point(example)
    for one in ids:
        write_point(replace(result, point=one), sweep / "points" / f"{one}.h5")


def killed(table: Table, folder: Path, seconds: float) -> None:
    """Kill all processes of a sweep at random moments of its first thirds, and give the same command again."""
    output = fresh(folder)
    command = sweep_command("run", SWEEP.file, "-o", output, f"-j{PROCESSES}", "--quiet")
    story = kill_and_go_on(command, lies_at(output) / "points", KILLS, seconds / 3, **programs(folder))
    name = f"`kill -9` at {len(story.lost)} random moments"
    table.row(f"{name}, each time: points in flight, which were lost", spread(story.lost), "", f"≤ {PROCESSES}")
    table.row(f"{name}, in all: points done that were done again", str(story.twice), "", "0")
    table.row(f"{name}, in all: files of the killed left beside the results", str(story.left_over), "", "0")
