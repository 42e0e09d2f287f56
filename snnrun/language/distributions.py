"""Per-neuron and per-synapse values: ``uniform(a, b)``, ``normal(mean, sd)``, ``lognormal(…)``, ``linspace(a, b)``."""
