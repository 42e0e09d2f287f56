"""From an experiment to the network, as plain data: equations composed, values drawn, nothing of Brian yet."""
