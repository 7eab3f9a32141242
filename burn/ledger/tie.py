"""What the bill says uses a resource, and what the metrics show: the same names, or not.

A balancer that a controller made for an Ingress is tagged, and named, with the Ingress's
namespace and name (`x_tied_to`). Where the metrics show the Ingress and not its address, that ties
the two; names are compared by their letters and digits, as controllers cut them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from burn.api import BillFrame, IdentityFrame, InventoryFrame, schemas

if TYPE_CHECKING:
    import pandas as pd


def tie(inventory: InventoryFrame, rows: BillFrame, identities: IdentityFrame) -> InventoryFrame:
    """The inventory with the balancer of each Ingress that has none by address.

    An Ingress that the bill names no balancer for (one behind a controller's own Service) is no
    asset and goes. So does one that could be either of two: nothing is guessed.

    Args:
        inventory: of the window.
        rows: bill rows; the cluster's balancers that are no asset's yet are looked at.
        identities: of the inventory.

    Returns:
        Ingresses with the bill's resource key as `provider_id`; the same frame if there are none.
    """
    loose = (
        (inventory["kind"] == "load_balancer")
        & (inventory["provider_id"] == "")
        & (inventory["owner_kind"] == "Ingress")
    )
    if not loose.any():
        return inventory
    free = (
        rows["in_cluster"] & (rows["x_cost_class"] == "load_balancer") & rows["x_tied_to"].notna()
    )
    free &= ~rows["resource_key"].isin(identities["resource_key"])
    costs = rows[free].groupby(["resource_key", "x_tied_to"], observed=True)["list_cost"].sum()
    owners = inventory.loc[loose].drop_duplicates("asset_id")
    names = [
        f"Ingress/{space}/{name}"
        for space, name in zip(owners["namespace"], owners["owner_name"], strict=True)
    ]
    key_of: dict[str, str] = {}
    for key, said in costs.sort_values(ascending=False, kind="stable").index:
        mine = [at for at, name in enumerate(names) if same(str(said), name)]
        if len(mine) == 1:
            key_of.setdefault(str(owners["asset_id"].iloc[mine[0]]), str(key))
    keys = inventory["asset_id"].astype("str").map(key_of).astype(object).fillna("").astype("str")
    tied = inventory.assign(provider_id=inventory["provider_id"].where(~loose, keys))
    kept = tied[~loose | (keys != "")].reset_index(drop=True)
    return schemas.INVENTORY.validate(kept, author="burn")


def shown(inventory: InventoryFrame) -> set[str]:
    """Names of all that the metrics show, in the form of `x_tied_to`."""
    volumes = inventory[inventory["kind"] == "volume"]
    balancers = inventory[inventory["kind"] == "load_balancer"]
    kinds = balancers["owner_kind"].astype(object).where(balancers["owner_kind"].notna(), "Service")
    names = [
        "PersistentVolume/" + volumes["name"].astype("str"),
        "PersistentVolumeClaim/" + _owner(volumes),
        kinds.astype("str") + "/" + _owner(balancers),
    ]
    return {name for column in names for name in column.unique()}


def _owner(assets: pd.DataFrame) -> pd.Series[str]:
    return assets["namespace"].astype("str") + "/" + assets["owner_name"].astype("str")


def same(said: str, name: str) -> bool:
    """Whether what a bill says (`Ingress/shop*/web*`) is this name (`Ingress/shop-eu/web`)."""
    parts, whole = said.split("/"), name.split("/")
    return len(parts) == len(whole) and all(map(_alike, parts, whole))


def _alike(said: str, name: str) -> bool:
    bare = _bare(name)
    return bare.startswith(_bare(said)) if said.endswith("*") else bare == _bare(said)


def _bare(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
