"""The only rooms that import the AWS SDK."""
