"""Google's SDKs, and nothing else: every call, its retries and its errors."""
