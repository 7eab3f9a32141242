"""Load balancers that the cluster has and that the bill shows no traffic of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from burn.api import Finding
from burn.api.find import WEEK, FindRequest
from burn.api.money import count

if TYPE_CHECKING:
    import pandas as pd

TRAFFIC = ("load_balancer_usage", "data_transfer")
"""Classes of the bill that what passes a balancer is charged in."""
LITTLE = 0.001
"""Traffic as a part of the hours' list cost: for that much, scanners of the internet are enough."""


def idle(request: FindRequest) -> Iterator[Finding]:
    """Balancers whose hours were billed all the time, and next to nothing for what passed them.

    The bill proves it: it charges traffic apart, by balancer. So it must have charged some to
    another balancer of the same SKU, else it could not have shown any. Lines of no cost are no
    traffic only if others were charged day by day: else they may be a free tier's. Balancers
    that are in no metrics are rule `orphaned-balancer`'s.
    """
    if request.hours < WEEK:
        return
    rows = request.inside[request.inside["resource_key"] != ""]
    keys = rows["resource_key"].astype(str)
    unseen = request.ledger.loc[request.ledger["driver"] == "unseen", "subject"]
    hourly = rows[(rows["x_cost_class"] == "load_balancer") & ~keys.isin(unseen.astype(str))]
    table = _balancers(hourly)
    passed = rows[rows["x_cost_class"].isin(TRAFFIC)]
    of_each = passed.groupby(passed["resource_key"].astype(str))["list_cost"]
    table["charged"] = of_each.sum().reindex(table.index)
    table["busy"] = table["charged"] > LITTLE * table["list"]
    table["others"] = table.groupby("sku")["busy"].transform("sum")
    most_days = request.thresholds.steady * request.hours / 24
    paid = passed[passed["list_cost"] > 0]
    sku = paid["resource_key"].astype(str).map(table["sku"])
    no_free_tier = table["sku"].map(paid.groupby(sku)["day"].nunique()) >= most_days
    steady = table["days"] >= most_days
    silent = ~table["busy"] & ((table["charged"] != 0) | no_free_tier)
    end = request.inside["day"].max()
    here = (end - table["last"]).dt.days <= request.thresholds.still_billed_days
    chosen = table[silent & steady & here & (table["others"] > 0)]
    for key, name, said, amount, days, charged, others in chosen[
        ["name", "tied", "cost", "days", "charged", "others"]
    ].itertuples():
        some = charged > 0
        passed_by = f"{charged:,.4f}" if some else "nothing at all"
        yield Finding(
            title="A load balancer that next to nothing passes",
            subject=said or name or key,
            amount=float(amount),
            monthly=float(amount) * request.month,
            evidence=(
                f"Billed {amount:,.2f} for its hours on {days} days, and {passed_by} for what passed"
                f" it; the bill charges traffic of {count(int(others), 'other balancer')} like it"
            ),
            action=(
                "Ask who owns the Service or Ingress whether anybody still calls it; one that is"
                " called now and then can share a balancer with others"
            ),
            confidence="low" if some else "medium",
        )


def _balancers(hourly: pd.DataFrame) -> pd.DataFrame:
    """By resource key: what its hours cost, its names, on how many days it was billed and when last."""
    names = hourly[["resource_name", "x_tied_to", "sku"]].astype(object).fillna("").astype(str)
    whole = hourly[["list_cost", "effective_cost", "day"]].join(names)
    by = whole.groupby(hourly["resource_key"].astype(str))
    table = by.agg(
        list=("list_cost", "sum"),
        cost=("effective_cost", "sum"),
        days=("day", "nunique"),
        last=("day", "max"),
        name=("resource_name", "max"),
        tied=("x_tied_to", "max"),
        sku=("sku", "max"),
    )
    # A name that was cut off (`Service/web*/front*`) is no name to tell.
    return table.assign(tied=table["tied"].where(~table["tied"].str.contains("*", regex=False), ""))
