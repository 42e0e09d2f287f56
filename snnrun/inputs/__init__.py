"""What drives a network from outside: one file per input."""
