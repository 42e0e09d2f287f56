"""Writes stimulus.csv: how much each excitatory neuron of v1.yaml hears of a grating, by its preferred orientation.

Run it again after a change of the sheet, of the map or of the orientation: python make_stimulus.py
"""

from pathlib import Path

import numpy as np

import snnrun
from snnrun.connectivity.orientation_map import preferred_orientations

GRATING = 0.0  # its orientation, in radian
RATE = 400.0  # most that a neuron hears, in spikes per second

here = Path(__file__).parent
# The file that is still to be written is not read.
experiment = snnrun.load(here / "v1.yaml", settings={"inputs.grating.rate": "0 Hz"})
section, rule = experiment.populations["exc"], experiment.projections["long_range"].connectivity
space = section.positions.space(section.size)
places = section.positions.place(section.size, np.random.default_rng())  # on a grid, nothing is random
preferred = preferred_orientations(places, space, rule.spacing.value, rule.map_seed)
rate = RATE * (1 + np.cos(2 * (preferred - GRATING))) / 2
(here / "stimulus.csv").write_text("rate\n" + "".join(f"{each:.0f}\n" for each in rate))
