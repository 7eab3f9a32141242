"""The page: sections in the order they are read, each chart with the table of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from burn.api.drivers import DRIVERS, GROUP_TITLES
from burn.api.money import figure
from burn.builtin.sinks.html import commitments, days, treemap, waterfall
from burn.builtin.sinks.html.data import embedded, values
from burn.builtin.sinks.html.elements import Figure, Markup, joined, table, tag
from burn.builtin.sinks.html.idle import idle
from burn.builtin.sinks.html.parts import document, findings, money, quality, section
from burn.view.findings import OVERLAP
from burn.view.idle import IdleNode, idle_nodes
from burn.view.owners import BASIS_TOTALS

if TYPE_CHECKING:
    from burn.api import Report
    from burn.view.owners import Owners
    from burn.view.summary import Summary


def page(report: Report, summary: Summary) -> str:
    """One HTML document; the same report gives the same bytes."""
    shown, nodes = days.days(report), idle_nodes(report)
    name = report.info.cluster or report.info.provider
    title = f"{name}, {report.info.window}: from report to bill"
    figures = embedded(values(report, summary, shown, nodes))
    return document(title, _sections(report, summary, shown, nodes), figures)


def _sections(
    report: Report, summary: Summary, shown: list[days.Day], nodes: Sequence[IdleNode]
) -> Iterator[Markup]:
    currency, basis = report.info.currency, report.info.basis
    yield _top(report, summary)
    yield section(
        "From report to bill",
        waterfall.drawn(summary.waterfall, currency),
        _ledger(summary, currency),
    )
    yield section(
        "Who pays",
        treemap.drawn(summary.namespaces.rows, currency),
        _owners("Namespaces", summary.namespaces, currency),
        *([_owners("Owners", summary.owners, currency)] if summary.owners else []),
        *(_owners(f"By {name}", owners, currency) for name, owners in summary.dimensions),
        *([_folded("Workloads", summary.workloads, currency)] if summary.workloads else []),
    )
    yield section(
        "Day by day",
        days.drawn(shown, basis, currency),
        tag("details", tag("summary", "Days as a table"), _days(shown, currency)),
    )
    if nodes:
        yield idle(nodes, currency)
    if summary.commitments and summary.commitments.rows:
        yield commitments.section_of(summary.commitments, currency)
    if summary.findings:
        yield section("What to do", findings(summary, currency), tag("p", OVERLAP))
    yield section("How far to trust it", *quality(summary, currency))
    yield section("What each driver is", _words(summary))


def _top(report: Report, summary: Summary) -> Markup:
    facts = [tag("div", tag("dt", word), tag("dd", value)) for word, value in summary.facts]
    state = (
        tag("p", summary.provisional.sentence, class_="warning")
        if summary.provisional
        else tag("p", "The bill of the whole window is final.")
    )
    return tag(
        "header",
        tag("h1", f"{report.info.cluster or report.info.provider}: from report to bill"),
        tag("p", summary.headline.sentence, class_="lead"),
        tag("p", summary.headline.detail),
        state,
        tag("dl", *facts),
    )


def _ledger(summary: Summary, currency: str) -> Markup:
    rows = []
    for step in summary.waterfall:
        is_total = step.kind in ("landing", "check")
        amount = Figure(figure(step.cents, sign=not is_total), step.cents)
        label = tag("strong", step.label) if step.kind in ("landing", "group") else step.label
        rows.append((label, amount, step.why, step.proof))
    heads = (f"Step, {currency}", "Amount", "Why", "Evidence")
    return table("The ledger", heads, rows, kind="ordered")


def _owners(title: str, owners: Owners, currency: str) -> Markup:
    both, split = owners.basis != "list", owners.provider is not None
    heads = [f"{title}, {currency}", "Report"]
    heads += [owners.basis.capitalize(), "Change"] * both + ["Provider's split"] * split
    rows = []
    entries = [(row.label, row.report, row.basis, row.provider) for row in owners.rows]
    total = "REPORT" + f" and {BASIS_TOTALS[owners.basis]}" * both
    entries.append((f"= {total}", owners.report, owners.total, owners.provider))
    for label, listed, chosen, other in entries:
        row: list[str | Figure] = [label, money(listed)]
        if both:
            change = chosen - listed
            row += [money(chosen), Figure(figure(change, sign=True), change)]
        if split:
            row.append("" if other is None else money(other))
        rows.append(row)
    missed = owners.misses != (0, 0)
    note = tag("p", "These rows miss the ledger's totals: a defect.", class_="warning")
    return joined([table(title, heads, rows), *([note] if missed else [])])


def _folded(title: str, owners: Owners, currency: str) -> Markup:
    return tag("details", tag("summary", title), _owners(title, owners, currency))


def _days(shown: list[days.Day], currency: str) -> Markup:
    rows = [
        (
            day.date,
            money(day.carried),
            money(day.idle),
            money(day.nobodys),
            money(day.total),
            "may still change" if day.is_provisional else "final",
        )
        for day in shown
    ]
    heads = (f"Day, {currency}", "Carried", "Idle", "Nobody's", "Total", "Bill")
    return table("Cost by day", heads, rows)


def _words(summary: Summary) -> Markup:
    names = dict.fromkeys(s.driver for s in summary.waterfall if s.driver in DRIVERS)
    known = [DRIVERS[name] for name in names]
    terms = [
        tag(
            "div",
            tag("dt", word.title),
            tag("dd", f"{GROUP_TITLES[word.group]}. {word.why} {word.advice}"),
        )
        for word in known
    ]
    return tag("dl", *terms, class_="words")
