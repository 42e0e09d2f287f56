"""Points are computed: by workers, which make starts on this machine."""
