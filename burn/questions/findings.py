"""What a reader can act on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from burn.api import Finding, setting
from burn.questions.cite import cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import Figure, added, one
from burn.questions.kind import CLUSTER, LIMIT, OFFSET, RUN, Kind, Limit, Name, Offset
from burn.questions.paging import Omitted, page, text

_NOTE = (
    "findings may be about the same cost, so that their sum is no saving; monthly is a projection"
)


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `findings`."""

    run: Name = setting("latest", help=RUN)
    cluster: Name = setting("", help=CLUSTER)
    limit: Limit = setting(10, help=LIMIT)
    offset: Offset = setting(0, help=OFFSET)


@dataclass(frozen=True, slots=True)
class Row:
    """A finding.

    Attributes:
        figure: what it cost in the window.
        monthly: projected to 730 hours.
        evidence: the numbers behind it.
        action: what to do next.
        lowers_bill: whether acting lowers the bill; false: it frees capacity only.
        saves: how much of the figure acting can save: all, part or none.
    """

    rule: str
    title: str
    subject: str
    figure: Figure
    monthly: Figure
    evidence: str
    action: str
    confidence: str
    lowers_bill: bool
    saves: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings, the largest first."""

    about: About
    rows: tuple[Row, ...]
    omitted: Omitted
    total: Figure
    notes: tuple[str, ...]


def figure(seen: Seen, number: int, *, monthly: bool = False) -> Figure:
    """What a finding of a report, by its place, cost."""
    found: Finding = seen.facts.findings[number]
    words = ("run", seen.kept.name, "finding", str(number), *(["monthly"] if monthly else []))
    return seen.figure(
        one(found.monthly if monthly else found.amount), seen.kept.basis, cite(*words)
    )


def amounts(seen: Seen) -> list[tuple[int, Decimal]]:
    """What each costs, by its place."""
    return [(number, one(found.amount)) for number, found in enumerate(seen.facts.findings)]


def _answer(desk: Desk, takes: Takes) -> Findings:
    seen = desk.seen(takes.run, takes.cluster, by=("driver",))
    found = amounts(seen)

    def row(number: int, _: Decimal) -> Row:
        it = seen.facts.findings[number]
        return Row(
            rule=text(it.rule),
            title=text(it.title),
            subject=text(it.subject),
            figure=figure(seen, number),
            monthly=figure(seen, number, monthly=True),
            evidence=text(it.evidence, 400),
            action=text(it.action, 400),
            confidence=it.confidence,
            lowers_bill=it.bill_saving,
            saves=it.saves,
        )

    made = page(found, row, takes.offset, takes.limit)
    where = ("run", seen.kept.name, "finding")
    but = cite(*where, but=f"{takes.offset}..{takes.offset + len(made.rows)}")
    basis = seen.kept.basis
    return Findings(
        seen.about,
        made.rows,
        Omitted(made.left, seen.figure(made.rest, basis, but), made.next),
        seen.figure(added(amount for _, amount in found), basis, cite(*where)),
        (_NOTE,) if found else (),
    )


KIND = Kind(
    "findings",
    "What to act on",
    "What could be done to lower cost: each finding with what it cost, a projection a month, the evidence,"
    " the next step and how sure it is.",
    Takes,
    Findings,
    _answer,
)
