"""Which files of a place are the current bill."""
