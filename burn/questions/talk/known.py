"""What the answers of a talk hold that a text may repeat: figures, percentages, counts, dates, names.

Only what code of burn wrote counts. Sentences, evidence and notes do not: names from a cluster stand in
them, and anybody may name a thing `$0.00`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

_DATED = {
    *(
        "window",
        "state",
        "kept",
        "start",
        "end",
        "first",
        "last",
        "month",
        "months",
        "period",
        "told",
        "day",
    ),
    *("provisional_from", "as_of", "since"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
_NO_COUNTS = ("next", "offset")


@dataclass(frozen=True, slots=True)
class Money:
    """A cited figure."""

    amount: Decimal
    currency: str
    basis: str
    window: str
    cite: str
    label: str


@dataclass(slots=True)
class Known:
    """What was answered so far in a talk.

    Attributes:
        texts: strings of burn's own that a text may quote whole: citations, windows, runs.
        names: all other strings.
    """

    money: list[Money] = field(default_factory=list)
    percents: set[Decimal] = field(default_factory=set)
    counts: set[Decimal] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    months: set[tuple[int, int]] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, answer: Mapping[str, Any]) -> None:
        """Take up an answer of the registry."""
        self._walk("", answer, "")

    def _walk(self, key: str, value: Any, label: str) -> None:
        if isinstance(value, Mapping):
            self._table(key, value, label)
        elif isinstance(value, list):
            for one in value:
                self._walk(key, one, label)
        elif isinstance(value, str):
            self._text(key, value)
        elif (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and key not in _NO_COUNTS
        ):
            (self.percents if "percent" in key else self.counts).add(Decimal(str(value)))

    def _table(self, key: str, table: Mapping[str, Any], label: str) -> None:
        if {"amount", "currency", "cite"} <= set(table):
            currency, basis, window, cite = (str(table[name]) for name in _FIGURE)
            amount = Decimal(table["amount"])
            self.money.append(Money(amount, currency, basis, window, cite, label or key))
        label = str(table.get("title") or table.get("name") or label)
        rows, omitted = table.get("rows"), table.get("omitted")
        if isinstance(rows, list):
            left = omitted["rows"] if isinstance(omitted, Mapping) else omitted or 0
            self.counts |= {Decimal(len(rows)), Decimal(len(rows) + left)}
            self._periods(table, rows)
        for name, value in table.items():
            self._walk(name, value, label)

    def _periods(self, trend: Mapping[str, Any], rows: list[Any]) -> None:
        """A trend's amounts, which share the figure of their row."""
        for row in rows if "periods" in trend else ():
            for period, amount in zip(trend["periods"], row["amounts"], strict=True):
                figure = row["figure"]
                cite = f"{figure['cite']}/period={period['start']}"
                stated = (figure["currency"], figure["basis"], f"from {period['start']}", cite)
                self.money.append(Money(Decimal(amount), *stated, str(row["name"])))
                self.texts.add(cite)

    def _text(self, key: str, text: str) -> None:
        if key in ("percent", "gap_percent") and text:
            self.percents.add(Decimal(re.sub(r"[%,\s]", "", text)))
        elif key == "ratio":
            self.counts.add(Decimal(text))
        elif key in ("cite", "run"):
            self.texts.add(text)
        elif key in _DATED:
            self._dates(text)
        else:
            self.names.add(text)

    def _dates(self, text: str) -> None:
        self.texts.add(text)
        for year, month in _MONTH.findall(text):
            if 1 <= int(month) <= 12 and not _DAY.search(text):
                self.months.add((int(year), int(month)))
        for found in _DAY.findall(text):
            day = date.fromisoformat(found)
            self.days.add(day)
        if span := _SPAN.fullmatch(text):
            start, end = (date.fromisoformat(one) for one in span.groups())
            last = end - timedelta(days=1)
            self.days.add(last)
            self.months |= {(start.year, start.month), (last.year, last.month)}
            self.counts.add(Decimal((end - start).days))
        elif found := _DAY.search(text):
            day = date.fromisoformat(found[0])
            self.months.add((day.year, day.month))


_FIGURE = ("currency", "basis", "window", "cite")
