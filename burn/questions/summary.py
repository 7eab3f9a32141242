"""The report in a few lines: its landings, the gap, the largest reasons, who carries most."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from burn.api import setting
from burn.api.headline import headline
from burn.api.money import cents, percent
from burn.questions.cite import cite
from burn.questions.desk import About, Desk, Seen
from burn.questions.figures import Figure
from burn.questions.kind import CLUSTER, RUN, Kind, Name
from burn.questions.ledger import Landing, landing, landings
from burn.questions.paging import text

_NOTES = 8


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `summary`."""

    run: Name = setting("latest", help=RUN)
    cluster: Name = setting("", help=CLUSTER)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a reader must know first.

    Attributes:
        sentence, detail: the run in two sentences, in whole cents.
        gap: billed − report.
        gap_percent: of the report; empty when the report is nothing.
        findings: how many there are.
        notes: sentences a reader must see.
        omitted_notes: how many more of them the report has.
    """

    about: About
    sentence: str
    detail: str
    landings: tuple[Landing, ...]
    gap: Figure
    gap_percent: str
    findings: int
    notes: tuple[str, ...]
    omitted_notes: int


def gap(seen: Seen) -> Figure:
    """Billed − report."""
    ends = [landing(seen, name) for name in ("report", "billed")]
    amounts = [end.figure.amount if end else Decimal(0) for end in ends]
    where = cite("run", seen.kept.name, "total", "gap")
    return seen.figure(amounts[1] - amounts[0], "billed", where)


def _answer(desk: Desk, takes: Takes) -> Summary:
    seen = desk.seen(takes.run, takes.cluster, by=("driver",))
    facts = seen.facts
    words = headline(facts)
    return Summary(
        about=seen.about,
        sentence=words.sentence,
        detail=words.detail,
        landings=landings(seen),
        gap=gap(seen),
        gap_percent=percent(
            cents(facts.totals.billed) - cents(facts.totals.report), cents(facts.totals.report)
        ),
        findings=len(facts.findings),
        notes=tuple(text(note, 500) for note in facts.notes[:_NOTES]),
        omitted_notes=max(0, len(facts.notes) - _NOTES),
    )


KIND = Kind(
    "summary",
    "A report in a few lines",
    "What the Kubernetes report says, what the bill says, the gap between them, what the cluster truly"
    " cost, and what a reader must know. Ask this first.",
    Takes,
    Summary,
    _answer,
)
