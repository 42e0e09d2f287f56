"""How something changes over time: one file per course."""
