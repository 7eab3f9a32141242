"""What is counted a second time, and what a reader must know of the bill."""
