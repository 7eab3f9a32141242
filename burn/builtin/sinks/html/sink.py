"""The report as one page to read, to send and to keep."""

from __future__ import annotations

from burn.api import WriteRequest
from burn.builtin.sinks.html import without_bill
from burn.builtin.sinks.html.page import page
from burn.builtin.sinks.settings import HtmlSettings
from burn.builtin.sinks.target import write_text
from burn.view import analysis
from burn.view.summary import Limits, summarise

KINDS = 20
"""Kinds of nodes by name; the rest is summed."""


class HtmlSink:
    """See the module."""

    def __init__(self, settings: HtmlSettings) -> None:
        self._limits = Limits(
            settings.services, settings.namespaces, settings.workloads, settings.findings
        )

    def write(self, request: WriteRequest) -> None:
        """Write the page; the same report gives the same bytes."""
        report, limits = request.report, self._limits
        if report.control is None:
            most = analysis.Limits(KINDS, limits.namespaces, limits.workloads, limits.findings)
            text = without_bill.page(report, analysis.analysed(report, most))
        else:
            text = page(report, summarise(report, limits))
        write_text(text, request.target)
