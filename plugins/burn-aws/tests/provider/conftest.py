"""Fixtures: an AWS over HTTP and made-up credentials."""

from __future__ import annotations

from tests.servers.aws import aws_environment, aws_url

__all__ = ["aws_environment", "aws_url"]
