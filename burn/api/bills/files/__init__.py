"""A bill's files: where they are, what is in them, and copies an engine can open."""
