"""What is asked: the metrics of each exporter by name, and how they spell labels."""
