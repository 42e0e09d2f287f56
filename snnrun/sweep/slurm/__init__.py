"""Sweeps on clusters that SLURM schedules: through its own commands, and nothing of ours stays running."""
