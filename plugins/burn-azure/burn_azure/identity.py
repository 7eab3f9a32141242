"""Which bill resources a Kubernetes object is. Pure: text in, keys out.

    node      azure:///…/virtualMachineScaleSets/V/virtualMachines/7  →  that key, the same by
              computer name (base 36), and the scale set V itself, which its nodes share
    node      azure:///…/virtualMachines/NAME                         →  that key
    volume    /subscriptions/…/disks/NAME (CSI and in-tree)           →  that key
    balancer  a public IP   →  the node resource group's load balancer `kubernetes`
    balancer  a private IP  →  its `kubernetes-internal`; both are shared by all Services

A resource that several assets share is split among them by the hours they were observed, which
is done by burn's core. Keys are in the normal form of `burn_azure.keys`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import IdentityFrame, InventoryFrame, schemas
from burn_azure.keys import SET, computer_suffix, node_groups

if TYPE_CHECKING:
    import pandas as pd

BY_PROVIDER = "provider id"
BY_COMPUTER = "computer name"
BY_SET = "shared: scale set"
BY_HANDLE = "volume handle"
BY_BALANCER = "shared: load balancer"
PRIVATE = r"^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|fd)"
ADDRESS = r"^[0-9a-f.:]+$"


def identify(inventory: InventoryFrame) -> IdentityFrame:
    """The bill resources of each asset; assets that are not on Azure have none."""
    import pandas as pd

    text = inventory["provider_id"].astype("str").str.strip()
    parts = [*_nodes(inventory, text), _volumes(inventory, text), *_balancers(inventory, text)]
    found = pd.concat(parts, ignore_index=True).drop_duplicates(["asset_id", "resource_key"])
    # Only a shared resource may have several assets; of two names of one thing, the first.
    shared = found["method"].str.startswith("shared")
    order = found.sort_values(["resource_key", "asset_id"], kind="stable")
    keep = order.duplicated("resource_key") & ~shared.reindex(order.index)
    found = order[~keep].sort_values(["asset_id", "resource_key"])
    return schemas.IDENTITY.validate(found, author="burn-azure")


def on_azure(provider_id: pd.Series[str]) -> pd.Series[bool]:
    """Which ids are ARM ids."""
    return keys_of(provider_id) != ""


def keys_of(provider_id: pd.Series[str]) -> pd.Series[str]:
    """The key of each ARM id, empty for anything else."""
    low = provider_id.str.lower().str.removeprefix("azure://").str.rstrip("/")
    return low.where(low.str.startswith("/subscriptions/"), "")


def _nodes(inventory: InventoryFrame, text: pd.Series[str]) -> list[pd.DataFrame]:
    keys = keys_of(text[inventory["kind"] == "node"])
    keys = keys[keys.str.contains("/virtualmachine", regex=False)]
    in_set = keys[keys.str.contains(SET, regex=False)]
    split = in_set.str.extract(r"^(?P<set>.*)/virtualmachines/(?P<number>[0-9]+)$").dropna()
    unique = {number: computer_suffix(number) for number in split["number"].unique()}
    computer = split["set"] + "/virtualmachines/" + split["number"].map(unique)
    ids = inventory["asset_id"]
    return [
        _rows(ids, keys, BY_PROVIDER),
        _rows(ids, computer, BY_COMPUTER),
        _rows(ids, split["set"], BY_SET),
    ]


def _volumes(inventory: InventoryFrame, text: pd.Series[str]) -> pd.DataFrame:
    keys = keys_of(text[inventory["kind"] == "volume"])
    disks = keys[keys.str.contains("/disks/", regex=False)]
    return _rows(inventory["asset_id"], disks, BY_HANDLE)


def _balancers(inventory: InventoryFrame, text: pd.Series[str]) -> list[pd.DataFrame]:
    """By rule: AKS has one public and one internal balancer in its node resource group."""
    nodes = inventory["kind"] == "node"
    mine = inventory["kind"] == "load_balancer"
    out = [_rows(inventory["asset_id"], text[mine & nodes], BY_BALANCER)]
    for cluster in inventory.loc[mine, "cluster"].unique():
        here = inventory["cluster"] == cluster
        groups = node_groups(keys_of(text[nodes & here]).tolist())
        address = text[mine & here].str.lower()
        address = address[address.str.contains(ADDRESS, regex=True)]
        internal = address.str.contains(PRIVATE, regex=True)
        for group in groups[:1]:
            base = f"{group}/providers/microsoft.network/loadbalancers/kubernetes"
            keys = internal.map({True: f"{base}-internal", False: base})
            out.append(_rows(inventory["asset_id"], keys, BY_BALANCER))
    return out


def _rows(ids: pd.Series[str], keys: pd.Series[str], method: str) -> pd.DataFrame:
    import pandas as pd

    keys = keys[keys != ""].astype("str")
    return pd.DataFrame(
        {"asset_id": ids.reindex(keys.index), "resource_key": keys, "method": method}
    )
