"""Which lines are the cluster's, and by what they are told."""
