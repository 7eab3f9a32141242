"""Reports that are kept: written once, in a folder or a bucket, and read again by later commands."""
