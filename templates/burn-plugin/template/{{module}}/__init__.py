"""A burn plugin."""
