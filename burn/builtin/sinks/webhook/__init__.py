"""A digest posted to any address that takes JSON."""
