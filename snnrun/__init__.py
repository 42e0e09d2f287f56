"""snnrun: spiking-network experiments from one YAML file."""
