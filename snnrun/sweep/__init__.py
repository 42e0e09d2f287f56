"""Parameter sweeps: what is varied, where each point runs, and what came of it."""
