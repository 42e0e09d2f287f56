"""What is drawn before a run and followed during it: spikes at given times, numbers that change from step to step."""
