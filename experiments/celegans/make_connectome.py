"""Writes neurons.csv, chemical.csv and gap_junctions.csv from the tables that the PyPI package `cect` carries.

    pip download --no-deps cect==0.3.5
    unzip cect-0.3.5-py3-none-any.whl -d wheel
    python make_connectome.py wheel/cect

Its tables are read, its code is not run: none of its dependencies is needed.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# Cook et al. 2019, hermaphrodite, as corrected in July 2020: entry [i][j] counts the sections of electron micrographs
# in which cell i contacts cell j.
WIRING = "cache/Cook2019HermReader.json"
# The same pairs of cells, by the transmitters that Wang et al. 2024 found in cell i.
TRANSMITTERS = "cache/Wang2024HermReader.json"
CELLS = "data/all_cell_info.csv"

TOUCH = ("ALML", "ALMR", "AVM", "PLML", "PLMR", "PVM")
COMMAND = {"AVA": "backward", "AVD": "backward", "AVE": "backward", "AVB": "forward", "PVC": "forward"}
SENSORY = ("Amphid", "Cephalic", "Mechanosensory", "O2", "Phasmid", "Touch")
# By what the type of a cell contains, in this order, as a pharyngeal interneuron is of the pharynx.
CLASSES = {"haryn": "pharyngeal", "interneuron; motor": "inter", "otor neuron": "motor", "neuron": "inter"}
ORDER = ("sensory", "inter", "motor", "pharyngeal")


def main(package: Path) -> None:
    """Read the tables below the folder of the package, and write the files beside this script."""
    for name in (WIRING, TRANSMITTERS, CELLS):
        print(hashlib.sha256((package / name).read_bytes()).hexdigest(), name)
    wiring = json.loads((package / WIRING).read_text(encoding="utf-8"))
    expressed = transmitters(json.loads((package / TRANSMITTERS).read_text(encoding="utf-8")))
    with (package / CELLS).open(encoding="utf-8") as file:
        types = {row["Cell name"]: row["Type"] for row in csv.DictReader(file)}
    classes = {name: class_of(types[name]) for name in wiring["nodes"]}
    names = sorted((name for name in classes if classes[name]), key=lambda name: (ORDER.index(classes[name]), name))
    write(
        "neurons.csv",
        ("name", "class", "role", "transmitters"),
        ((name, classes[name], role(name, expressed[name]), "+".join(expressed[name])) for name in names),
    )
    chemical = contacts(wiring["connections"]["Generic_CS"], wiring["nodes"], names)
    write("chemical.csv", ("source", "target", "sections"), chemical)
    electrical = contacts(wiring["connections"]["Generic_GJ"], wiring["nodes"], names)
    assert {(b, a, n) for a, b, n in electrical} == set(electrical)
    # Each junction once. What couples a neuron to itself carries no current.
    once = [(a, b, n) for a, b, n in electrical if names.index(a) < names.index(b)]
    write("gap_junctions.csv", ("source", "target", "sections"), once)


def class_of(kind: str) -> str:
    """Class of a cell by its type; empty for one that is no neuron."""
    if kind.startswith(SENSORY):
        return "sensory"
    if kind == "Linker to pharynx":  # RIP, which Cook et al. count among the interneurons
        return "inter"
    return next((name for part, name in CLASSES.items() if part in kind and "neuron" in kind), "")


def role(name: str, expressed: Sequence[str]) -> str:
    """The population of the experiment in which a neuron is."""
    if name in TOUCH:
        return "touch"
    if name[:3] in COMMAND:
        return COMMAND[name[:3]]
    # The SMD make acetylcholine as well.
    return "gabaergic" if "GABA" in expressed and "Acetylcholine" not in expressed else "other"


def transmitters(table: dict) -> dict[str, list[str]]:
    """What each cell sends."""
    matrices = table["connections"].items()
    return {cell: [name for name, rows in matrices if any(rows[i])] for i, cell in enumerate(table["nodes"])}


def contacts(matrix: list[list[float]], cells: list[str], names: list[str]) -> list[tuple[str, str, int]]:
    """Source, target and number of sections of each pair of neurons in contact."""
    at = {cell: number for number, cell in enumerate(cells)}
    return [(a, b, int(n)) for a in names for b in names if (n := matrix[at[a]][at[b]])]


def write(name: str, header: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """A table beside this script."""
    with (Path(__file__).parent / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
