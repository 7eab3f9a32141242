"""Machines that burn has no rule for are told by their own lines: what an instance is billed, it costs.

an instance without a line of class `node`     its lines of Compute Engine that fit no other
rule are the node (a family burn does not know)
an instance without a line of cores            its hours are those of its dearest SKU, in that
SKU's unit: a TPU's chips, a slice of a GPU
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn_gcp.bill.charges.classes import COMPUTE
from burn_gcp.bill.cluster.match import BY_ID

if TYPE_CHECKING:
    import pandas as pd

INSTANCE = "/instance/"
DEVICE = "device"
"""Part of a node whose hours count where no line counts cores."""


def with_own_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """The classed rows, with `cost_class` and `part` of what no rule told on observed instances."""
    key = rows["resource_key"]
    mine = (rows["place_by"] == BY_ID) & key.str.contains(INSTANCE, regex=False)
    if not mine.any():
        return rows
    kind, part = rows["cost_class"], rows["part"]
    told = set(key[mine & (kind == "node")])
    compute = rows["service"].str.contains(COMPUTE, regex=True)
    own = mine & compute & (kind == "other") & ~key.isin(told)
    kind = kind.mask(own, "node")
    node = mine & (kind == "node")
    lone = node & ~key.isin(set(key[node & (part == "core")]))
    sums = rows[lone].groupby(["resource_key", "sku"])["list_cost"].sum().reset_index()
    dearest = sums.sort_values(["list_cost", "sku"], ascending=[False, True], kind="stable")
    first = dearest.drop_duplicates("resource_key").set_index("resource_key")["sku"]
    counted = lone & (rows["sku"] == key.map(first)) & (rows["usage"] != 0)
    return rows.assign(cost_class=kind, part=part.mask(counted, DEVICE))
