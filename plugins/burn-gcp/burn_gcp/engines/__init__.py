"""Where a bill is read: BigQuery."""
