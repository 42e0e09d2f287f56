"""A recording under observation: its populations in the analysis window, each metric computed once."""
