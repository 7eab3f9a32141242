"""Answers of burn for AI clients, over the Model Context Protocol."""
