"""What a report does not know."""

from __future__ import annotations

from dataclasses import dataclass

from burn.api import setting
from burn.api.vocabulary import OBSERVABLE
from burn.questions.desk import About, Desk
from burn.questions.figures import Figure
from burn.questions.kind import CLUSTER, RUN, Kind, Name
from burn.questions.ledger import landing
from burn.questions.paging import text

_LISTED = 20
_SENTENCES = 10


@dataclass(frozen=True, slots=True)
class Takes:
    """Parameters of `missing`."""

    run: Name = setting("latest", help=RUN)
    cluster: Name = setting("", help=CLUSTER)


@dataclass(frozen=True, slots=True)
class Gap:
    """Time without metrics, half-open, UTC."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What may still change, was not seen, or was not read.

    Attributes:
        provisional_from: from this day on the bill may still change; empty: it is final.
        hours_missing: of metrics, to the scrape interval.
        gaps: the first of them; `omitted_gaps` more.
        not_seen: kinds of things that the metrics could not show.
        unknown: kinds of which nothing says whether the metrics could show them.
        not_read: files of the bill that were left out; `omitted_files` more.
        residual: what the ledger leaves unexplained.
    """

    about: About
    provisional_from: str
    hours_missing: float
    gaps: tuple[Gap, ...]
    omitted_gaps: int
    not_seen: tuple[str, ...]
    unknown: tuple[str, ...]
    not_read: tuple[str, ...]
    omitted_files: int
    residual: Figure
    notes: tuple[str, ...]
    omitted_notes: int


def _answer(desk: Desk, takes: Takes) -> Missing:
    seen = desk.seen(takes.run, takes.cluster, by=("driver",))
    facts = seen.facts
    coverage, unread = facts.coverage, facts.counted.unread
    since = seen.kept.provisional_from
    notes = tuple(dict.fromkeys((*coverage.notes, *facts.notes)))
    residual = landing(seen, "residual")
    assert residual is not None  # noqa: S101  every report has one
    return Missing(
        about=seen.about,
        provisional_from=f"{since:%Y-%m-%d}" if since else "",
        hours_missing=round(coverage.hours_missing, 3),
        gaps=tuple(
            Gap(start.strftime("%Y-%m-%dT%H:%MZ"), end.strftime("%Y-%m-%dT%H:%MZ"))
            for start, end in coverage.gaps[:_LISTED]
        ),
        omitted_gaps=max(0, len(coverage.gaps) - _LISTED),
        not_seen=tuple(kind for kind in OBSERVABLE if coverage.sees.get(kind) is False),
        unknown=tuple(kind for kind in OBSERVABLE if kind not in coverage.sees),
        not_read=tuple(text(file, 200) for file in unread[:_LISTED]),
        omitted_files=max(0, len(unread) - _LISTED),
        residual=residual.figure,
        notes=tuple(text(note, 400) for note in notes[:_SENTENCES]),
        omitted_notes=max(0, len(notes) - _SENTENCES),
    )


KIND = Kind(
    "missing",
    "What a report does not know",
    "Whether the bill can still change, gaps in the metrics, kinds of things nobody saw, files not read.",
    Takes,
    Missing,
    _answer,
)
