"""The normal form of a resource id: the same key from an ARN on the bill and from Kubernetes.

    arn:aws-cn:elasticloadbalancing:R:A:loadbalancer/net/NAME/ID  →  loadbalancer/net/NAME/ID
    arn:aws:elasticloadbalancing:R:A:loadbalancer/app/NAME/ID     →  loadbalancer/app/NAME
    arn:aws:ec2:R:A:elastic-ip/eipalloc-1 (volume, instance, …)   →  eipalloc-1
    arn:aws:eks:R:A:pod/CLUSTER/NAMESPACE/POD/UID                 →  UID
    arn:aws:eks:R:A:cluster/NAME                                  →  cluster/NAME
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
_APPLICATION = re.compile("^(loadbalancer/app/[^/]+)/.*$")


def resource_key(resource_id: str | None) -> str:
    """The normal form of one id; empty for none."""
    key = _PREFIX.sub("", resource_id or "", count=1)
    return _APPLICATION.sub(r"\1", key) if key != resource_id else key


def resource_key_sql(column: str) -> str:
    """The same over a column, as SQL (DuckDB dialect; transpiles to Athena)."""
    # SPLIT_PART and not a back-reference, which the two engines write differently.
    return (
        f"CASE WHEN {column} LIKE 'arn:%:loadbalancer/app/%' "
        f"THEN 'loadbalancer/app/' || SPLIT_PART({column}, '/', 3) "
        f"WHEN {column} LIKE 'arn:%' THEN REGEXP_REPLACE({column}, '{PREFIX}', '') "
        f"ELSE COALESCE({column}, '') END"
    )
