"""A run: what was chosen, the straight line through the stages, what is told of it."""
