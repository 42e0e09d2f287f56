"""The CATALOG of figures that show a whole sweep: one file each."""
