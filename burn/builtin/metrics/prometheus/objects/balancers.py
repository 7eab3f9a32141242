"""Load balancers: of Services by their address, and the Ingresses that may have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.metrics.common import shares
from burn.builtin.metrics.common.grid import Grid, codes_of

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.prometheus.presence.scrapes import Clocks


def balancers_of(found: Grid, clocks: Clocks) -> tuple[pd.DataFrame, Matrix]:
    """Inventory rows and their presence, while a Service has an address.

    A Service without an address has no balancer yet. A hostname stands for the IPs beside it, and
    IPv4 for IPv6: they are one balancer's. Services that share an address share the balancer.

    Args:
        found: counts of kube_service_status_load_balancer_ingress.
        clocks: what a count is worth.
    """
    import numpy as np

    labels = found.labels
    # Best first: hostname 0, IPv4 1, IPv6 2, nothing 3.
    rank = np.select(
        [labels["hostname"] != "", labels["ip"].str.contains(":"), labels["ip"] != ""], [0, 2, 1], 3
    )
    best = labels.assign(rank=rank).groupby(["namespace", "service"])["rank"].transform("min")
    kept = (rank == best.to_numpy()) & (rank < 3)
    found = found.keep(kept)
    labels = found.labels
    address = labels["hostname"].where(labels["hostname"] != "", labels["ip"])
    owners = labels.assign(provider_id=address, owner_kind="Service", owner_name=labels["service"])
    columns = ["provider_id", "owner_kind", "namespace", "owner_name"]
    # Each Service's hours apart: two names for one thing are not two hours.
    codes, keys = codes_of(owners, columns)
    return shares.balancers(keys[columns], clocks.presence(found, codes, len(keys)))


def ingresses_of(found: Grid, clocks: Clocks) -> tuple[pd.DataFrame, Matrix]:
    """Ingresses, whose address kube-state-metrics does not show: the bill may name their balancer.

    Args:
        found: counts of kube_ingress_info.
        clocks: what a count is worth.
    """
    codes, keys = codes_of(found.labels, ["namespace", "ingress"])
    owner = keys["namespace"] + "/" + keys["ingress"]
    rows = keys[["namespace"]].assign(
        asset_id="load_balancer/Ingress/" + owner,
        kind="load_balancer",
        name=owner,
        provider_id="",
        owner_kind="Ingress",
        owner_name=keys["ingress"],
    )
    return rows, clocks.presence(found, codes, len(keys))
