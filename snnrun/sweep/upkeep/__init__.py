"""Failed points once more, and what is not needed any more removed."""
