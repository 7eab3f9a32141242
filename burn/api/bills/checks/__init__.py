"""What counts a bill a second time, and what it is refused or doubted for."""
