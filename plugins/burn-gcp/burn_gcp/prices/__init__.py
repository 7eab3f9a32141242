"""What a Kubernetes cost report would charge on Google Cloud."""
