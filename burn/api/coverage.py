"""What a metrics source saw of a window, and what it could have seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from burn.api.errors import ContractError
from burn.api.vocabulary import OBSERVABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How well a metrics source saw a window.

    Attributes:
        hours_missing: hours without any scrape, to the scrape interval.
        gaps: the missing stretches, as half-open UTC instants.
        queries, samples, bytes_read: what it cost the server.
        notes: sentences a reader must see (retention too short, requests only, …).
        sees: kind of thing (one of `OBSERVABLE`) → whether the source could have shown each one
            there was, for as long as it was watched. A kind that is left out is unknown: findings
            take neither that nor False for "there is none" or "nobody uses it".
    """

    hours_missing: float = 0.0
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    queries: int = 0
    samples: int = 0
    bytes_read: int = 0
    notes: tuple[str, ...] = ()
    sees: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if odd := sorted(set(self.sees) - set(OBSERVABLE)):
            raise ContractError(
                f"Coverage.sees names {', '.join(map(repr, odd))}",
                hint=f"kinds of things are {', '.join(OBSERVABLE)}",
            )


def seen_throughout(days: Iterable[Coverage]) -> dict[str, bool]:
    """`Coverage.sees` of several days: False where any day was blind, unknown where any is."""
    each = [day.sees for day in days]
    kinds = [kind for kind in OBSERVABLE if any(kind in sees for sees in each)]
    blind = {kind for kind in kinds if any(sees.get(kind) is False for sees in each)}
    known = [kind for kind in kinds if kind in blind or all(kind in sees for sees in each)]
    return {kind: kind not in blind for kind in known}


def together(days: Sequence[tuple[Coverage, bool]]) -> Coverage:
    """How well a longer window was seen.

    Args:
        days: its days (or windows) in order, and whether any asset was seen in each: a day of
            nothing is missing hours, and says nothing of kinds.
    """
    each = [coverage for coverage, _ in days]
    return Coverage(
        hours_missing=sum(one.hours_missing for one in each),
        gaps=tuple(gap for one in each for gap in one.gaps),
        queries=sum(one.queries for one in each),
        samples=sum(one.samples for one in each),
        bytes_read=sum(one.bytes_read for one in each),
        notes=tuple(dict.fromkeys(note for one in each for note in one.notes)),
        sees=seen_throughout(coverage for coverage, seen in days if seen),
    )
