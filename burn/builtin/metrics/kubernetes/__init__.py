"""The live Kubernetes API: what there is now, for clusters that keep no metrics."""
