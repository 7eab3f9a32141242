"""Prices in another currency than the bill's need the rate between the two."""

# ruff: noqa: S608 (see typed.py)
from __future__ import annotations

from burn.api import DataError
from burn_azure.bill.formats import COST
from burn_azure.bill.typed import Table

PRICES = ("unit_price", "payg_price")


def require_rates(table: Table) -> None:
    """Refuse lines whose prices cannot be converted.

    Raises:
        DataError: a price is in another currency, and there is no exchange rate.
    """
    prices = [f"COALESCE({table.number(fact)}, 0) <> 0" for fact in PRICES if table.has(fact)]
    if not (prices and table.has("pricing_currency") and table.has("currency")):
        return
    priced, billed = table.text("pricing_currency"), table.text("currency")
    (row,) = table.source.engine.query(
        f"SELECT COUNT(*) AS found, MIN({priced}) AS priced, MIN({billed}) AS billed "
        f"FROM {table.source.relation} WHERE {priced} NOT IN ('', {billed}) "
        f"AND COALESCE({table.number('exchange_rate')}, 0) = 0 AND ({' OR '.join(prices)})"
    ).to_pylist()
    if row["found"]:
        raise DataError(
            f"{row['found']:,} bill lines are priced in {row['priced']}, billed in {row['billed']}"
            f" and have no `{COST['exchange_rate'][0]}`",
            hint="export actual, amortised or FOCUS cost with all columns",
        )
