"""Figures worth printing: one file per figure; entries draw on axes that they are given."""
