"""The terminal table: readable at 80 columns, without colour, and by a finance partner."""
