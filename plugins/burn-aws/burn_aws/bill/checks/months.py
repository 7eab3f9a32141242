"""What a `control_query` says: the months of a bill, whether they are net and sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from burn.api import DataError
from burn_aws.bill.checks.gaps import column_of
from burn_aws.bill.lines.facts import Shape
from burn_aws.bill.lines.table import Table

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Month:
    """One billing month's lines in the window, in one currency; see `control_query`.

    `has_discounts` is about the whole month: see `discounts_query`.
    """

    month: str
    currency: str
    line_types: frozenset[str]
    lines: int
    billed: Decimal
    net_billed: Decimal
    net_lines: int
    crossing: int
    open_lines: int
    without_effective: int
    without_list: int
    without_net: int
    has_discounts: bool

    @property
    def is_net(self) -> bool:
        """Whether the invoice is the net column.

        CUR 2.0 puts discounts either on lines of their own (manual discount compatibility, as in
        the legacy CUR; the unblended costs add up to the invoice) or into a column of the line
        they reduce (only the net costs do). No discount line and net costs: the second.
        """
        return self.net_lines > 0 and not self.has_discounts

    @property
    def total(self) -> Decimal:
        """What the month's lines put on the invoice."""
        return self.net_billed if self.is_net else self.billed

    @property
    def end(self) -> datetime:
        """The first instant after the month."""
        year, month = int(self.month[:4]), int(self.month[5:])
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def months_of(control: Iterable[Mapping[str, Any]], discounts: pa.Table | None) -> list[Month]:
    """The rows of a `control_query` that are in the window, added up over files and line types.

    Args:
        control: of a `control_query`, with the window's parts.
        discounts: of a `discounts_query`, if there is one.
    """
    rows = [row for row in control if row["fate"] == "window"]
    with_discounts = {str(row["month"]) for row in discounts.to_pylist()} if discounts else set()

    def key(row: Mapping[str, Any]) -> tuple[str, str]:
        return str(row["month"]), str(row["currency"])

    return [
        _month(month, currency, list(group), month in with_discounts)
        for (month, currency), group in groupby(sorted(rows, key=key), key=key)
    ]


def _month(month: str, currency: str, rows: list[Mapping[str, Any]], has_discounts: bool) -> Month:
    def count(name: str) -> int:
        return sum(int(row[name]) for row in rows)

    def money(name: str) -> Decimal:
        return sum((Decimal(str(row[name])) for row in rows), Decimal(0))

    counts = (
        *("lines", "net_lines", "crossing", "open_lines"),
        *("without_effective", "without_list", "without_net"),
    )
    return Month(
        month=month,
        currency=currency,
        line_types=frozenset(str(row["line_type"]) for row in rows),
        billed=money("billed"),
        net_billed=money("net_billed"),
        has_discounts=has_discounts,
        **{name: count(name) for name in counts},
    )


def shape_of(months: Iterable[Month]) -> Shape:
    """Which parts of the bill query are needed."""
    months = list(months)
    return Shape(
        net=frozenset(month.month for month in months if month.is_net),
        line_types=frozenset().union(*(month.line_types for month in months)),
        crossing=any(month.crossing for month in months),
        currency=months[0].currency if months else "",
    )


def require_sound(months: Iterable[Month], name: str) -> str:
    """The one currency of the bill.

    Raises:
        DataError: several currencies, or commitment lines without the cost burn needs.
    """
    months = list(months)
    currencies = sorted({month.currency for month in months})
    if len(currencies) > 1:
        raise DataError(
            f"the bill is in several currencies: {', '.join(currencies)}",
            hint="limit provider.aws.accounts to accounts billed in one currency",
        )
    for month in months:
        if month.without_effective:
            raise DataError(
                f"{month.without_effective:,} lines of {month.month} are covered by a commitment"
                f" but name no effective cost ({name})",
                hint="add reservation_effective_cost and savings_plan_savings_plan_effective_cost"
                " to the export",
            )
    return currencies[0] if currencies else ""


def notes_on(months: Iterable[Month], table: Table) -> list[str]:
    """Sentences a reader must see, with the table's names for its columns."""
    months = list(months)
    notes = []
    unpriced = sum(month.without_list for month in months)
    if unpriced:
        notes.append(
            f"{unpriced:,} usage lines name no public price"
            f" (`{column_of(table, 'public' if table.format.family == 'cur' else 'list')}`); their"
            " list cost is taken as charged, so the rate drivers say less than they could"
        )
    gross = sum(month.without_net for month in months if month.net_lines)
    if gross:
        notes.append(
            f"`{column_of(table, 'net_unblended')}` is empty on {gross:,} lines with a cost, and not"
            " on others of their month: they are taken at what they cost before discounts"
        )
    return notes
