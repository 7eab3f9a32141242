"""Which bill resources a Kubernetes object is. Pure: text in, keys out.

    node      gce://PROJECT/ZONE/NAME                      →  PROJECT/ZONE/instance/NAME,
                                                              PROJECT/ZONE/disk/NAME (boot disk)
    volume    projects/PROJECT/zones/ZONE/disks/NAME (CSI)  →  PROJECT/ZONE/disk/NAME
    volume    …/regions/REGION/disks/NAME (CSI, regional)   →  PROJECT/REGION/disk/NAME
    volume    gce://PROJECT/ZONE/NAME, or NAME (in-tree)     →  PROJECT/ZONE/disk/NAME
    volume    modeInstance/PLACE/NAME/SHARE (Filestore)      →  PROJECT/PLACE/instance/NAME
    volume    PROJECT/PLACE/NAME (Lustre), with a pool and   →  PROJECT/PLACE/instance/NAME
              a container after it (Parallelstore)
    balancer  an IP address                                →  address/IP, and forwardingrule/NAME
                                                              for rules stated in the settings
    node of   gce://PROJECT/ZONE/gk3-…                     →  autopilot/CLASS, shared with others
    Autopilot                                                 by requests (`burn_gcp.autopilot`)

GKE gives a node's boot disk the node's name, as instances have it by default. An in-tree volume
may have a disk's name alone: it is in the nodes' project and the volume's zone. A bucket mounted
by Cloud Storage FUSE has a bare name as well, and no zone: it is no disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import IdentityFrame, InventoryFrame, schemas
from burn_gcp.autopilot import claims
from burn_gcp.keys import ADDRESS, RULE

if TYPE_CHECKING:
    import pandas as pd

INSTANCE = r"^gce://(?P<project>[^/]+)/(?P<zone>[^/]+)/(?P<name>[^/]+)$"
DISK = r"projects/(?P<project>[^/]+)/(?:zones|regions)/(?P<zone>[^/]+)/disks/(?P<name>[^/]+)$"
_PROJECT, _PLACE, _NAME = (f"(?P<{part}>[^/]+)" for part in ("project", "zone", "name"))
STORES = (
    rf"^modeInstance/{_PLACE}/{_NAME}/[^/]+$",
    rf"^modeMultishare/[^/]+/{_PROJECT}/{_PLACE}/{_NAME}/[^/]+$",
    rf"^(?:projects/)?{_PROJECT}/(?:locations/)?{_PLACE}/(?:instances/)?{_NAME}(?:/[^/]+/[^/]+)?$",
)
"""Handles of file systems that are no disks; the first names no project: it is the nodes'."""
_LESS_SURE = {"boot disk": 1, "file system": 1}
PLAIN = r"^(?:gcePersistentDisk/)?(?P<name>[a-z](?:[-a-z0-9]*[a-z0-9])?)$"
ADDRESSES = r"^([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F:]+:[0-9a-fA-F:]+)$"


def identify(inventory: InventoryFrame, rules: Sequence[str] = ()) -> IdentityFrame:
    """The bill resources of each asset.

    Args:
        inventory: what was observed.
        rules: forwarding rules and their address, NAME=IP.

    Returns:
        One row per asset and key; assets that are not on Google Cloud have none. A key that
        several assets claim is shared by them (see `burn.ledger.shared_resources`), but a volume's disk
        is no node's, and a node's machine is no volume's.
    """
    import pandas as pd

    text = inventory["provider_id"].astype("str")
    found = pd.concat(
        [
            *_volumes(inventory, text),
            *_nodes(inventory, text),
            *_balancers(inventory, text, rules),
        ],
        ignore_index=True,
    ).drop_duplicates(["asset_id", "resource_key"])
    rank = found["method"].map(_LESS_SURE).fillna(0)
    found = found[rank == rank.groupby(found["resource_key"]).transform("min")]
    found = pd.concat([found, claims(inventory)], ignore_index=True)
    return schemas.IDENTITY.validate(
        found.sort_values(["asset_id", "resource_key"]), author="burn-gcp"
    )


