"""The ledger by day: the same steps as the walk, each summed by the day it belongs to.

A day has the same amounts whatever window it was run in, and days of several reports add up; but where a
commitment covered nothing that day, its unused part is shared as in the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import PriceFrame
from burn.ledger.days import on_each_day
from burn.ledger.rows import LEDGER_ORDER
from burn.ledger.walk import at_report_price, with_list

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

KEYS = ["day", "group", "driver", "subject"]


def daily(
    prices: PriceFrame, landed: pd.DataFrame, shares: pd.DataFrame, start: datetime | None
) -> pd.DataFrame:
    """Columns day (UTC midnight), group, driver, subject and amount.

    Over the days it adds up to the ledger's drivers, and for `outside` and `accounting` to its
    subjects, which are services; subjects of the cluster are not told apart.

    Args:
        prices: asset × day.
        landed: bill rows, see `burn.ledger.landing.land`.
        shares: of unused commitment, see `unused.share_by_day`.
        start: the window's.
    """
    import pandas as pd

    landed = with_list(landed, prices)
    cash = landed[landed["landing"] != "accounting"]
    cash = cash.assign(cash=cash["billed_cost"] - cash["effective_cost"])
    kind = "x_cost_class"
    parts = [
        *_observed(prices, landed[landed["landing"] == "modelled"]),
        _part(_landing(landed, "unseen"), "observation", "unseen", "effective_cost"),
        _part(_landing(landed, "rate"), "rate", "", "effective_cost", driver_from=kind),
        _part(_landing(landed, "unmodelled"), "unmodelled", "", "effective_cost", driver_from=kind),
        _part(shares, "waste", "unused_commitment", "inside"),
        _part(shares, "outside", "outside", "outside", subject="service_name"),
        _part(_landing(landed, "outside"), "outside", "outside", "effective_cost", subject="service_name"),
        _part(_landing(landed, "accounting"), "accounting", "", "billed_cost", kind, "service_name"),
        _part(cash, "accounting", "amortisation", "cash"),
    ]  # fmt: skip
    rows = (
        on_each_day(pd.concat(parts, ignore_index=True), start)
        .groupby(KEYS, as_index=False)[["amount"]]
        .sum()
    )
    rows = rows[rows["amount"] != 0].assign(_o=rows["group"].map(LEDGER_ORDER))
    rows = rows.sort_values(["day", "_o", "driver", "subject"], ignore_index=True)
    return rows.drop(columns="_o")


def _landing(landed: pd.DataFrame, landing: str) -> pd.DataFrame:
    return landed[landed["landing"] == landing]


def _part(
    rows: pd.DataFrame,
    group: str,
    driver: str,
    amount: str,
    driver_from: str = "",
    subject: str = "",
) -> pd.DataFrame:
    """Rows of the ledger's columns; the driver by name, or from a column."""
    import pandas as pd

    return pd.DataFrame(
        {
            "day": rows["day"],
            "group": group,
            "driver": rows[driver_from].astype("str") if driver_from else driver,
            "subject": rows[subject].astype("str") if subject else "",
            "amount": rows[amount],
            "x_hours": rows["x_hours"].astype("float64") if "x_hours" in rows else float("nan"),
        }
    )


def _observed(prices: PriceFrame, modelled: pd.DataFrame) -> list[pd.DataFrame]:
    """Report, uptime, unbilled, list price and the rates of observed assets."""
    billed = prices["asset_id"].isin(set(modelled["asset_id"]))
    worth = at_report_price(prices, modelled, _mean_price(prices))
    dynamic = modelled["pricing_category"] == "Dynamic"
    committed = modelled["pricing_category"] == "Committed"
    delta = modelled["x_public_cost"] - modelled["list_cost"]
    less = modelled["effective_cost"] - modelled["x_public_cost"]
    rest = less + delta.where(~(dynamic | committed), 0.0)
    seen = prices.assign(less=-prices["list_cost"])
    return [
        _part(seen, "report", "report", "list_cost"),
        _part(seen[billed], "observation", "uptime", "less"),
        _part(worth, "observation", "uptime", "at_report_price"),
        _part(seen[~billed], "observation", "unbilled", "less"),
        _part(modelled, "rate", "list_price", "list_cost"),
        _part(worth.assign(less=-worth["at_report_price"]), "rate", "list_price", "less"),
        _part(modelled.assign(delta=delta)[dynamic], "rate", "spot", "delta"),
        _part(modelled.assign(delta=delta)[committed], "rate", "commitment", "delta"),
        _part(modelled.assign(rest=rest), "rate", "negotiated", "rest"),
    ]


def _mean_price(prices: PriceFrame) -> pd.Series[Any]:
    """What an asset costs an hour over the window, for days on which the report has none."""
    by = prices.groupby("asset_id")
    observed = by["quantity"].sum()
    weighted = by["list_cost"].sum() / observed.where(observed > 0)
    return weighted.fillna(by["unit_price"].mean())
