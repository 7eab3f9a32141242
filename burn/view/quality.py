"""How far the numbers can be trusted: prices by source, the provisional part, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api.money import cents, count, money, percent, spread
from burn.text.clean import clean

if TYPE_CHECKING:
    from datetime import datetime

    from burn.api import Report

GAPS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PriceSource:
    """Where the report's prices came from: assets and cents by source."""

    source: str
    assets: int
    cents: int


@dataclass(frozen=True, slots=True)
class Provisional:
    """The part of the window in which the bill can still change; `cents` is of the report."""

    start: datetime
    end: datetime
    cents: int
    sentence: str


def price_sources(report: Report) -> tuple[PriceSource, ...]:
    """Largest first; adds up to the report's total."""
    prices = report.prices
    by = prices.groupby(prices["price_source"].astype(str))
    assets, costs = by["asset_id"].nunique(), by["list_cost"].sum()
    order = sorted(costs.index, key=lambda source: (-costs[source], source))
    values = spread([float(costs[s]) for s in order], cents(report.totals.report))
    return tuple(
        PriceSource(clean(s), int(assets[s]), v) for s, v in zip(order, values, strict=True)
    )


def provisional(report: Report) -> Provisional | None:
    """None when the whole window is final."""
    start, end = report.info.provisional_from, report.info.window.end
    if start is None or start >= end:
        return None
    prices = report.prices
    late = prices["day"] >= start.replace(hour=0, minute=0, second=0, microsecond=0)
    amount = cents(float(prices["list_cost"].where(late, 0.0).sum()))
    share = percent(amount, cents(report.totals.report)).lstrip("+")
    of = f", {share} of the report" if share else ""
    sentence = (
        f"The bill can still change from {start:%Y-%m-%d %H:%M} UTC to the window's end: "
        f"{money(amount, report.info.currency)} of observed cost is on those days{of}."
    )
    return Provisional(start, end, amount, sentence)


def notes(report: Report) -> tuple[str, ...]:
    """Sentences a reader must see: the run's own, then the longest gaps in the metrics."""
    found = [clean(note) for note in report.notes]
    gaps = sorted(report.coverage.gaps, key=lambda gap: (gap[0] - gap[1], gap[0]))
    found += [
        f"metrics gap: {a:%Y-%m-%d %H:%M} to {b:%Y-%m-%d %H:%M} UTC" for a, b in gaps[:GAPS_SHOWN]
    ]
    if len(gaps) > GAPS_SHOWN:
        found.append(f"and {count(len(gaps) - GAPS_SHOWN, 'shorter metrics gap')}")
    return tuple(sentence(note) for note in dict.fromkeys(found))


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip()
    end = "" if text.endswith((".", "!", "?", ":", "…")) else "."
    return f"{text[:1].upper()}{text[1:]}{end}"
