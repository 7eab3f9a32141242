"""The page: sections in the order they are read, each chart with the table of its figures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from burn.api.drivers import DRIVERS, GROUP_TITLES
from burn.api.money import cents, count, figure
from burn.builtin.sinks.html import days, treemap, waterfall
from burn.builtin.sinks.html.data import embedded
from burn.builtin.sinks.html.elements import Figure, Markup, joined, table, tag
from burn.view.findings import OVERLAP, effect, evidence, heading, left
from burn.view.owners import BASIS_TOTALS

if TYPE_CHECKING:
    from burn.api import Report
    from burn.view.owners import Owners
    from burn.view.summary import Summary


def page(report: Report, summary: Summary) -> str:
    """One HTML document; the same report gives the same bytes."""
    style, script = _asset("page.css"), _asset("page.js")
    shown = days.days(report)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    name = report.info.cluster or report.info.provider
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{name}, {report.info.window}: from report to bill"),
        tag("style", Markup(style)),
    )
    body = tag(
        "body",
        tag("main", *_sections(report, summary, shown)),
        embedded(report, summary, shown),
        tag("script", Markup(script)),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _sections(report: Report, summary: Summary, shown: list[days.Day]) -> Iterator[Markup]:
    currency, basis = report.info.currency, report.info.basis
    yield _top(report, summary)
    yield _section(
        "From report to bill",
        waterfall.drawn(summary.waterfall, currency),
        _ledger(summary, currency),
    )
    yield _section(
        "Who pays",
        treemap.drawn(summary.namespaces.rows, currency),
        _owners("Namespaces", summary.namespaces, currency),
        *([_owners("Owners", summary.owners, currency)] if summary.owners else []),
        *(_owners(f"By {name}", owners, currency) for name, owners in summary.dimensions),
        *([_folded("Workloads", summary.workloads, currency)] if summary.workloads else []),
    )
    yield _section(
        "Day by day",
        days.drawn(shown, basis, currency),
        tag("details", tag("summary", "Days as a table"), _days(shown, currency)),
    )
    if summary.findings:
        yield _section("What to do", _findings(summary, currency), tag("p", OVERLAP))
    yield _section("How far to trust it", *_quality(summary, currency))
    yield _section("What each driver is", _words(summary))


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


def _section(title: str, *parts: Markup) -> Markup:
    return tag("section", tag("h2", title), *parts)


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
        row: list[str | Figure] = [label, _money(listed)]
        if both:
            change = chosen - listed
            row += [_money(chosen), Figure(figure(change, sign=True), change)]
        if split:
            row.append("" if other is None else _money(other))
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
            _money(day.carried),
            _money(day.idle),
            _money(day.nobodys),
            _money(day.total),
            "may still change" if day.is_provisional else "final",
        )
        for day in shown
    ]
    heads = (f"Day, {currency}", "Carried", "Idle", "Nobody's", "Total", "Bill")
    return table("Cost by day", heads, rows)


def _findings(summary: Summary, currency: str) -> Markup:
    rows = [
        (
            joined([tag("strong", one.title), tag("br"), heading(one)]),
            Figure(figure(cents(one.monthly)), cents(one.monthly)),
            joined([f"{evidence(one)}. {one.action}.", tag("br"), tag("small", effect(one))]),
        )
        for one in summary.findings
    ]
    heads = ("Finding", f"{currency} a month, projected", "Evidence and action")
    parts = [table("Findings", heads, rows)]
    if summary.findings_left:
        parts.append(tag("p", left(summary.findings_left)))
    return joined(parts)


def _quality(summary: Summary, currency: str) -> Iterator[Markup]:
    rows = [
        (price.source, count(price.assets, "asset"), _money(price.cents))
        for price in summary.prices
    ]
    if rows:
        yield table("Where list prices came from", ("Source", "Priced", currency), rows)
    if summary.notes:
        yield tag("ul", *(tag("li", note) for note in summary.notes))
    else:
        yield tag("p", "Nothing was missing.")


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


def _money(value: int) -> Figure:
    return Figure(figure(value), value)


def _asset(name: str) -> str:
    return (files("burn.builtin.sinks.html") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a content security policy names what it lets run."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
