"""Reading a Google Cloud bill: exports by their columns, one summing query, a cost rule per credit."""
