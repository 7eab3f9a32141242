"""Assets: what each node, volume and balancer cost over the window, and what of it was idle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import AssetsFrame, InventoryFrame, PriceFrame, schemas

if TYPE_CHECKING:
    import pandas as pd

HELD = ["asset_id", "resource", "kind"]
_LAST = ["kind", "cluster", "name", "instance_type", "capacity_type", "region"]
_LAST += ["namespace", "owner_name"]
_MEANS = ["cpu_cores", "memory_gib", "gpu_count", "storage_gib"]


def held(rows: pd.DataFrame) -> pd.DataFrame:
    """Of a batch's finished allocation: list cost by asset, resource and kind."""
    listed = rows[(rows["basis"] == "list") & (rows["asset_id"] != "")]
    sums = listed.groupby(HELD, observed=True, sort=False)[["cost"]].sum().reset_index()
    return sums.astype(dict.fromkeys(HELD, "str"))


def assets(
    inventory: InventoryFrame,
    prices: PriceFrame,
    parts: Sequence[pd.DataFrame],
    effective: pd.DataFrame | None = None,
    paid: pd.DataFrame | None = None,
) -> AssetsFrame:
    """One row an asset of the prices; `list_cost` adds up to the report.

    Args:
        inventory: asset × day, of the whole window.
        prices: asset × day.
        parts: `held`, of each batch.
        effective: columns asset_id and cost, any number of rows an asset; None: not known.
        paid: columns asset_id, quantity and cost; None: no bill.
    """
    import pandas as pd

    seen = inventory.astype({"asset_id": "str"}).sort_values("day", kind="stable")
    last = seen.drop_duplicates("asset_id", keep="last").set_index("asset_id")
    by_day = seen.groupby("asset_id")
    priced = prices.astype({"asset_id": "str"}).sort_values("day", kind="stable")
    costs = priced.groupby("asset_id", sort=True).agg(
        quantity=("quantity", "sum"),
        unit=("unit", "last"),
        list_cost=("list_cost", "sum"),
        price_source=("price_source", "last"),
    )
    out = costs.join(last[_LAST]).join(by_day[_MEANS].mean()).join(by_day[["hours"]].sum())
    cut = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*HELD, "cost"])
    for name, mine in (
        ("idle_cost", cut["kind"] == "idle"),
        ("system_cost", cut["kind"] == "system"),
        ("gpu_cost", cut["resource"] == "gpu"),
    ):
        sums = cut[mine].groupby("asset_id")["cost"].sum()
        out[name] = sums.reindex(out.index).astype("float64").fillna(0.0)
    for name, frame, column in (
        ("effective_cost", effective, "cost"),
        ("paid_quantity", paid, "quantity"),
        ("paid_cost", paid, "cost"),
    ):
        found = None if frame is None else frame.groupby("asset_id")[column].sum()
        out[name] = float("nan") if found is None else found.reindex(out.index).astype("float64")
    return schemas.ASSETS.validate(out.reset_index()[schemas.ASSETS.names], author="burn")
