"""Several reports made one: a cluster on each of several clouds, at stated rates."""
