"""Signals for children of the tests, whatever the tests were started by."""

from __future__ import annotations

import signal


def hear() -> None:
    """In a child, before it starts: background jobs and nohup ignore some, and so do their children."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
