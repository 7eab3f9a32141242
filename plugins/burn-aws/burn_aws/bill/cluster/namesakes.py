"""Another cluster of the same name: an EKS cluster's name is unique in its account and region only.

Tags and log groups hold the name alone. Where the bill has a control plane of this name where the
cluster's nodes are, and another one elsewhere, what is tied by name there is the other cluster's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.bills.queries.rows import BY_ID
from burn_aws.bill.cluster.match import BY_ARN, BY_LOG, BY_TAG

if TYPE_CHECKING:
    import pandas as pd

_PLACE = ["sub_account_id", "region_id"]
_NAMES = ("match_method", "resource_key", "resource_name", "sku")
"""What rows outside the cluster do not have."""


def apart(rows: pd.DataFrame, cluster: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Rows without those of the cluster's namesakes, which are outside it; and what is said of them.

    Args:
        rows: of a bill.
        cluster: its name.
    """
    if not cluster or rows.empty:
        return rows, []
    places = rows[_PLACE].astype("str").agg("/".join, axis="columns")
    planes = rows["in_cluster"] & (rows["resource_key"] == f"cluster/{cluster}")
    there = set(places[planes & (rows["match_method"] == BY_ARN)])
    homes = set(places[(rows["match_method"] == BY_ID) & (rows["x_cost_class"] == "node")])
    if len(there) < 2:
        return rows, []
    listed = ", ".join(sorted(there))
    if not there & homes:
        return rows, [
            f"the bill has clusters named `{cluster}` in several places ({listed}), and no node"
            " that the metrics show in any of them: their costs are added up; limit"
            " provider.aws.accounts"
        ]
    by_name = rows["match_method"].isin([BY_ARN, BY_TAG, BY_LOG])
    theirs = by_name & places.isin(there - homes)
    if not theirs.any():
        return rows, []
    amount = rows.loc[theirs, "effective_cost"].sum()
    blank = {name: rows[name].mask(theirs, "") for name in _NAMES}
    inside = rows["in_cluster"] & ~theirs
    rows = rows.assign(in_cluster=inside, x_tied_to=rows["x_tied_to"].mask(theirs), **blank)
    return rows, [
        f"the bill has clusters named `{cluster}` in several places ({listed}): what bears the name"
        f" in {', '.join(sorted(there - homes))} ({amount:,.2f}) is outside, since no node that the"
        " metrics show is there"
    ]
