"""``snnrun sweep``: the commands about many runs, one file each."""
