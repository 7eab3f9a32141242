"""The walk from the report to the bill. Every step is a difference; the steps telescope.

For an asset with modelled charges, over its days:

    report      Σ list_cost of the prices frame             = Σ observed × p
    uptime      Σ billed quantity × p − report
    list_price  Σ list cost on the bill − Σ billed quantity × p
    spot        Σ (public − list)      on rows priced dynamically
    commitment  Σ (public − list)      on rows under a commitment
    negotiated  Σ (effective − public) on all, and (public − list) on other rows
                                                            = Σ effective cost

where p is the report's unit price on that day (on days without one, the asset's mean price).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import LedgerFrame, PriceFrame, schemas
from burn.api.confidence import meaning
from burn.ledger.rows import LEDGER_ORDER, charges, ledger_rows
from burn.ledger.unused import by_row

if TYPE_CHECKING:
    import pandas as pd


def walk(
    prices: PriceFrame,
    landed: pd.DataFrame,
    names: pd.Series[str],
    shares: pd.DataFrame,
) -> LedgerFrame:
    """The ledger: rows that add up from the report to what was billed.

    Args:
        prices: asset × day.
        landed: bill rows with `asset_id` and `landing` (see `landing.land`).
        names: what people call an asset, by asset_id.
        shares: of unused commitment, see `unused.share_by_day`.
    """
    landed = with_list(landed, prices)
    shared = by_row(landed, shares)
    parts = [
        *_assets(prices, landed[landed["landing"] == "modelled"]),
        _simple(landed, "unseen", "observation", "unseen"),
        _simple(landed, "rate", "rate", None),
        _simple(landed, "unmodelled", "unmodelled", None),
        charges(
            shared, "waste", "unused_commitment", subject="commitment_discount_id", amount="inside"
        ),
        charges(shared, "outside", "outside", subject="service_name", amount="outside"),
        _simple(landed, "outside", "outside", "outside", subject="service_name"),
        _accounting(landed),
        _amortisation(landed),
    ]
    table = ledger_rows(parts)
    table["name"] = table["subject"].map(names).fillna(table["name"])
    table = table[(table["amount"] != 0) | (table["group"] == "report")]
    order = table["group"].map(LEDGER_ORDER)
    table = table.assign(_o=order, _a=-table["amount"].abs()).sort_values(
        ["_o", "driver", "_a", "subject"], kind="stable"
    )
    return schemas.LEDGER.validate(table[schemas.LEDGER.names], author="burn")


def with_list(landed: pd.DataFrame, prices: PriceFrame) -> pd.DataFrame:
    """Usage under a commitment whose list cost is no more than its public cost has none on the bill.

    It is taken at the report's price, so that the commitment's step says what it saved. That price is
    all in, so what is on lines of its own beside it (memory, which has no quantity) has none either.
    """
    silent = (
        (landed["landing"] == "modelled")
        & (landed["pricing_category"] == "Committed")
        & (landed["quantity"] >= 0)
        & (landed["list_cost"] <= landed["x_public_cost"])
    )
    if not (silent & (landed["quantity"] > 0)).any():
        return landed
    rows = landed.loc[silent, ["asset_id", "day", "quantity"]].reset_index()
    counted = rows.groupby(["asset_id", "day"], observed=True)["quantity"].transform("sum") > 0
    rows = rows[counted].merge(prices[["asset_id", "day", "unit_price"]], how="left")
    rows = rows.set_index("index")
    listed = (rows["quantity"] * rows["unit_price"]).fillna(landed["list_cost"].reindex(rows.index))
    return landed.assign(list_cost=listed.reindex(landed.index).fillna(landed["list_cost"]))


def _assets(prices: PriceFrame, modelled: pd.DataFrame) -> list[pd.DataFrame]:
    """Report, uptime, unbilled, list_price, and the rate steps of observed assets."""
    observed = _observed(prices)
    table = observed.join(_billed(prices, modelled, observed["p"])).reset_index()
    on_bill = table["x_lines"].notna()
    table = table.assign(
        subject=table["asset_id"],
        confidence=table["guess"].map({True: "low", False: "high"}),
        x_lines=table["x_lines"].fillna(0),
        match_method=table["match_method"].fillna(""),
        uptime=table["at_report_price"] - table["report"],
        list_price=table["list_cost"] - table["at_report_price"],
        unbilled=-table["report"],
    )
    certain = table.assign(confidence="high")
    quantities = {"observed": "observed", "billed": "billed", "unit": "unit"}
    return [
        charges(table, "report", "report", amount="report", quantities=quantities),
        charges(certain[on_bill], "observation", "uptime", amount="uptime", quantities=quantities),
        charges(
            certain[~on_bill], "observation", "unbilled", amount="unbilled", quantities=quantities
        ),
        charges(table[on_bill], "rate", "list_price", amount="list_price", quantities=quantities),
        *_rates(modelled),
    ]


def _observed(prices: PriceFrame) -> pd.DataFrame:
    """Per asset: the report's cost, quantity and price `p`, and whether that is a guess."""
    sure = meaning(prices["price_source"], schemas.PRICE_SOURCES, "low")
    per_asset = (
        prices.assign(guess=sure != "high")
        .groupby("asset_id", sort=True)
        .agg(
            report=("list_cost", "sum"),
            observed=("quantity", "sum"),
            mean_price=("unit_price", "mean"),
            unit=("unit", "first"),
            guess=("guess", "any"),
        )
    )
    weighted = per_asset["report"] / per_asset["observed"].where(per_asset["observed"] > 0)
    return per_asset.assign(p=weighted.fillna(per_asset["mean_price"]))


