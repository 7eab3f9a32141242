"""Slack for burn: a sink that posts digests, and a service that answers /burn."""
