"""How a neuron is modelled: one file per model, readable against its paper."""
