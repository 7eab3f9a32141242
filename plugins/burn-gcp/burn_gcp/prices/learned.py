"""Rates that nodes', disks' and balancers' own bill lines teach: list cost ÷ amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import IdentityFrame, schemas

if TYPE_CHECKING:
    import pandas as pd

    from burn_gcp.bill.read import Read

BILL = "bill"


def on_the_bill(read: Read, identities: IdentityFrame) -> set[str]:
    """Assets with lines of their own as nodes: machines, even where Autopilot runs them."""
    nodes = read.detail.loc[read.detail["x_cost_class"] == "node", "resource_key"]
    alone = _alone(identities)
    return set(alone.loc[alone["resource_key"].isin(nodes), "asset_id"].astype("str"))


def _alone(identities: IdentityFrame) -> pd.DataFrame:
    """Without what an asset shares with others."""
    return identities.loc[
        ~identities["method"].str.startswith("shared"), ["asset_id", "resource_key"]
    ]


def learn(unpriced: pd.DataFrame, detail: pd.DataFrame, identities: IdentityFrame) -> pd.DataFrame:
    """All-in list price per unit of each asset's own lines: of the day, else of the window."""
    import pandas as pd

    kept = detail[detail["x_cost_class"].isin(schemas.MODELLED_CLASSES)]
    found = kept.merge(_alone(identities), on="resource_key")
    found = found.assign(kind=found["x_cost_class"])
    day = _rate(found, unpriced, ["asset_id", "kind", "day"])
    rate = day.fillna(_rate(found, unpriced, ["asset_id", "kind"]))
    devices = found[found["component"].str.contains("gpu", regex=False)].assign(
        quantity=lambda rows: rows["usage"]
    )
    gpu = _rate(devices, unpriced, ["asset_id", "kind"])
    return pd.DataFrame({"rate": rate, "gpu": gpu})


def _rate(taught: pd.DataFrame, unpriced: pd.DataFrame, by: list[str]) -> pd.Series[float]:
    sums = taught.groupby(by, observed=True)[["quantity", "list_cost"]].sum()
    sums = sums[(sums["quantity"] > 0) & (sums["list_cost"] > 0)]
    rate = (sums["list_cost"] / sums["quantity"]).rename("rate").reset_index()
    found = unpriced[by].merge(rate, on=by, how="left")["rate"]
    found.index = unpriced.index
    return found


def same_type(unpriced: pd.DataFrame, price: pd.Series[float]) -> pd.Series[float]:
    """Price per unit of machines without one, from machines of their type, GPUs and region.

    Args:
        unpriced: see `burn_gcp.prices.unpriced`.
        price: per unit, learned from the bill; null: none yet.
    """
    kind = ["instance_type", "gpu_count", "region"]
    mine = (unpriced["service"] == "machine") & (unpriced["quantity"] > 0) & (unpriced["hours"] > 0)
    # Units differ: one is billed by its chips, its like, on no bill, is counted in cores.
    each = (unpriced["quantity"] / unpriced["hours"]).where(mine)
    hourly = (price * each).groupby([unpriced[name] for name in kind]).transform("mean")
    return (hourly / each).where(unpriced["instance_type"] != "")