def homes(identities: IdentityFrame) -> tuple[str, ...]:
    """Where the observed nodes run: `project/region`, each once."""
    keys = identities.loc[identities["method"] == "provider id", "resource_key"].astype("str")
    parts = keys.str.extract(r"^([^/]+)/([a-z]+-[a-z]+[0-9]+)-[a-z]+/instance/").dropna()
    return tuple(sorted(set(parts[0] + "/" + parts[1])))


def _nodes(inventory: InventoryFrame, text: pd.Series[str]) -> list[pd.DataFrame]:
    parts = text[inventory["kind"] == "node"].str.extract(INSTANCE)
    ids = inventory["asset_id"]
    base = parts["project"] + "/" + parts["zone"]
    return [
        _rows(ids, base + "/instance/" + parts["name"], "provider id"),
        _rows(ids, base + "/disk/" + parts["name"], "boot disk"),
    ]


def _volumes(inventory: InventoryFrame, text: pd.Series[str]) -> list[pd.DataFrame]:
    handle = text[inventory["kind"] == "volume"]
    ids = inventory["asset_id"]
    full = handle.str.extract(DISK)
    tree = handle.str.extract(INSTANCE)
    parts = full.fillna(tree)
    nodes = text[inventory["kind"] == "node"].str.extract(INSTANCE)["project"].dropna().unique()
    if len(nodes) == 1:
        named = handle.str.extract(PLAIN)["name"]
        zone = inventory["zone"].astype("str").reindex(handle.index)
        known = named.notna() & (zone != "")
        plain = f"{nodes[0]}/" + zone + "/disk/" + named
        lone = _rows(ids, plain.where(known & parts["name"].isna()), "volume name")
    else:
        lone = _rows(ids, handle.iloc[:0], "volume name")
    key = parts["project"] + "/" + parts["zone"] + "/disk/" + parts["name"]
    rest = handle[key.isna()]
    return [
        _rows(ids, key, "volume handle"),
        lone,
        _rows(ids, _stores(rest, nodes[0] if len(nodes) == 1 else ""), "file system"),
    ]


def _stores(handle: pd.Series[str], project: str) -> pd.Series[str]:
    """Keys of Filestore, Lustre and Parallelstore instances; null: the handle is of no such form."""
    import pandas as pd

    nodes = pd.Series(project or None, index=handle.index, dtype="object")
    key = pd.Series(None, index=handle.index, dtype="object")
    for pattern in STORES:
        parts = handle.str.extract(pattern)
        owner = parts.get("project", nodes)
        key = key.fillna(owner + "/" + parts["zone"] + "/instance/" + parts["name"])
    return key


def _balancers(
    inventory: InventoryFrame, text: pd.Series[str], rules: Sequence[str]
) -> list[pd.DataFrame]:
    import pandas as pd

    ids = inventory["asset_id"]
    address = text[inventory["kind"] == "load_balancer"].str.extract(ADDRESSES, expand=False)
    stated = pd.DataFrame(
        [(ip.strip(), name.strip()) for name, _, ip in (rule.partition("=") for rule in rules)],
        columns=["ip", "rule"],
    ).astype("str")
    owned = pd.DataFrame({"asset_id": ids.reindex(address.index).astype("str"), "ip": address})
    joined = owned.dropna().merge(stated, on="ip")
    return [
        _rows(ids, f"{ADDRESS}/" + address, "address"),
        _rows(joined["asset_id"], f"{RULE}/" + joined["rule"], "forwarding rule"),
    ]


def _rows(ids: pd.Series[str], keys: pd.Series[str], method: str) -> pd.DataFrame:
    import pandas as pd

    keys = keys.dropna().astype("str")
    return pd.DataFrame(
        {"asset_id": ids.reindex(keys.index).astype("str"), "resource_key": keys, "method": method}
    )
