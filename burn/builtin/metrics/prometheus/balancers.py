"""Load balancers: one asset per address, whichever Services stand behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.metrics.grid import Grid, by, codes_of

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.grid import Matrix
    from burn.builtin.metrics.prometheus.scrapes import Clocks


def balancers_of(found: Grid, clocks: Clocks) -> tuple[pd.DataFrame, Matrix]:
    """Inventory rows and their presence, while a Service has an address.

    A Service without an address has no balancer yet. A hostname stands for the IPs beside it, and
    IPv4 for IPv6: they are one balancer's. Services that share an address share the balancer,
    which goes by the first of their names.

    Args:
        found: counts of kube_service_status_load_balancer_ingress.
        clocks: what a count is worth.
    """
    import numpy as np
    import pandas as pd

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
    rows = labels.assign(address=address, asset_id="load_balancer/" + address)
    # Each Service's hours apart, then the longest: two names for one thing are not two hours.
    codes, keys = codes_of(rows, ["asset_id", "address", "namespace", "service"])
    per_service = clocks.presence(found, codes, len(keys))
    assets, _ = codes_of(keys, ["asset_id"])
    owner = keys.drop_duplicates("asset_id").reset_index(drop=True)
    inventory = pd.DataFrame(
        {
            "asset_id": owner["asset_id"],
            "kind": "load_balancer",
            "name": owner["namespace"] + "/" + owner["service"],
            "provider_id": owner["address"],
            "namespace": owner["namespace"],
            "owner_name": owner["service"],
        }
    )
    return inventory, np.nan_to_num(by(assets, per_service, len(owner), "max"))
