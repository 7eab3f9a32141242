"""Markdown for a pull request, a wiki page or a chat message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from burn.api import AlertRequest, WriteRequest
from burn.api.money import cents, count, figure, money
from burn.builtin.sinks import alerts
from burn.builtin.sinks.settings import TextSettings
from burn.builtin.sinks.target import write_text
from burn.text.clean import clean
from burn.view import analysis, grids
from burn.view.findings import OVERLAP, effect, evidence, heading, left
from burn.view.owners import BASIS_TOTALS
from burn.view.summary import Limits, summarise

if TYPE_CHECKING:
    from burn.view.analysis import Analysis
    from burn.view.owners import Owners
    from burn.view.summary import Summary

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~@&$]|(?<=:)//|(?<=www)\.)")
"""What could make a name into a link, a mention, a tag, a formula or a new cell."""

KINDS = 20
"""Kinds of nodes by name of a report without a bill; the rest is summed."""

PROSE = ("Why", "Evidence and action")
"""Last columns that hold sentences; all other columns but the first hold figures."""


class MarkdownSink:
    """See the module."""

    def __init__(self, settings: TextSettings) -> None:
        self._limits = Limits(
            settings.services, settings.namespaces, settings.workloads, settings.findings
        )

    def write(self, request: WriteRequest) -> None:
        """Write headline, ledger, namespaces, findings and notes."""
        report, target = request.report, request.target
        currency, limits = report.info.currency, self._limits
        if report.control is None:
            most = analysis.Limits(KINDS, limits.namespaces, limits.workloads, limits.findings)
            lines = _alone(analysis.analysed(report, most), currency)
        else:
            lines = _lines(summarise(report, limits), currency)
        write_text("\n".join(lines) + "\n", target)

    def alert(self, request: AlertRequest) -> None:
        """Write what `burn check` found."""
        write_text("\n".join(_alerts(request)) + "\n", request.target)


def _alerts(request: AlertRequest) -> Iterator[str]:
    yield from (f"**{escape(request.cluster)}** on {escape(request.provider)}", "")
    if not request.alerts:
        yield alerts.NONE
        return
    rows = [tuple(escape(cell) for cell in alerts.cells(one)) for one in request.alerts]
    yield from _table("burn check", [head.capitalize() for head in alerts.HEADS], rows)
    yield from (
        f"- {escape(label)}: {escape(words)}" for label, words in alerts.reasons(request.alerts)
    )


def escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    return SPECIAL.sub(r"\\\1", clean(text))


def _lines(summary: Summary, currency: str) -> Iterator[str]:
    yield f"**{escape(summary.headline.sentence)}**"
    yield ""
    yield escape(summary.headline.detail)
    if summary.provisional:
        yield from ("", f"_{escape(summary.provisional.sentence)}_")
    facts = " · ".join(f"{word}: {escape(value)}" for word, value in summary.facts)
    yield from ("", facts, "")
    yield from _ledger(summary, currency)
    yield from _owners("Namespaces", summary.namespaces, currency)
    if summary.owners:
        yield from _owners("Owners", summary.owners, currency)
    for name, owners in summary.dimensions:
        yield from _owners(f"By {escape(name)}", owners, currency)
    if summary.workloads:
        yield from _owners("Workloads", summary.workloads, currency)
    yield from _findings(summary, currency)
    yield from _notes(summary, currency)


def _alone(made: Analysis, currency: str) -> Iterator[str]:
    """A report without a bill."""
    yield from (f"**{escape(made.sentence)}**", "", escape(made.detail), "")
    yield " · ".join(f"{word}: {escape(value)}" for word, value in made.facts)
    yield ""
    kinds = [grids.made_of(made, currency)] if made.kinds else []
    for grid in (*kinds, *grids.carried(made, currency)):
        rows = [[_cell(cell) for cell in row] for row in grid.rows]
        rows[-1] = [f"**{cell}**" if cell else "" for cell in rows[-1]]
        yield from _table(grid.title, grid.heads, rows)
    if made.namespaces.misses != (0, 0):
        yield from ("These rows miss the report: a defect.", "")
    yield from _findings(made, currency)
    yield from _notes(made, currency)


def _cell(cell: grids.Cell) -> str:
    return figure(cell) if isinstance(cell, int) else escape(cell or "")


def _ledger(summary: Summary, currency: str) -> Iterator[str]:
    rows = []
    for step in summary.waterfall:
        total = step.kind in ("landing", "check")
        amount, label = figure(step.cents, sign=not total), escape(step.label)
        if step.kind == "landing":
            amount, label = f"**{amount}**", f"**{label}**"
        elif step.kind == "group":
            amount, label = f"_{amount}_", f"_{label}_"
        rows.append((label, amount, escape(" ".join(filter(None, (step.why, step.proof))))))
    yield from _table("Ledger", (f"From report to bill, {currency}", "Amount", "Why"), rows)


def _owners(title: str, owners: Owners, currency: str) -> Iterator[str]:
    both, split = owners.basis != "list", owners.provider is not None
    heads = [currency, "Report"] + [owners.basis.capitalize(), "Change"] * both
    heads += ["Provider's split"] * split
    rows = []
    entries = [(escape(row.label), row.report, row.basis, row.provider) for row in owners.rows]
    entries.append(("", owners.report, owners.total, owners.provider))
    for label, report, basis, provider in entries:
        row = [label, figure(report)]
        row += [figure(basis), figure(basis - report, sign=True)] * both
        row += ["" if provider is None else figure(provider)] * split
        rows.append(row)
    rows[-1] = [f"**{cell}**" if cell else "" for cell in rows[-1]]
    rows[-1][0] = f"**= REPORT{f' and {BASIS_TOTALS[owners.basis]}' if both else ''}**"
    yield from _table(title, heads, rows)
    if owners.misses != (0, 0):
        yield from ("These rows miss the ledger's totals: a defect.", "")


def _findings(summary: Summary | Analysis, currency: str) -> Iterator[str]:
    if not summary.findings:
        return
    rows = [
        (
            f"**{escape(finding.title)}**: {escape(heading(finding))}",
            figure(cents(finding.monthly)),
            escape(f"{evidence(finding)}. {finding.action}. ({effect(finding)})"),
        )
        for finding in summary.findings
    ]
    heads = ("Finding", f"{currency} a month, projected", "Evidence and action")
    yield from _table("Findings", heads, rows)
    if summary.findings_left:
        yield from (escape(left(summary.findings_left)), "")
    yield from (OVERLAP, "")


def _notes(summary: Summary | Analysis, currency: str) -> Iterator[str]:
    notes = [escape(note) for note in summary.notes]
    notes += [
        f"{count(price.assets, 'asset')} priced by {escape(price.source)}: "
        f"{escape(money(price.cents, currency))}"
        for price in summary.prices
    ]
    if notes:
        yield from ("### Notes", "", *(f"- {note}" for note in notes), "")
    if summary.next_steps:
        yield from ("### Where to look next", "")
        yield from (f"- `{command}`: {escape(why)}" for command, why in summary.next_steps)


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (f"### {title}", "")
    yield f"| {' | '.join(heads)} |"
    marks = ["---"] + ["---:"] * (len(heads) - 1)
    if heads[-1] in PROSE:
        marks[-1] = "---"
    yield f"| {' | '.join(marks)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
