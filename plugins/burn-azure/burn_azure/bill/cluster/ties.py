"""What a resource's tags say uses it: `x_tied_to`.

The disk driver tags a disk with its claim and volume, the cloud provider a public IP with its
Services. Disks are also named after their volume, which the core compares by itself. Balancers are told by what they are.
"""

from __future__ import annotations

from burn.api.bills.queries.sql import literal

SERVICE = ("k8s-azure-service", "service")
"""Tags of a public IP: `namespace/name`, several with commas; the second of older versions."""
CLAIM = ("kubernetes.io-created-for-pvc-namespace", "kubernetes.io-created-for-pvc-name")
VOLUME = "kubernetes.io-created-for-pv-name"
BALANCER = "/loadbalancers/"
INTERNAL = "/loadbalancers/kubernetes-internal"
"""The one balancer that has nothing but Services: those with private addresses."""
NODES = "Node/*"
"""What nodes send out goes through AKS's own balancer, whether or not a Service uses it; which Services are on another
than that, no metric shows."""
ANY_SERVICE = "Service/*/*"
"""A public IP of several Services is in use while any is."""


def tied() -> str:
    """SQL over a line with `resource_key` and `tags`; NULL where they say nothing."""
    said = ", ".join(f"NULLIF({_value(tag)}, '')" for tag in SERVICE)
    service = f"COALESCE({said}, '')"
    space, claim = map(_value, CLAIM)
    volume = _value(VOLUME)
    return (
        f"CASE WHEN STRPOS(resource_key, '{BALANCER}') > 0 THEN "
        f"CASE WHEN NOT ENDS_WITH(resource_key, '{INTERNAL}') THEN '{NODES}' END "
        "WHEN STRPOS(resource_key, '/publicipaddresses/') > 0 THEN "
        f"CASE WHEN STRPOS({service}, ',') > 0 THEN {literal(ANY_SERVICE)} "
        f"WHEN STRPOS({service}, '/') > 0 THEN 'Service/' || {service} END "
        "WHEN STRPOS(tags, 'created-for-pv') > 0 THEN "
        f"CASE WHEN {space} <> '' AND {claim} <> '' "
        f"THEN 'PersistentVolumeClaim/' || {space} || '/' || {claim} "
        f"WHEN {volume} <> '' THEN 'PersistentVolume/' || {volume} END END"
    )


def _value(tag: str) -> str:
    """Of a tag, in tags that are JSON or lack its brackets; empty where there is none."""
    pattern = f'"{tag.replace(".", "[.]")}"\\s*:\\s*"([^"]*)"'
    return f"REGEXP_EXTRACT(tags, {literal(pattern)}, 1, 'i')"
