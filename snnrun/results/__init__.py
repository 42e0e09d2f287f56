"""What a run leaves behind: recording, analysis, provenance, and where they lie on disk."""
