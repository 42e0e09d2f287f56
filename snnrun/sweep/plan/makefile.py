"""``sweep.mk``: how make runs the points of a sweep."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

from snnrun.results.atomic import write_whole
from snnrun.sweep.files.folder import SweepFolder

# The result of a point is named after its content: a file that is there is right, however old. So no prerequisites.
_TEXT: Final = """\
# The sweep of {experiment}, made by snnrun. This runs the points that are not done yet, two at a time:
#     make -k -j2 -f {shown}
# A Makefile of your own can include this file and have {target} among its targets.

SNNRUN ?= {snnrun}
# Distinguishes what has failed now from what has failed before.
export SNNRUN_SESSION := $(or $(SNNRUN_SESSION),$(shell date +%s%N))

{target}.folder := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
{target}.list := $({target}.folder)/{points}
{target}.points := $(shell cat $({target}.list))
ifeq ($({target}.points),)
$(error There are no points in {points}. Plan the sweep again, or call make in its folder if a name above has blanks)
endif

.PHONY: {target}
{target}: $(patsubst %,$({target}.folder)/points/%.h5,$({target}.points))

# A worker that has started goes on with the next points, so that most are there when make comes to them. `exec`: what
# stops make stops the worker.
.PRECIOUS: $({target}.folder)/points/%.h5
$({target}.folder)/points/%.h5:
	@test -e $@ || exec $(SNNRUN) sweep point $({target}.folder) $* --list $({target}.list)
"""


def target_of(folder: SweepFolder) -> str:
    """The target of the makefile that stands for all points: ``plane-sweep``."""
    return f"{folder.path.parent.name}-{folder.path.name}"


def makefile(folder: SweepFolder) -> str:
    """The text of ``sweep.mk``."""
    return _TEXT.format(
        experiment=folder.path.parent.name,
        shown="/".join(folder.makefile.parts[-4:]),
        target=target_of(folder),
        snnrun=_for_make(shlex.quote(str(program()))),
        points=folder.points_file.name,
    )


def write_makefile(folder: SweepFolder) -> None:
    """Write ``sweep.mk``.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    write_whole(folder.makefile, makefile(folder).encode())


def program() -> Path:
    """The ``snnrun`` that this process is, for others to call: by its whole path, since PATH may differ elsewhere."""
    beside_python = Path(sys.executable).with_name("snnrun")
    found = beside_python if beside_python.exists() else shutil.which("snnrun")
    return Path(found or "snnrun")


def _for_make(text: str) -> str:
    return re.sub("#", r"\\#", text.replace("$", "$$"))
