"""The report as one page to read, to send and to keep."""

from __future__ import annotations

from burn.api import WriteRequest
from burn.builtin.sinks.html.page import page
from burn.builtin.sinks.settings import HtmlSettings
from burn.builtin.sinks.target import write_text
from burn.view.summary import Limits, summarise


class HtmlSink:
    """See the module."""

    def __init__(self, settings: HtmlSettings) -> None:
        self._limits = Limits(
            settings.services, settings.namespaces, settings.workloads, settings.findings
        )

    def write(self, request: WriteRequest) -> None:
        """Write the page; the same report gives the same bytes."""
        write_text(page(request.report, summarise(request.report, self._limits)), request.target)
