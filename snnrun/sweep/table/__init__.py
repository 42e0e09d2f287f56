"""All points in one table, gathered as results come, and what of it is shown."""
