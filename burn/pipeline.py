"""The straight line: collect → price → bill → reconcile → allocate; rendering is the sink's."""

from __future__ import annotations

from burn.api import Report
from burn.events import Events
from burn.plan import Plan


def run(plan: Plan, events: Events) -> Report:
    """Do what the plan says and return the finished report.

    Raises:
        BurnError: with the exit code of its branch; nothing is half-reported.
    """
    raise NotImplementedError
