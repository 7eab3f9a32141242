"""The bill counted straight from its rows, month by month, before any rule is applied."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import DataError, Window
from burn_aws.bill import span
from burn_aws.bill.facts import billing_month, in_scope
from burn_aws.bill.rules import DISCOUNTS, USAGE
from burn_aws.bill.typed import MONEY, Table
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Month:
    """What one billing month says of itself, for the lines in the window.

    Attributes:
        month: `YYYY-MM`.
        billed: Σ unblended cost (CUR) or billed cost (FOCUS), prorated to the window.
        net_billed: Σ net unblended cost, unblended where there is none.
        net_lines: lines with a net cost.
        discount_lines: lines that are a discount.
        open_lines: usage lines with a cost and no invoice id; 0 when there is no such column.
        without_effective: commitment-covered lines without their amortised cost.
        without_list: usage lines with a cost and no public price.
    """

    month: str
    currency: str
    lines: int
    billed: Decimal
    net_billed: Decimal
    net_lines: int
    discount_lines: int
    open_lines: int
    without_effective: int
    without_list: int

    @property
    def is_net(self) -> bool:
        """Whether the invoice is the net column.

        CUR 2.0 puts discounts either on lines of their own (manual discount compatibility, as in
        the legacy CUR; the unblended costs add up to the invoice) or into a column of the line
        they reduce (only the net costs do). No discount line and net costs: the second.
        """
        return self.net_lines > 0 and self.discount_lines == 0

    @property
    def total(self) -> Decimal:
        """What the month's lines put on the invoice."""
        return self.net_billed if self.is_net else self.billed

    @property
    def end(self) -> datetime:
        """The first instant after the month."""
        year, month = int(self.month[:4]), int(self.month[5:])
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def control_query(table: Table, scope: AwsScope, window: Window) -> str:
    """Per billing month and currency: counts and sums, no rule applied."""
    one = "CASE WHEN {} THEN 1 ELSE 0 END"
    facts = {
        "month": billing_month(table),
        "currency": table.text("currency"),
        "start_at": table.at("start"),
        "end_at": table.at("end"),
        **(_cur(table) if table.format.family == "cur" else _focus(table)),
    }
    blank = "invoice = ''" if table.has("invoice") else "FALSE"
    inner = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    timed = f"SELECT *, {span.whole(window)} AS whole, {span.share(window)} AS share FROM (SELECT {inner} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}) AS facts"
    zero = f"CAST(0 AS {MONEY})"
    sums = {
        "lines": "COUNT(*)",
        "billed": f"COALESCE(SUM({span.within('u')}), {zero})",
        "net_billed": f"COALESCE(SUM({span.within('COALESCE(nu, u)')}), {zero})",
        "net_lines": "COUNT(nu)",
        "discount_lines": f"SUM({one.format('is_discount')})",
        "open_lines": f"SUM({one.format(f'is_usage AND u <> 0 AND {blank}')})",
        "without_effective": f"SUM({one.format('lacks_effective')})",
        "without_list": f"SUM({one.format('is_usage AND u <> 0 AND COALESCE(p, 0) = 0')})",
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
    return f"SELECT month, currency, {items} FROM ({timed}) AS timed GROUP BY 1, 2 ORDER BY 1, 2"


def _cur(table: Table) -> dict[str, str]:
    kind = table.text("line_type")
    among = ", ".join(repr(name) for name in DISCOUNTS)
    usage = ", ".join(repr(name) for name in USAGE)
    lacks = (
        f"({kind} = 'DiscountedUsage' AND {table.money('ri_effective')} IS NULL) OR "
        f"({kind} = 'SavingsPlanCoveredUsage' AND {table.money('sp_effective')} IS NULL)"
    )
    return {
        "invoice": table.text("invoice"),
        "u": table.money("unblended"),
        "nu": table.money("net_unblended"),
        "p": table.money("public"),
        "is_discount": f"{kind} IN ({among})",
        "is_usage": f"{kind} IN ({usage})",
        "lacks_effective": lacks,
    }


def _focus(table: Table) -> dict[str, str]:
    usage = f"{table.text('category')} = 'Usage'"
    return {
        "invoice": table.text("invoice"),
        "u": table.money("billed"),
        "nu": f"CAST(NULL AS {MONEY})",
        "p": table.money("list"),
        "is_discount": "FALSE",
        "is_usage": usage,
        "lacks_effective": f"{usage} AND {table.money('effective')} IS NULL",
    }


def months_of(result: pa.Table) -> list[Month]:
    """The rows of a `control_query`."""
    return [
        Month(
            month=str(row["month"]),
            currency=str(row["currency"]),
            billed=Decimal(str(row["billed"])),
            net_billed=Decimal(str(row["net_billed"])),
            **{name: int(row[name]) for name in _COUNTS},
        )
        for row in result.to_pylist()
    ]


_COUNTS = (
    *("lines", "net_lines", "discount_lines", "open_lines", "without_effective", "without_list"),
)


def require_sound(months: Sequence[Month], name: str) -> str:
    """The one currency of the bill.

    Raises:
        DataError: several currencies, or commitment lines without the cost burn needs.
    """
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
                f" but say no effective cost ({name})",
                hint="add reservation_effective_cost and savings_plan_savings_plan_effective_cost"
                " to the export",
            )
    return currencies[0] if currencies else ""
