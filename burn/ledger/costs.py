"""The cluster's cost in each basis (list, effective, billed), ready to be allocated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from burn.api import PriceFrame, Totals
from burn.api.vocabulary import TRAFFIC
from burn.ledger.days import on_each_day

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Costs:
    """What is to be allocated, in one currency.

    Attributes:
        assets: columns basis, asset_id, day, cost.
        shared: columns basis, day, driver, cost: cluster cost that belongs to no asset.
        traffic: columns as `assets`: what of their cost is for bytes. None: nothing.
    """

    assets: pd.DataFrame
    shared: pd.DataFrame
    traffic: pd.DataFrame | None = None


def costs_by_basis(
    prices: PriceFrame,
    landed: pd.DataFrame,
    found: Totals,
    shares: pd.DataFrame,
    start: datetime | None,
) -> Costs:
    """Costs per basis; `list` adds up to the report, `effective` to the cluster's effective cost.

    Effective: a charge on an observed asset stays with the asset on its day, whatever it is
    for, a longer one on each of its days; the rest of the cluster's charges is shared under its
    driver's name. Billed: effective, scaled to the cluster's part of the invoice.
    """
    import pandas as pd

    cluster = landed[landed["landing"].isin(["modelled", "unseen", "rate", "unmodelled"])]
    known = cluster["asset_id"] != ""
    assets = cluster[known].assign(cost=cluster["effective_cost"])
    days = on_each_day(assets, start, amount="cost")
    assets, traffic = (
        rows.groupby(["asset_id", "day"], as_index=False)[["cost"]].sum()
        for rows in (days, days[days["x_cost_class"].isin(TRAFFIC)])
    )
    driver = cluster["x_cost_class"].where(cluster["landing"] != "unseen", "unseen")
    loose = cluster.assign(driver=driver, cost=cluster["effective_cost"])[~known]
    loose = on_each_day(loose, start, amount="cost")
    unused = shares.assign(driver="unused_commitment", cost=shares["inside"])
    shared = pd.concat(
        [part[["day", "driver", "cost"]] for part in (loose, unused)], ignore_index=True
    )
    shared = shared.groupby(["day", "driver"], as_index=False)[["cost"]].sum()
    shared = shared[shared["cost"] != 0]
    factor = found.cluster_billed / found.cluster_effective if found.cluster_effective else 1.0
    listed = prices[["asset_id", "day"]].assign(basis="list", cost=prices["list_cost"])
    columns = ["basis", "asset_id", "day", "cost"]
    return Costs(
        assets=pd.concat(
            [
                listed,
                assets.assign(basis="effective"),
                assets.assign(basis="billed", cost=assets["cost"] * factor),
            ],
            ignore_index=True,
        )[columns],
        shared=pd.concat(
            [
                shared.assign(basis="effective"),
                shared.assign(basis="billed", cost=shared["cost"] * factor),
            ],
            ignore_index=True,
        )[["basis", "day", "driver", "cost"]],
        traffic=pd.concat(
            [
                traffic.assign(basis="effective"),
                traffic.assign(basis="billed", cost=traffic["cost"] * factor),
            ],
            ignore_index=True,
        )[columns],
    )
