"""What a spike does at a synapse: one file per model."""
