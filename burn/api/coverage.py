"""What a metrics source saw of a day, and what it could have seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from burn.api.errors import ContractError
from burn.api.vocabulary import OBSERVABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How well a metrics source saw one day.

    Attributes:
        hours_missing: hours without any scrape, to the scrape interval.
        gaps: the missing stretches, as half-open UTC instants.
        queries, samples, bytes_read: what the day cost the server.
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
