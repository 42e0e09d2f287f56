"""How network activity is characterised: one file per metric, holding its definition, its function and its source."""
