"""What talks to Slack, with its own SDK."""
