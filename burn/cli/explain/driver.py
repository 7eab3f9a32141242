"""One driver's rows of the ledger, printed: of a run, or of a kept report, which needs no pandas."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from burn.api import UsageError, Window
from burn.api.drivers import Driver
from burn.api.money import cents, count, figure, money
from burn.cli import console
from burn.cli.explain.lines import cell, show
from burn.plugin.messages import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Report
    from burn.history.kept import Kept
    from burn.history.store import History

_COLUMNS = ("name", "subject", "amount", "lines", "observed", "billed", "unit", "method")
_OF_ROW = (*_COLUMNS, "confidence")
_NO_LINES = (
    "No bill line is this alone: the amounts are parts of lines that other drivers count, or "
    "no line at all was charged."
)
_KEPT = "The bill lines behind them are not kept: without --run, burn reads the bill again."
_INVOICES = "`burn explain invoice` shows each invoice whole, and its part in the window."
_FIGURES = ("amount", "lines", "observed", "billed")
Row = dict[str, Any]
Lines = Mapping[str, "pd.DataFrame"] | None
"""Bill lines by provider; None: they are not kept."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A driver's rows, and what it takes to read them.

    Attributes:
        rows: the ledger's columns of `_OF_ROW`, None for what is not known; largest amount first.
    """

    driver: Driver
    window: Window
    currency: str
    provider: str
    rows: list[Row]

    @property
    def amount(self) -> float:
        """Of them all."""
        return math.fsum(row["amount"] for row in self.rows)

    def about(self, subject: str | None) -> Rows:
        """Those of one subject, by id or name; all without one.

        Raises:
            UsageError: the driver has no such subject.
        """
        if subject is None:
            return self
        found = [row for row in self.rows if subject in self._called(row)]
        if not found:
            known = sorted({row[name] for row in self.rows for name in ("subject", "name")} - {""})
            meant = did_you_mean(subject, known)
            hint = f"{meant} `burn explain {self.driver.name}` lists them".strip()
            raise UsageError(f"`{self.driver.name}` has no subject `{subject}`", hint=hint)
        return replace(self, rows=found)

    def _called(self, row: Row) -> tuple[str, ...]:
        whole = row["subject"]
        # As one provider's ledger names it.
        alone = whole.partition(":")[2] if "+" in self.provider else whole
        return whole, row["name"], alone


def of_report(report: Report, driver: Driver) -> Rows:
    """Of a run that was just made."""
    found = report.ledger[report.ledger["driver"] == driver.name]
    rows = [_plain(row) for row in found[list(_OF_ROW)].to_dict("records")]
    info = report.info
    return Rows(driver, info.window, info.currency, info.provider, _ordered(rows))


def of_kept(store: History, kept: Kept, driver: Driver) -> Rows:
    """Of a kept report."""
    rows = [_plain(row) for row in store.rows(kept, "ledger", _OF_ROW, driver=driver.name)]
    return Rows(driver, kept.window, kept.currency, kept.provider, _ordered(rows))


def _plain(row: Mapping[Any, Any]) -> Row:
    """Null is None, and not a number never is a number."""
    return {
        str(name): None if isinstance(value, float) and math.isnan(value) else value
        for name, value in row.items()
    }


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: -abs(row["amount"]))


def print_table(found: Rows, lines: Lines, limit: int) -> None:
    """What it is, its subjects, and the bill's lines."""
    driver, rows = found.driver, found.rows
    total = money(cents(found.amount), found.currency)
    console.data(f"{driver.title} ({driver.group}/{driver.name}): {total}")
    console.data(f"in {found.window}, {count(len(rows), 'subject')}\n")
    console.prose(driver.why, label="Why     ")
    console.prose(driver.advice, label="Action  ")
    if not rows:
        return
    used = _used_columns(rows)
    console.data("")
    shown = [[_cell(column, row[column]) for column in used] for row in rows[:limit]]
    console.table(used, shown, right=_FIGURES)
    if rest := rows[limit:]:
        amount = money(cents(math.fsum(row["amount"] for row in rest)), found.currency)
        console.data(f"and {count(len(rest), 'more subject')}, {amount}; see --limit")
    _print_lines(lines, driver)


def _used_columns(rows: Sequence[Row]) -> list[str]:
    """Those that say something: no empty one, no name that is the subject, no method of all."""
    said = [c for c in _COLUMNS if c in _FIGURES or any(row[c] for row in rows)]
    silent = {c for c in ("observed", "billed") if all(row[c] is None for row in rows)}
    if all(row["name"] == row["subject"] for row in rows):
        silent.add("name")
    if len({row["method"] for row in rows}) == 1:
        silent.add("method")
    return [c for c in said if c not in silent]


def _print_lines(lines: Lines, driver: Driver) -> None:
    """The bill's lines by provider; a sentence where there are none to show."""
    if lines is None:
        console.data("")
        console.prose(_KEPT)
        return
    if all(found.empty for found in lines.values()):
        console.data("")
        console.prose(_INVOICES if driver.group == "invoice" else _NO_LINES)
    for provider, found in lines.items():
        if not found.empty:
            on = f" on the bill of {provider}" if len(lines) > 1 else ""
            many = count(len(found), "line")
            console.data(f"\nLargest bill lines of these subjects{on} ({many}):\n")
            show(found)


def print_json(found: Rows, lines: Lines, limit: int) -> None:
    """The same as one document."""
    import json

    driver = found.driver
    head = {
        "driver": driver.name,
        "group": driver.group,
        "title": driver.title,
        "why": driver.why,
        "advice": driver.advice,
        "window": str(found.window),
        "currency": found.currency,
        "amount": round(found.amount, 6),
        "subject_count": len(found.rows),
    }
    subjects = [
        {
            name: round(value, 10) if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in found.rows[:limit]
    ]
    records: list[Any] = []
    for provider, those in (lines or {}).items():
        text = those.to_json(orient="records", date_format="iso", double_precision=10)
        whose = {"provider": provider} if lines and len(lines) > 1 else {}
        records += [whose | line for line in json.loads(text or "[]")]
    console.data_json({**head, "subjects": subjects, "lines": records})


def _cell(column: str, value: Any) -> str:
    return figure(cents(value), sign=True) if column == "amount" else cell(value)
