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
section = snnrun.load(here / "v1.yaml").populations["exc"]
space = section.positions.space(section.size)
places = section.positions.place(section.size, np.random.default_rng())  # on a grid, nothing is random
preferred = preferred_orientations(places, space, spacing=750e-6, seed=1)
rate = RATE * (1 + np.cos(2 * (preferred - GRATING))) / 2
(here / "stimulus.csv").write_text("rate\n" + "".join(f"{each:.0f}\n" for each in rate))
