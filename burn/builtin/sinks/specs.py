"""The sinks on offer. Each imports what it needs when it is made, not before."""

from __future__ import annotations

from burn.api import OutputSink, OutputSinkSpec
from burn.builtin.sinks.settings import (
    FrameSettings,
    HtmlSettings,
    JsonSettings,
    ParquetSettings,
    PatchSettings,
    TableSettings,
    TextSettings,
    WebhookSettings,
)


def _table(settings: TableSettings) -> OutputSink:
    from burn.builtin.sinks.table.sink import TableSink

    return TableSink(settings)


def _json(settings: JsonSettings) -> OutputSink:
    from burn.builtin.sinks.json_sink import JsonSink

    return JsonSink(settings)


def _csv(settings: FrameSettings) -> OutputSink:
    from burn.builtin.sinks.csv_sink import CsvSink

    return CsvSink(settings)


def _parquet(settings: ParquetSettings) -> OutputSink:
    from burn.builtin.sinks.parquet_sink import ParquetSink

    return ParquetSink(settings)


def _markdown(settings: TextSettings) -> OutputSink:
    from burn.builtin.sinks.markdown_sink import MarkdownSink

    return MarkdownSink(settings)


def _html(settings: HtmlSettings) -> OutputSink:
    from burn.builtin.sinks.html.sink import HtmlSink

    return HtmlSink(settings)


def _patch(settings: PatchSettings) -> OutputSink:
    from burn.builtin.sinks.patch_sink import PatchSink

    return PatchSink(settings)


def _webhook(settings: WebhookSettings) -> OutputSink:
    from burn.builtin.sinks.webhook.sink import WebhookSink

    return WebhookSink(settings)


SINKS = (
    OutputSinkSpec(
        name="table",
        summary="Tables for a terminal: ledger, namespaces, findings",
        make=_table,
        settings=TableSettings,
        alerts=True,
        without_bill=True,
    ),
    OutputSinkSpec(
        name="json",
        summary="The whole report as one versioned document",
        make=_json,
        settings=JsonSettings,
        alerts=True,
        without_bill=True,
    ),
    OutputSinkSpec(
        name="csv",
        summary="One table of the report, or all of them in a directory",
        make=_csv,
        settings=FrameSettings,
        alerts=True,
        without_bill=True,
    ),
    OutputSinkSpec(
        name="parquet",
        summary="The report's tables as Parquet files in a directory",
        make=_parquet,
        settings=ParquetSettings,
        without_bill=True,
        binary=True,
    ),
    OutputSinkSpec(
        name="markdown",
        summary="Tables for a pull request, a wiki or a chat",
        make=_markdown,
        settings=TextSettings,
        alerts=True,
        without_bill=True,
    ),
    OutputSinkSpec(
        name="html",
        summary="One page to send: charts, tables, findings; no network, no script needed",
        make=_html,
        settings=HtmlSettings,
        without_bill=True,
    ),
    OutputSinkSpec(
        name="patch",
        summary="Requests and limits that containers should have, as YAML to apply by hand",
        make=_patch,
        settings=PatchSettings,
    ),
    OutputSinkSpec(
        name="webhook",
        summary="A digest posted as JSON, to Teams, Google Chat or anything that takes it",
        make=_webhook,
        settings=WebhookSettings,
        alerts=True,
    ),
)
