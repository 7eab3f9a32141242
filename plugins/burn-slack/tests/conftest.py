"""A Slack on loopback, and kept reports of two months."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.slack import FakeSlack, serving
from tests.unit.questions.conftest import both, desk, history, report

__all__ = ["both", "desk", "history", "report", "slack"]


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """Started; it has no messages yet."""
    made = FakeSlack()
    server = serving(made)
    yield made
    server.shutdown()
    server.server_close()
