"""What runs SQL over the lines: DuckDB over files, or a warehouse by its dialect."""
