"""The page of a report without a bill: what it costs, who carries it; nothing of what was charged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from burn.api.money import figure
from burn.builtin.sinks.html import days, treemap
from burn.builtin.sinks.html.data import as_owners, by_day, common, embedded
from burn.builtin.sinks.html.elements import Figure, Markup, table, tag
from burn.builtin.sinks.html.idle import as_json, idle
from burn.builtin.sinks.html.parts import document, findings, money, quality, section
from burn.view import grids
from burn.view.findings import OVERLAP
from burn.view.idle import IdleNode, idle_nodes

if TYPE_CHECKING:
    from burn.api import Report
    from burn.view.analysis import Analysis

NO_BILL = "No bill was read. What is charged beside these assets, and every discount, is not on this page."


def page(report: Report, made: Analysis) -> str:
    """One HTML document; the same report gives the same bytes."""
    # Days of a window of hours are no days; its amounts are those of a month.
    shown = [] if made.monthly else days.days(report)
    name = report.info.cluster or report.info.provider
    title = f"{name}, {report.info.window}: what it costs, without a bill"
    # Beside amounts of a month there are no nodes: assets are of the window.
    nodes = () if made.monthly else idle_nodes(report)
    figures = embedded(_values(report, made, shown, nodes))
    return document(title, _sections(report, made, shown, nodes), figures)


def _sections(
    report: Report, made: Analysis, shown: list[days.Day], nodes: Sequence[IdleNode]
) -> Iterator[Markup]:
    currency = report.info.currency
    yield _top(report, made)
    if made.kinds:
        yield section("What it is made of", _table(grids.made_of(made, currency)))
    missed = tag("p", "These rows miss the report: a defect.", class_="warning")
    yield section(
        "Who carries it",
        treemap.drawn(made.namespaces.rows, currency),
        *map(_table, grids.carried(made, currency)),
        *([missed] if made.namespaces.misses != (0, 0) else []),
    )
    if shown:
        yield section(
            "Day by day",
            days.drawn(shown, report.info.basis, currency),
            tag("details", tag("summary", "Days as a table"), _days(shown, currency)),
        )
    if nodes:
        yield idle(nodes, currency)
    if made.findings:
        yield section("What to do", findings(made, currency), tag("p", OVERLAP))
    yield section("How far to trust it", *quality(made, currency))


def _top(report: Report, made: Analysis) -> Markup:
    facts = [tag("div", tag("dt", word), tag("dd", value)) for word, value in made.facts]
    return tag(
        "header",
        tag("h1", f"{report.info.cluster or report.info.provider}: what it costs"),
        tag("p", made.sentence, class_="lead"),
        tag("p", made.detail),
        tag("p", NO_BILL, class_="warning"),
        tag("dl", *facts),
    )


def _table(grid: grids.Grid) -> Markup:
    rows = [
        [Figure(figure(cell), cell) if isinstance(cell, int) else cell for cell in row]
        for row in grid.rows
    ]
    return table(grid.title, grid.heads, rows)


def _days(shown: list[days.Day], currency: str) -> Markup:
    rows = [
        (day.date, money(day.carried), money(day.idle), money(day.nobodys), money(day.total))
        for day in shown
    ]
    heads = (f"Day, {currency}", "Carried", "Idle", "Nobody's", "Total")
    return table("Cost by day", heads, rows)


def _values(
    report: Report, made: Analysis, shown: list[days.Day], nodes: Sequence[IdleNode]
) -> dict[str, Any]:
    """As the page of a report with a bill, without what only a bill says."""
    return {
        "headline": [made.sentence, made.detail],
        "bill": None,
        "monthly": made.monthly,
        "kinds": [
            {
                "kind": one.kind,
                "label": one.label,
                "number": one.number,
                "list": one.listed / 100,
                report.info.basis: one.basis / 100,
                "idle": None if one.idle is None else one.idle / 100,
                "used": asdict(one.used),
            }
            for one in made.kinds
        ],
        "namespaces": as_owners(made.namespaces),
        "owners": as_owners(made.owners),
        "workloads": as_owners(made.workloads),
        "days": [by_day(day) for day in shown],
        "idle_nodes": as_json(nodes),
        **common(report, made),
    }
