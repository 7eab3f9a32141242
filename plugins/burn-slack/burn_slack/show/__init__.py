"""From answers of a desk to messages of Slack: pure functions, no network."""
