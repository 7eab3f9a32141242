"""What a line says: the export's columns, and each fact in burn's words for it."""
