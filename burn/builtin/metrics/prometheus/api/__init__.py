"""The HTTP API: one request, its answer, and a query over a whole window."""
