"""How the effect of spikes changes over time: one file per rule."""
