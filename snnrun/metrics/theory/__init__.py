"""What theory predicts for an experiment before it is run, from its numbers alone."""
