"""Reading an AWS bill: formats by their columns, a cost rule per line type, one aggregating query."""
