"""Hyperdisk storage pools: billed whole, while the disks in them are billed nothing or on no line.

No column says which pool a disk is in. Where volumes are not charged and pools are outside the
cluster, they are named, to be stated.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.money import count
from burn_gcp.bill.cluster.dearest import dearest
from burn_gcp.bill.lines.table import Table
from burn_gcp.scope import GcpScope

if TYPE_CHECKING:
    import pandas as pd

_POOL = "storage pool"


def pools_note(
    rows: pd.DataFrame,
    keys: Collection[str],
    skus: Collection[tuple[str, str]],
    table: Table,
    scope: GcpScope,
    window: Window,
) -> list[str]:
    """What is said of volumes without a charge.

    Args:
        rows: from `costs.bill_rows`.
        keys: of observed assets, without nodes' own disks.
        skus: service and SKU of all lines: without a pool among them nothing is asked.
        table: all lines.
        scope: projects.
        window: lines that overlap it.
    """
    charged = set(rows.loc[rows["list_cost"] > 0, "resource_key"])
    free = sum("/disk/" in key and key not in charged for key in keys)
    if not free or not any(_POOL in sku.lower() for _, sku in skus):
        return []
    inside = set(rows.loc[rows["in_cluster"], "resource_key"])
    found = dearest(table, scope, window, f"LOWER(sku) LIKE '%{_POOL}%'", besides=inside)
    if not found:
        return []
    return [
        f"{count(free, 'volume')} of the cluster without a charge may be in Hyperdisk storage pools, which"
        f" are billed for the disks in them and are outside: {found}; state the cluster's in"
        " provider.gcp.cluster_resources"
    ]
