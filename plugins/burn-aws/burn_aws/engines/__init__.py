"""Engines that run the bill's SQL: DuckDB over files, Athena over a table."""
