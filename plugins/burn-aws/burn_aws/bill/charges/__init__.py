"""What a line is for, and what it costs."""
