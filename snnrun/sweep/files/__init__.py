"""What a sweep is on disk: its plan, and for each point a result, a failure or a claim."""
