"""From a blueprint to a recording: generate, compile once, run."""
