"""What may be written in a string of an experiment: value expressions, equations, statements, conditions."""
