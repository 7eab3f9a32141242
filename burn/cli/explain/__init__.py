"""`burn explain`: what is behind a figure of the report."""
