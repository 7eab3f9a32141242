"""All that imports the AWS SDK."""
