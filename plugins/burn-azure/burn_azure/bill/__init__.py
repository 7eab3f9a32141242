"""From Cost Management lines to the `bill` frame."""
