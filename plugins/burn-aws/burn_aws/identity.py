"""Which bill resources a Kubernetes object is. Pure: text in, keys out.

    node      aws:///ZONE/i-1                              →  i-1
    node      aws:///ZONE/HASH/fargate-ip-…                →  the uid of its only pod
    volume    vol-1 (CSI), aws://ZONE/vol-1 (in-tree)      →  vol-1
    volume    fs-1::fsap-2, fs-1:/path (EFS), fs-1 (FSx),  →  file-system/fs-1
              fs-1.efs.REGION.amazonaws.com:/path (NFS)
    volume    s3://BUCKET/…, BUCKET (S3 mount point)       →  BUCKET
    balancer  NAME-ID.elb.REGION.amazonaws.com             →  loadbalancer/net/NAME/ID
    balancer  [internal-]NAME-1.REGION.elb.amazonaws.com   →  loadbalancer/app/NAME or
                                                              loadbalancer/NAME (classic)

Application and classic balancers have hostnames of one form, so both keys are given; only one of
them can be on the bill, unless two balancers of the two kinds share a name.
The domain may be any partition's. A key of several assets (access points of one file system,
balancers of several Ingresses) is shared: the core splits its lines by the hours observed.
Keys are in the normal form of `burn_aws.keys`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import IdentityFrame, InventoryFrame, schemas

if TYPE_CHECKING:
    import pandas as pd

INSTANCE = r"(?:^|/)(i-[0-9a-zA-Z]+)$"
FARGATE = r"/fargate-[^/]+$"
VOLUME = r"(?:^|/)(vol-[0-9a-zA-Z]+)$"
FILE_SYSTEM = r"(?:^|[/.])(fs-[0-9a-zA-Z]+)(?:[:/.#]|$)"
BUCKET = r"^(?:s3://)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/.*)?$"
"""A bucket's name, by S3's rules for it."""
SHARED = "shared by observed hours"
"""Method of a key that several assets have."""
_DOMAIN = r"(?:\.[a-z0-9-]+)+\.?$"
_SPREAD = r"^(?:dualstack\.|ipv6\.)?"
NETWORK = rf"(?i:{_SPREAD}(?P<name>[a-z0-9-]+)-(?P<id>[0-9a-f]{{16,}})\.elb\.[a-z0-9-]+{_DOMAIN})"
NAMED = rf"(?i:{_SPREAD}(?:internal-)?(?P<name>[a-z0-9-]+)-[0-9]+\.[a-z0-9-]+\.elb{_DOMAIN})"


def identify(inventory: InventoryFrame) -> IdentityFrame:
    """The bill resources of each asset.

    Returns:
        One row per asset and key; assets that are not on AWS have none.
    """
    import pandas as pd

    kind, text = inventory["kind"], inventory["provider_id"].astype("str")
    parts = [*_nodes(inventory, text), *_volumes(inventory, text)]
    balancers = kind == "load_balancer"
    parts += _balancers(inventory.loc[balancers, "asset_id"], text[balancers])
    found = pd.concat(parts, ignore_index=True).drop_duplicates()
    found = found.drop_duplicates(["asset_id", "resource_key"])
    several = found.duplicated("resource_key", keep=False)
    found["method"] = found["method"].mask(several, SHARED)
    found = found.sort_values(["asset_id", "resource_key"], ignore_index=True)
    return schemas.IDENTITY.validate(found, author="burn-aws")


def is_fargate(provider_id: pd.Series[str]) -> pd.Series[bool]:
    """Which nodes are Fargate pods."""
    return provider_id.str.contains(FARGATE, regex=True, na=False)


def on_aws(provider_id: pd.Series[str]) -> pd.Series[bool]:
    """Which nodes are EC2 instances or Fargate pods; the others are hybrid or on premises."""
    return provider_id.str.extract(INSTANCE)[0].notna() | is_fargate(provider_id)


def _nodes(inventory: InventoryFrame, text: pd.Series[str]) -> list[pd.DataFrame]:
    node = inventory["kind"] == "node"
    ids = inventory["asset_id"]
    serverless = node & is_fargate(text)
    instance = text[node].str.extract(INSTANCE, expand=False)
    uid = inventory["pod_uid"].astype("str")[serverless]
    return [_rows(ids, instance, "provider id"), _rows(ids, uid[uid != ""], "pod uid")]


def _volumes(inventory: InventoryFrame, text: pd.Series[str]) -> list[pd.DataFrame]:
    handle = text[inventory["kind"] == "volume"]
    disk = handle.str.extract(VOLUME, expand=False)
    shared = "file-system/" + handle.str.extract(FILE_SYSTEM, expand=False)
    bucket = handle[disk.isna() & shared.isna()].str.extract(BUCKET, expand=False)
    ids, method = inventory["asset_id"], "volume handle"
    return [_rows(ids, keys, method) for keys in (disk, shared, bucket)]


def _balancers(ids: pd.Series[str], host: pd.Series[str]) -> list[pd.DataFrame]:
    network = host.str.extract(NETWORK)
    named = host.str.extract(NAMED)["name"].where(network["name"].isna())
    prefix = "loadbalancer/"
    known = host.where(host.str.startswith(prefix))
    key = prefix + "net/" + network["name"] + "/" + network["id"].str.lower()
    return [
        _rows(ids, known, "tag or name on the bill"),
        _rows(ids, key, "hostname"),
        _rows(ids, prefix + "app/" + named, "hostname"),
        _rows(ids, prefix + named, "hostname"),
    ]


def _rows(ids: pd.Series[str], keys: pd.Series[str], method: str) -> pd.DataFrame:
    import pandas as pd

    keys = keys.dropna().astype("str")
    return pd.DataFrame(
        {"asset_id": ids.reindex(keys.index), "resource_key": keys, "method": method}
    )
