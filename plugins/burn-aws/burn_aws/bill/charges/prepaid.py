"""Instance hours that are paid ahead: EC2 Capacity Blocks.

A block is paid by one fee (`CapacityBlockFee:TYPE`) and its instances' hours are billed at 0, or at
their system's fee alone. A CUR does not amortise it, so burn does: the fee's rate an hour goes to the
hours of the reservation it names, or, where the export names none, to those at 0 of the same account,
region and type. What of it no hour used is unused commitment once the block is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import Window
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import MONEY, NO_MONEY, literal
from burn_aws.bill.lines.partitions import partition_predicate
from burn_aws.bill.lines.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

FEE = "CapacityBlockFee"


@dataclass(frozen=True, slots=True)
class Prepaid:
    """Hours of one instance type that a fee pays for.

    Attributes:
        reservation: the Capacity Block's ARN or id, as the fee names it.
        account, region, instance: whose hours, where, of which type.
        rate: of an hour.
        unused: the part of the fee that no hour used, of a block that is over.
    """

    reservation: str
    account: str
    region: str
    instance: str
    rate: Decimal
    unused: Decimal = Decimal(0)


def fees_query(table: Table, window: Window) -> str:
    """Fees of Capacity Blocks in the months near the window, less refunds of them; any account.

    With them come the hours that they may pay for, and how far the bill goes.
    """
    usage_type, cost = table.text("usage_type"), table.money("unblended")
    kind = f"SPLIT_PART({usage_type}, ':', 2)"
    fee = f"{usage_type} LIKE '%{FEE}:%' AND {table.text('line_type')} <> 'Tax'"
    read = partition_predicate(table, span.months(window))
    named = f"{table.text('reservation')} <> '' OR " if table.has("reservation") else ""
    here = f"{table.text('account')} AS account, {table.first('region', 'region_old')} AS region, {kind} AS instance"
    seconds = "CAST(DATE_DIFF('second', TIMESTAMP '1970-01-01 00:00:00', {}) AS BIGINT)"
    first, last = (
        seconds.format(f"MIN({table.at('start')})"),
        seconds.format(f"MAX({table.at('end')})"),
    )
    lines = f"FROM {table.source.relation} WHERE {read}"
    return (
        f"SELECT 'fee' AS what, {table.text('resource_id')} AS reservation, {here}, SUM({cost}) AS cost, "
        f"SUM({table.money('usage')}) AS hours, {first} AS first_at, {last} AS last_at "
        f"{lines} AND {fee} GROUP BY 1, 2, 3, 4, 5 UNION ALL "
        f"SELECT 'used' AS what, {table.text('reservation')} AS reservation, {here}, SUM({cost}) AS cost, "
        f"SUM({table.money('usage')}) AS hours, {first} AS first_at, {last} AS last_at "
        f"{lines} AND {_box(table)} AND ({named}{_free(table)}) GROUP BY 1, 2, 3, 4, 5 UNION ALL "
        f"SELECT 'bill' AS what, '' AS reservation, '' AS account, '' AS region, '' AS instance, "
        f"SUM({cost}) AS cost, SUM({table.money('usage')}) AS hours, {first} AS first_at, {last} AS last_at "
        f"{lines} AND {table.text('line_type')} = 'Usage' ORDER BY 1, 2, 3, 4, 5"
    )


def prepaid_of(result: pa.Table) -> tuple[Prepaid, ...]:
    """The rows of a `fees_query`; several blocks of one type in one account share one rate."""
    rows = result.to_pylist()
    fees = [row for row in rows if row["what"] == "fee" and _number(row["cost"]) > 0]
    newest = max((int(row["last_at"] or 0) for row in rows if row["what"] == "bill"), default=0)
    blocks = []
    for fee in fees:
        place = _place(fee)
        mine = [row for row in fees if _place(row) == place]
        names = {"", *(str(row["reservation"]) for row in mine)}
        used = [
            row
            for row in rows
            if row["what"] == "used" and _place(row) == place and str(row["reservation"]) in names
        ]
        cost, hours, taken = (
            sum((_number(row[name]) for row in lines), Decimal(0))
            for name, lines in (("cost", mine), ("hours", mine), ("hours", used))
        )
        if spread := max(hours, taken):
            # One instance would take all of the hours to use them; more are through sooner.
            over = used and newest >= min(int(row["first_at"]) for row in used) + int(hours * 3600)
            unused = 1 - taken / spread if over else Decimal(0)
            blocks.append(Prepaid(str(fee["reservation"]), *place, cost / spread, unused))
    return tuple(blocks)


def prepaid_sql(table: Table, prepaid: Sequence[Prepaid]) -> str:
    """What a line costs of a fee: its hours, or on the fee what none used; NULL for other lines."""
    if not prepaid:
        return NO_MONEY
    hours = " ".join(
        f"WHEN {_of(table, block)} THEN CAST(CAST({table.money('usage')} AS DOUBLE) * "
        f"{block.rate:.12f} AS {MONEY})"
        for block in prepaid
    )
    idle = " ".join(
        f"WHEN {table.text('resource_id')} = {literal(block.reservation)} "
        f"AND SPLIT_PART({table.text('usage_type')}, ':', 2) = {literal(block.instance)} "
        f"THEN CAST(CAST({table.money('unblended')} AS DOUBLE) * {block.unused:.12f} AS {MONEY})"
        for block in prepaid
        if block.unused
    )
    whole = f"WHEN {is_fee(table.text('usage_type'))} THEN CASE {idle} END " if idle else ""
    return f"CASE {whole}WHEN {_box(table)} THEN CASE {hours} END END"


def reservation_sql(table: Table, prepaid: Sequence[Prepaid]) -> str:
    """The reservation that a fee buys or that a prepaid line uses; NULL for other lines."""
    arms = [f"WHEN {is_fee(table.text('usage_type'))} THEN {table.text('resource_id')}"]
    arms += [
        f"WHEN {_box(table)} AND {_of(table, block)} THEN {literal(block.reservation)}"
        for block in prepaid
    ]
    return f"CASE {' '.join(arms)} END"


def is_fee(usage_type: str) -> str:
    """Whether a line is a block's fee."""
    return f"{usage_type} LIKE '%{FEE}:%'"


def _box(table: Table) -> str:
    """Instance hours that no other commitment covers."""
    usage_type = table.text("usage_type")
    return (
        f"{table.text('line_type')} = 'Usage' AND {usage_type} LIKE '%BoxUsage:%' "
        f"AND {usage_type} NOT LIKE '%HostBoxUsage:%'"
    )


def _free(table: Table) -> str:
    """At nothing, and nothing else says why."""
    return f"COALESCE({table.money('unblended')}, 0) = 0"


def _of(table: Table, block: Prepaid) -> str:
    """A block's hours: they name it, at whatever their system costs; or they are at nothing."""
    told = table.text("reservation")
    here = (
        f"{_free(table)} AND {table.text('account')} = {literal(block.account)} "
        f"AND {table.first('region', 'region_old')} = {literal(block.region)} "
        f"AND SPLIT_PART({table.text('usage_type')}, ':', 2) = {literal(block.instance)}"
    )
    if not table.has("reservation"):
        return here
    return f"({told} = {literal(block.reservation)} OR ({told} = '' AND {here}))"


def _place(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(row["account"]), str(row["region"]), str(row["instance"])


def _number(value: Any) -> Decimal:
    return Decimal(str(value or 0))
