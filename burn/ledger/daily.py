"""The ledger by day: the same steps as the walk, each summed by the day it belongs to.

A day has the same amounts whatever window it was run in, and days of several reports add up; but where a
commitment covered nothing that day, its unused part is shared as in the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import PriceFrame
from burn.ledger.days import on_each_day
from burn.ledger.rows import LEDGER_ORDER
from burn.ledger.walk import at_report_price, commitment_of, subject_of, with_list

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

KEYS = ["day", "group", "driver", "subject"]
MOST = 1000
"""Subjects of a driver that are told apart by day: a month of 5,000 nodes is to stay small."""
POOLED = "(others)"
NOISE = 1e-9
"""What differences of equal floats leave, of the currency."""


def daily(
    prices: PriceFrame, landed: pd.DataFrame, shares: pd.DataFrame, start: datetime | None
) -> pd.DataFrame:
    """Columns day (UTC midnight), group, driver, subject and amount.

    Over the days it adds up to the ledger, driver by driver and subject by subject; of a driver's
    smallest subjects, beyond `MOST`, as one sum, `POOLED`.

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
        _part(_loose(landed, "unseen"), "observation", "unseen", "effective_cost", subject="subject"),
        _part(_loose(landed, "rate"), "rate", "", "effective_cost", kind, "subject"),
        _part(_loose(landed, "unmodelled"), "unmodelled", "", "effective_cost", kind, "subject"),
        _part(shares, "waste", "unused_commitment", "inside", subject="commitment_discount_id"),
        _part(shares, "outside", "outside", "outside", subject="service_name"),
        _part(_landing(landed, "outside"), "outside", "outside", "effective_cost", subject="service_name"),
        _part(_landing(landed, "accounting"), "accounting", "", "billed_cost", kind, "service_name"),
        _part(cash, "accounting", "amortisation", "cash", subject="x_charge_kind"),
    ]  # fmt: skip
    rows = (
        on_each_day(_pooled(pd.concat(parts, ignore_index=True)), start)
        .groupby(KEYS, as_index=False)[["amount"]]
        .sum()
    )
    rows = rows[rows["amount"].abs() > NOISE].assign(_o=rows["group"].map(LEDGER_ORDER))
    rows = rows.sort_values(["day", "_o", "driver", "subject"], ignore_index=True)
    return rows.drop(columns="_o")


def _pooled(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, with the smallest subjects of each driver under one name."""
    sums = rows.groupby(KEYS[1:])["amount"].sum().abs()
    small = sums[sums.groupby(KEYS[1:3]).rank(method="first", ascending=False) > MOST]
    if small.empty:
        return rows
    keys = rows.set_index(KEYS[1:]).index
    return rows.assign(subject=rows["subject"].mask(keys.isin(small.index), POOLED))


def _landing(landed: pd.DataFrame, landing: str) -> pd.DataFrame:
    return landed[landed["landing"] == landing]


def _loose(landed: pd.DataFrame, landing: str) -> pd.DataFrame:
    """Rows that land in a driver as they are, with their subject."""
    rows = _landing(landed, landing)
    return rows.assign(subject=subject_of(rows))


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
    covered = modelled.assign(delta=delta, subject=commitment_of(modelled))[committed]
    return [
        _asset(seen, "report", "report", "list_cost"),
        _asset(seen[billed], "observation", "uptime", "less"),
        _asset(worth, "observation", "uptime", "at_report_price"),
        _asset(seen[~billed], "observation", "unbilled", "less"),
        _asset(modelled, "rate", "list_price", "list_cost"),
        _asset(worth.assign(less=-worth["at_report_price"]), "rate", "list_price", "less"),
        _asset(modelled.assign(delta=delta)[dynamic], "rate", "spot", "delta"),
        _part(covered, "rate", "commitment", "delta", subject="subject"),
        _asset(modelled.assign(rest=rest), "rate", "negotiated", "rest"),
    ]


def _asset(rows: pd.DataFrame, group: str, driver: str, amount: str) -> pd.DataFrame:
    return _part(rows, group, driver, amount, subject="asset_id")


def _mean_price(prices: PriceFrame) -> pd.Series[Any]:
    """What an asset costs an hour over the window, for days on which the report has none."""
    by = prices.groupby("asset_id")
    observed = by["quantity"].sum()
    weighted = by["list_cost"].sum() / observed.where(observed > 0)
    return weighted.fillna(by["unit_price"].mean())
