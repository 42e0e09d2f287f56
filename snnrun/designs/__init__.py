"""The CATALOG of designs, by which the axes of a sweep make its points: one file each."""
