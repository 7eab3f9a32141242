"""Prices in another currency than the bill's need the rate between the two."""

# ruff: noqa: S608 (see bill/lines/table.py)
from __future__ import annotations

from burn.api import DataError
from burn_azure.bill.lines.formats import COST
from burn_azure.bill.lines.table import Table

PRICES = ("unit_price", "payg_price")


def unrated(table: Table) -> str:
    """A line's two currencies, `USD, billed in EUR`, where its price cannot be converted; else NULL."""
    prices = [f"COALESCE({table.number(fact)}, 0) <> 0" for fact in PRICES if table.has(fact)]
    if not (prices and table.has("pricing_currency") and table.has("currency")):
        return "CAST(NULL AS VARCHAR)"
    priced, billed = table.text("pricing_currency"), table.text("currency")
    test = (
        f"{priced} NOT IN ('', {billed}) "
        f"AND COALESCE({table.number('exchange_rate')}, 0) = 0 AND ({' OR '.join(prices)})"
    )
    return f"CASE WHEN {test} THEN CONCAT({priced}, ', billed in ', {billed}) END"


def require_rates(summed: Table) -> None:
    """Refuse lines whose prices cannot be converted, see `unrated`.

    Args:
        summed: from `summed.summed`, with `unrated` counted and `unrated_in`.

    Raises:
        DataError: a price is in another currency, and there is no exchange rate.
    """
    (row,) = summed.source.engine.query(
        "SELECT CAST(COALESCE(SUM(unrated), 0) AS BIGINT) AS found, MIN(unrated_in) AS currencies "
        f"FROM {summed.source.relation}"
    ).to_pylist()
    if row["found"]:
        raise DataError(
            f"{row['found']:,} bill lines are priced in {row['currencies']}"
            f" and have no `{COST['exchange_rate'][0]}`",
            hint="export actual, amortised or FOCUS cost with all columns",
        )
