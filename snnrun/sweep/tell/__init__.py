"""How a sweep stands, and why."""
