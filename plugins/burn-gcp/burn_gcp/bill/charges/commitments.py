"""Committed use: which fee pays for which usage, and what covered usage truly cost.

Google bills a commitment as a fee line and, in two of its three models, takes the covered usage
off by a credit. The fee is cash; a covered unit costs the fee's rate, and what no unit took up
is unused:

    resource-based          credit COMMITTED_USAGE_DISCOUNT on list-priced usage; the fee counts
                            cores or GiB, so a covered core-hour costs fee ÷ committed core-hours
    spend-based, to 2026    credit COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE; the fee counts dollars of
                            list-priced usage, so a covered dollar costs fee ÷ committed dollars
    spend-based, since      usage is priced by its consumption model, nothing to spread; the fee's
                            FEE_UTILIZATION_OFFSET leaves the unused part

Where a fee has no amount, or one so small that its usage would cost more than on demand, it is
spread whole over what it covered. A fee pays for usage of all projects of its billing account, in
scope or not: see `elsewhere.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn_gcp.bill.lines.facts import COMMITTED

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
ROUNDING = 1 + 1e-6
"""Two sums further apart than this differ."""
FLEXIBLE = r"\bgce\b|\bcompute\b.*\bflex"
DOLLAR = r"^Commitment - dollar based v\d+: "


def pools(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `pool`: what ties a fee to the usage it pays; empty for other usage.

    Args:
        rows: summed rows with `component` and `is_fee`.

    Adds:
        pool: for resources of a fee, or of usage with its credit.
        dollar_pool: of usage with a spend-based credit.
        model_pool: of usage priced by a commitment's consumption model.
    """
    spend = rows["sku"].str.contains(DOLLAR, regex=True)
    product = rows["sku"].str.replace(DOLLAR, "", regex=True)
    resource = rows["component"] + "/" + rows["region"]
    fee = resource.where(~spend, "spend/" + _product(product))
    # A consumption model of a commitment names its product.
    committed = rows["model"].str.lower().str.contains(COMMITTED, regex=True)
    model = "spend/" + _product(rows["model"])
    credit = _paid("spend/" + _product(rows["dollar_name"]), fee[rows["is_fee"] & spend])
    return rows.assign(
        pool=fee.where(rows["is_fee"] | (rows["credit_committed"] != 0), ""),
        dollar_pool=credit.where(rows["credit_dollar"] != 0, ""),
        model_pool=model.where(committed & ~rows["is_fee"], ""),
    )


def fee_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Per pool and day: rate and list rate of a committed unit, and the fee's part that was unused.

    Google bills a fee by the hour. Where a day has covered usage and no fee (a fee that is one
    line of a month), the pool's whole window is taken together. What of a fee is offset covers
    nothing by credits; on the day of the move to the newer model a pool has both.

    Args:
        rows: with pools and covered amounts (see `costs.py`): columns pool, day, is_fee, cost,
            model_cost, credit_offset, usage; covered rows have pool, `covered` units and what
            those are at list price, `listed`.

    Returns:
        Index pool, day; columns rate, list_rate, unused (0 to 1, of the fee less its offset), unmet (0 to
        1, of the covered units: those beyond what the fees on the bill commit to).
    """
    import pandas as pd

    by = ["pool", "day"]
    # Fees with an offset are of dollars, at one each.
    counted = ["cost", "model_cost", "usage"]
    every = rows[rows["is_fee"]]
    fees = every.assign(**{name: every[name] + every["credit_offset"] for name in counted})
    fees = fees.groupby(by)[counted].sum()
    taken = rows[~rows["is_fee"]].groupby(by)[["covered", "listed"]].sum()
    out = pd.DataFrame(index=fees.index.union(taken.index)).join(fees).join(taken).fillna(0.0)
    pool = out.index.get_level_values("pool")
    lone = pool[(out["covered"] != 0) & (out["cost"] == 0)]
    whole = out.groupby("pool").sum().reindex(pool).set_axis(out.index)
    out = whole.where(pd.Series(pool.isin(lone), index=out.index), out)
    # A commitment never costs more than what it covers does on demand: then units do not compare.
    dearer = out["cost"] * out["covered"] > out["listed"] * out["usage"] * ROUNDING
    alike = (out["usage"] > 0) & ~((out["covered"] > out["usage"]) & dearer)
    units = out["usage"].where(alike, out["covered"])
    some = units > 0
    out["rate"] = (out["cost"] / units.where(some)).fillna(0.0)
    out["list_rate"] = (out["model_cost"] / units.where(some)).fillna(0.0)
    used = out["covered"] * out["rate"]
    unused = 1.0 - (used / out["cost"].where(out["cost"] != 0)).fillna(0.0)
    out["unused"] = unused.clip(lower=0.0)
    unmet = 1.0 - (units * ROUNDING / out["covered"].where(out["covered"] > 0)).fillna(1.0)
    out["unmet"] = unmet.clip(lower=0.0).where(some & (out["cost"] != 0), 0.0)
    return out[["rate", "list_rate", "unused", "unmet"]]


def unpaid_notes(unpaid: pd.DataFrame, currency: str) -> list[str]:
    """What is said of covered usage whose fee is on no line of the bill, or not all of it.

    Args:
        unpaid: columns pool, list_cost, rate; the rate is 0 where there is no fee.
        currency: of the amounts.
    """
    none = unpaid["rate"] == 0
    where = "Read the export of the whole billing account, with the project and the days that"
    return _unpaid(
        unpaid[none],
        currency,
        "the bill lacks the fee of commitments",
        f"what they cost is not known, and that usage is at 0.00 here. {where} the fee is billed to",
    ) + _unpaid(
        unpaid[~none],
        currency,
        "the bill lacks a part of the fees of commitments",
        "the fees there are commit to less. That usage is at the same rate here, and BILLED lacks"
        f" its fee. {where} it is billed to",
    )


def _unpaid(unpaid: pd.DataFrame, currency: str, lacks: str, so: str) -> list[str]:
    sums = unpaid.groupby("pool")["list_cost"].sum()
    sums = sums[sums > 0].sort_values(ascending=False, kind="stable")
    if sums.empty:
        return []
    more = ", …" if len(sums) > NAMED else ""
    return [
        f"{lacks} ({', '.join(sums.index[:NAMED])}{more}) that cover"
        f" usage of {sums.sum():,.2f} {currency} at list price: {so}"
    ]


def _paid(credited: pd.Series[str], fees: pd.Series[str]) -> pd.Series[str]:
    """The credits' pools; where none of the fees is of their name, the only fee there is."""
    known = fees.unique()
    if len(known) != 1:
        return credited
    return credited.where(credited.isin(known), known[0])


def _product(text: pd.Series[str]) -> pd.Series[str]:
    """`compute flexible` of a fee, a credit and a consumption model alike; terms go together.

    Google calls the flexible commitment of Compute Engine three ways: `GCE for 1 year` on its
    fee, `GCE Commitments` on its credit, `Compute Flexible CUD - 1 Year` as a consumption model.
    """
    each = text.drop_duplicates()
    name = each.str.lower().str.replace(r"\bcuds?\b|\bcommitments?\b|\bfor\b", " ", regex=True)
    name = name.str.replace(r"\b\d+ ?-?years?\b|[^a-z0-9 ]", " ", regex=True)
    name = name.str.replace(r"\s+", " ", regex=True).str.strip()
    name = name.mask(name.str.contains(FLEXIBLE, regex=True), "compute flexible")
    return text.map(name.set_axis(each)).astype("str")
