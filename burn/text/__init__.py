"""Text that others wrote, before anyone sees it. Importing it imports nothing else of burn."""
