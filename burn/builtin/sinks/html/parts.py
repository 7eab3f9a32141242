"""What pages of every report share: the document around them, findings, how far to trust it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from burn.api.money import cents, count, figure
from burn.builtin.sinks.html.elements import Figure, Markup, joined, table, tag
from burn.view.findings import effect, evidence, heading, left

if TYPE_CHECKING:
    from burn.view.analysis import Analysis
    from burn.view.summary import Summary


def document(title: str, sections: Iterable[Markup], data: Markup) -> str:
    """A whole document that lets nothing run but its own script.

    Args:
        title: of the window.
        sections: its header, then its sections.
        data: the figures, as an element.
    """
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Markup(style)),
    )
    body = tag("body", tag("main", *sections), data, tag("script", Markup(script)))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def section(title: str, *parts: Markup) -> Markup:
    """A section under its title."""
    return tag("section", tag("h2", title), *parts)


def findings(summary: Summary | Analysis, currency: str) -> Markup:
    """A row a finding, with its evidence and what acting does."""
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


def quality(summary: Summary | Analysis, currency: str) -> Iterator[Markup]:
    """Where prices came from, and what a reader must know."""
    rows = [
        (price.source, count(price.assets, "asset"), money(price.cents)) for price in summary.prices
    ]
    if rows:
        yield table("Where list prices came from", ("Source", "Priced", currency), rows)
    if summary.notes:
        yield tag("ul", *(tag("li", note) for note in summary.notes))
    else:
        yield tag("p", "Nothing was missing.")


def money(value: int) -> Figure:
    """Cents as a figure that sorts."""
    return Figure(figure(value), value)


def _asset(name: str) -> str:
    return (files("burn.builtin.sinks.html") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a content security policy names what it lets run."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
