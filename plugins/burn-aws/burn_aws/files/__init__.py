"""Which files are the bill of which month: local folders and S3, with and without manifests."""