def _billed(prices: PriceFrame, modelled: pd.DataFrame, mean: pd.Series[float]) -> pd.DataFrame:
    """Per asset on the bill: its quantity there, at the report's price and at list cost."""
    days = at_report_price(prices, modelled, mean)
    sums = days.groupby("asset_id").agg(
        at_report_price=("at_report_price", "sum"), billed=("quantity", "sum")
    )
    lines = modelled.groupby("asset_id").agg(
        list_cost=("list_cost", "sum"),
        x_lines=("x_lines", "sum"),
        match_method=("match_method", "first"),
    )
    return sums.join(lines)


def _rates(modelled: pd.DataFrame) -> list[pd.DataFrame]:
    """From list cost to effective cost: spot, commitments, and what was negotiated."""
    rates = modelled.assign(
        subject=modelled["asset_id"],
        confidence="high",
        delta=modelled["x_public_cost"] - modelled["list_cost"],
    )
    negotiated = rates["effective_cost"] - rates["x_public_cost"]
    dynamic = rates["pricing_category"] == "Dynamic"
    committed = rates["pricing_category"] == "Committed"
    rates["rest"] = negotiated + rates["delta"].where(~(dynamic | committed), 0.0)
    by_id = rates.assign(subject=commitment_of(rates))[committed]
    return [
        charges(rates[dynamic], "rate", "spot", amount="delta"),
        charges(by_id, "rate", "commitment", amount="delta"),
        charges(rates, "rate", "negotiated", amount="rest"),
    ]


def at_report_price(
    prices: PriceFrame, modelled: pd.DataFrame, mean: pd.Series[float]
) -> pd.DataFrame:
    """Billed quantity by asset and day, and what the report would have charged for it.

    Args:
        prices: asset × day.
        modelled: bill rows of observed assets.
        mean: an asset's price on days on which the report has none.
    """
    days = modelled.groupby(["asset_id", "day"], as_index=False)[["quantity"]].sum()
    days = days.merge(prices[["asset_id", "day", "unit_price"]], how="left")
    otherwise = days["asset_id"].map(mean).astype("float64")
    price = days["unit_price"].fillna(otherwise)
    return days.assign(at_report_price=days["quantity"] * price)


def _simple(
    landed: pd.DataFrame, landing: str, group: str, driver: str | None, subject: str = ""
) -> pd.DataFrame:
    """Rows that land in one driver at effective cost; driver None = named by the cost class."""
    rows = landed[landed["landing"] == landing]
    if not subject:
        rows = rows.assign(subject=subject_of(rows))
    return charges(rows, group, driver, subject=subject or "subject", amount="effective_cost")


def subject_of(rows: pd.DataFrame) -> pd.Series[str]:
    """What a charge of the cluster is on: its asset, else its resource, else its service."""
    best = rows["asset_id"].where(rows["asset_id"] != "", rows["resource_key"])
    return best.where(best != "", rows["service_name"])


def commitment_of(rows: pd.DataFrame) -> pd.Series[str]:
    """What covered usage, as far as the bill says which it was; else the asset."""
    commitment = rows["commitment_discount_id"]
    return commitment.where(commitment != "", rows["asset_id"])


def _accounting(landed: pd.DataFrame) -> pd.DataFrame:
    rows = landed[landed["landing"] == "accounting"]
    return charges(rows, "accounting", None, subject="service_name", amount="billed_cost")


def _amortisation(landed: pd.DataFrame) -> pd.DataFrame:
    rows = landed[landed["landing"] != "accounting"]
    rows = rows.assign(cash=rows["billed_cost"] - rows["effective_cost"])
    rows = rows[rows["cash"] != 0]
    return charges(rows, "accounting", "amortisation", subject="x_charge_kind", amount="cash")
