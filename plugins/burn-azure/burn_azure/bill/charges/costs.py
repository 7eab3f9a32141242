"""What a line costs, as SQL: its raw amounts, and the five costs of the frame out of them."""

from __future__ import annotations

from typing import Literal

from burn.api.bills.queries.sql import MONEY
from burn_azure.bill.lines.table import Table

Role = Literal["alone", "cash", "amortized"]
"""What a dataset is read for: everything, only what was billed, or all but that."""
FLOATS = (
    *("quantity", "cost", "effective", "payg_price", "unit_price", "effective_price"),
    "exchange_rate",
)
"""Facts whose floats amounts are made of."""
BOUGHT = "charge = 'Purchase' AND (commitment <> '' OR model = 'Committed')"
"""A commitment's purchase: it names the commitment, or the pricing model of one."""


def amounts(table: Table) -> dict[str, str]:
    """Quantity and the raw amounts of a line: cost (c), amortised (e), list (l), contracted (k).

    List and contracted are NULL where the line has no such price.
    """
    quantity = f"COALESCE({table.money('quantity')}, 0)"
    cost = f"COALESCE({table.money('cost')}, 0)"
    if table.format.family == "focus":
        effective = f"COALESCE({table.money('effective')}, 0)"
        # Azure writes 0 where it knows no price: reservation usage of customer agreements.
        listed = f"NULLIF({table.money('list')}, 0)"
        contracted = f"NULLIF({table.money('contracted')}, 0)"
    else:
        effective = cost
        listed = f"COALESCE(NULLIF({table.money('payg_cost')}, 0), {_priced(table, 'payg_price')})"
        contracted = _priced(table, "unit_price")
    return {"quantity": quantity, "c": cost, "e": effective, "l": listed, "k": contracted}


def _priced(table: Table, fact: str) -> str:
    """Quantity × a price; NULL for no price."""
    price, rate = table.number(fact), f"COALESCE({table.number('exchange_rate')}, 1)"
    made = f"{table.number('quantity')} * {price} * {rate} / {_block(table)}"
    return f"CASE WHEN {price} <> 0 THEN CAST({made} AS {MONEY}) END"


def _block(table: Table) -> str:
    """What a price is divided by: 1, or the block's size (`100 Hours`).

    A price is per unit of quantity, unless the line's own cost shows that it is per block.
    """
    if not (table.has("unit") and table.has("effective_price") and table.has("quantity")):
        return "1"
    unit = table.text("unit")
    size = f"TRY_CAST(REGEXP_EXTRACT({unit}, '^([0-9]+)', 1) AS DOUBLE)"
    cost = table.number("cost")
    rate = f"COALESCE({table.number('exchange_rate')}, 1)"
    whole = f"{table.number('quantity')} * {table.number('effective_price')} * {rate}"
    per_block = (
        f"{size} > 1 AND {cost} <> 0 AND ABS({whole} / {size} - {cost}) < ABS({whole} - {cost})"
    )
    # Nearly all units are single; only the others are looked at closely.
    single = f"STARTS_WITH({unit}, '1 ') OR STARTS_WITH({unit}, '1/')"
    return f"CASE WHEN {single} THEN 1 WHEN {per_block} THEN {size} ELSE 1 END"


def costs(role: Role) -> dict[str, str]:
    """The frame's costs of lines or of their sums, over names and amounts.

    A commitment's purchase is cash and covers later usage: nothing but billed. Unused commitment
    is no cash. Covered usage still names its contracted price on demand: what that is below the
    list price is negotiated, and what the usage costs below that is the commitment's doing
    (FinOps toolkit, "Savings calculations"). A contracted price that is no more than the cost is
    not that price. Spot usage costs what it costs; see `on_demand.with_list_cost`.
    """
    if role == "cash":
        zero = dict.fromkeys(("list_cost", "public_cost", "contracted_cost", "effective_cost"), "0")
        return zero | {"billed_cost": "c"}
    usage = "charge = 'Usage' AND publisher NOT ILIKE '%marketplace%'"
    covered = "CASE WHEN k > e AND l IS NOT NULL THEN e + l - k ELSE e END"
    public = (
        f"CASE model WHEN 'Dynamic' THEN e WHEN 'Committed' THEN {covered} ELSE COALESCE(l, e) END"
    )
    return {
        "list_cost": f"CASE WHEN {BOUGHT} THEN 0 WHEN {usage} THEN COALESCE(l, e) ELSE e END",
        "public_cost": f"CASE WHEN {BOUGHT} THEN 0 WHEN {usage} THEN {public} ELSE e END",
        "contracted_cost": f"CASE WHEN {BOUGHT} THEN 0 WHEN {usage} THEN COALESCE(k, e) ELSE e END",
        "effective_cost": f"CASE WHEN {BOUGHT} THEN 0 ELSE e END",
        "billed_cost": "0" if role == "amortized" else "c",
    }
