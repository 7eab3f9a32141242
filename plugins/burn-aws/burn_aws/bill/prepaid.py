"""Instance hours that are paid elsewhere: Capacity Blocks ahead, Dedicated Hosts beside.

An EC2 Capacity Block is paid by one fee (`CapacityBlockFee:TYPE`) and its instances' hours are
billed at 0. A CUR does not amortise it, so burn does: the fee's rate an hour goes to the hours at 0
of the reservation it names, or, where the export names none, of the same account, region and type.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills import span
from burn.api.bills.sql import MONEY, NO_MONEY, literal
from burn_aws.bill.partitions import partition_predicate
from burn_aws.bill.typed import Table

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
    """

    reservation: str
    account: str
    region: str
    instance: str
    rate: Decimal


def fees_query(table: Table, window: Window) -> str:
    """Fees of Capacity Blocks in the months near the window, less refunds of them; any account.

    The hours at 0 of the same account, region and type come with them: a fee whose amount of usage
    is not its hours is spread over what was used.
    """
    usage_type, cost = table.text("usage_type"), table.money("unblended")
    region = table.first("region", "region_old")
    kind = f"SPLIT_PART({usage_type}, ':', 2)"
    fee = f"{usage_type} LIKE '%{FEE}:%' AND {table.text('line_type')} <> 'Tax'"
    read = partition_predicate(table, span.months(window))
    where = f"FROM {table.source.relation} WHERE {read} AND "
    zero = f"CAST(0 AS {MONEY})"
    return (
        f"WITH fees AS (SELECT {table.text('resource_id')} AS reservation, "
        f"{table.text('account')} AS account, {region} AS region, {kind} AS instance, "
        f"SUM({cost}) AS cost, SUM({table.money('usage')}) AS hours "
        f"{where} {fee} GROUP BY 1, 2, 3, 4), "
        f"used AS (SELECT {table.text('account')} AS account, {region} AS region, "
        f"{kind} AS instance, SUM({table.money('usage')}) AS used {where} {_free(table)} "
        "GROUP BY 1, 2, 3) "
        f"SELECT fees.*, COALESCE(used, {zero}) AS used FROM fees LEFT JOIN used "
        "ON fees.account = used.account AND fees.region = used.region "
        "AND fees.instance = used.instance WHERE cost > 0 ORDER BY 1, 2, 3, 4"
    )


def prepaid_of(result: pa.Table) -> tuple[Prepaid, ...]:
    """The rows of a `fees_query`; several blocks of one type in one account share one rate."""
    rows = result.to_pylist()
    sums: dict[tuple[str, str, str], list[Decimal]] = {}
    for row in rows:
        key = (str(row["account"]), str(row["region"]), str(row["instance"]))
        total = sums.setdefault(key, [Decimal(0), Decimal(0), Decimal(0)])
        total[0] += Decimal(str(row["cost"]))
        total[1] += Decimal(str(row["hours"] or 0))
        total[2] = Decimal(str(row["used"]))
    found = []
    for row in rows:
        key = (str(row["account"]), str(row["region"]), str(row["instance"]))
        cost, hours, used = sums[key]
        if spread := max(hours, used):
            found.append(Prepaid(str(row["reservation"]), *key, cost / spread))
    return tuple(found)


def prepaid_sql(table: Table, prepaid: Sequence[Prepaid]) -> str:
    """What a line's hours cost of a fee; NULL for lines that no fee pays for."""
    if not prepaid:
        return NO_MONEY
    arms = " ".join(
        f"WHEN {_of(table, block)} THEN CAST(CAST({table.money('usage')} AS DOUBLE) * "
        f"{block.rate:.12f} AS {MONEY})"
        for block in prepaid
    )
    return f"CASE WHEN {_free(table)} THEN CASE {arms} END END"


def reservation_sql(table: Table, prepaid: Sequence[Prepaid]) -> str:
    """The reservation that a fee buys or that a prepaid line uses; NULL for other lines."""
    arms = [f"WHEN {table.text('usage_type')} LIKE '%{FEE}:%' THEN {table.text('resource_id')}"]
    arms += [
        f"WHEN {_free(table)} AND {_of(table, block)} THEN {literal(block.reservation)}"
        for block in prepaid
    ]
    return f"CASE {' '.join(arms)} END"


def _free(table: Table) -> str:
    """Instance hours at nothing, with no commitment that says why."""
    return (
        f"{table.text('line_type')} = 'Usage' AND COALESCE({table.money('unblended')}, 0) = 0 "
        f"AND {table.text('usage_type')} LIKE '%BoxUsage:%' "
        f"AND {table.text('usage_type')} NOT LIKE '%HostBoxUsage:%'"
    )


def _of(table: Table, block: Prepaid) -> str:
    told = table.text("reservation")
    here = (
        f"{table.text('account')} = {literal(block.account)} "
        f"AND {table.first('region', 'region_old')} = {literal(block.region)} "
        f"AND SPLIT_PART({table.text('usage_type')}, ':', 2) = {literal(block.instance)}"
    )
    if not table.has("reservation"):
        return here
    return f"({told} = {literal(block.reservation)} OR ({told} = '' AND {here}))"
