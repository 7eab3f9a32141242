"""The normal form of a resource id: the same key from an ARN on the bill and from Kubernetes.

    arn:aws-cn:elasticloadbalancing:R:A:loadbalancer/net/NAME/ID  →  loadbalancer/net/NAME/ID
    arn:aws:elasticloadbalancing:R:A:loadbalancer/app/NAME/ID     →  loadbalancer/app/NAME
    arn:aws:ec2:R:A:elastic-ip/eipalloc-1 (volume, instance, …)   →  eipalloc-1
    arn:aws:eks:R:A:pod/CLUSTER/NAMESPACE/POD/UID                 →  UID
    arn:aws:eks:R:A:cluster/NAME                                  →  cluster/NAME
    arn:aws:elasticfilesystem:R:A:file-system/fs-1, fs-1 (or fsx) →  file-system/fs-1
    arn:aws:fsx:R:A:volume/fs-1/fsvol-2                           →  file-system/fs-1
    arn:aws:s3:::BUCKET                                           →  BUCKET
    i-1, vol-1, anything else                                     →  as it is

Partition, region and account go, so that commercial, China and GovCloud ids read alike. An
application balancer's hostname does not have its id; its name is unique in account and region.
"""

from __future__ import annotations

import re

PREFIX = (
    "^arn:[^:]*:(ec2:[^:]*:[^:]*:[^:/]*/|eks:[^:]*:[^:]*:pod/[^/]*/[^/]*/[^/]*/|[^:]*:[^:]*:[^:]*:)"
)
"""What is cut off an ARN; the same text in Python, DuckDB (RE2) and Athena (Java)."""

_PREFIX = re.compile(PREFIX)
_FILE_SYSTEM = re.compile("^(?:arn:.*:volume/)?(fs-[^/]+)(?:/.*)?$")
_APPLICATION = re.compile("^(loadbalancer/app/[^/]+)/.*$")


def resource_key(resource_id: str | None) -> str:
    """The normal form of one id; empty for none."""
    if found := _FILE_SYSTEM.match(resource_id or ""):
        return f"file-system/{found[1]}"
    key = _PREFIX.sub("", resource_id or "", count=1)
    return _APPLICATION.sub(r"\1", key) if key != resource_id else key


def resource_key_sql(column: str) -> str:
    """The same over a column, as SQL (DuckDB dialect; transpiles to Athena)."""
    # SPLIT_PART and not a back-reference, which the two engines write differently.
    return (
        f"CASE WHEN {column} LIKE 'arn:%:loadbalancer/app/%' "
        f"THEN 'loadbalancer/app/' || SPLIT_PART({column}, '/', 3) "
        f"WHEN {column} LIKE 'arn:%:volume/fs-%' "
        f"THEN 'file-system/' || SPLIT_PART({column}, '/', 2) "
        f"WHEN {column} LIKE 'fs-%' THEN 'file-system/' || SPLIT_PART({column}, '/', 1) "
        f"WHEN {column} LIKE 'arn:%' THEN REGEXP_REPLACE({column}, '{PREFIX}', '') "
        f"ELSE COALESCE({column}, '') END"
    )


def join_key_sql(column: str) -> str:
    """The same for ids that could be an asset's, at less cost: for joins over every line.

    A regular expression runs on few services' ARNs only. Other ids may come out shortened, and
    then are no asset's key.
    """
    ours = " OR ".join(
        f"{column} LIKE 'arn:%:{part}%'"
        for part in ("ec2:", "eks:", "elasticloadbalancing:", "fsx:")
    )
    plain = f"{column} NOT LIKE 'arn:%' AND {column} NOT LIKE 'fs-%'"
    return (
        f"CASE WHEN {plain} THEN {column} "
        f"WHEN {column} NOT LIKE 'arn:%' OR {ours} THEN {resource_key_sql(column)} "
        f"WHEN SPLIT_PART({column}, ':', 7) = '' THEN SPLIT_PART({column}, ':', 6) END"
    )
