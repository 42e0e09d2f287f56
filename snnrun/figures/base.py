"""What a figure is."""
