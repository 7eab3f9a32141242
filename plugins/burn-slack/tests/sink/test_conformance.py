"""The sink passes the kit: it prints the message where nothing says to where it is posted."""

from __future__ import annotations

from burn.api import OutputSink
from burn.testing import OutputSinkConformance
from burn_slack.settings import DigestSettings
from burn_slack.sink import SlackSink


class TestSlack(OutputSinkConformance):
    about = "a report with hostile names"
    plugin = "slack"

    def make(self) -> OutputSink:
        return SlackSink(DigestSettings())
