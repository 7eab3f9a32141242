"""Others of the same name: that of an EKS cluster, or a balancer, is unique in its account and region only.

Tags and log groups hold the name alone. Where the bill has a control plane of this name where the
cluster's nodes are, and another one elsewhere, what is tied by name there is the other cluster's.
A balancer's hostname does not have its id: of several of its name, it is the one where the nodes are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.bills.queries.rows import BY_ID
from burn_aws.bill.cluster.match import BY_ARN, BY_LOG, BY_TAG

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 3
_NAMES = ("match_method", "resource_key", "resource_name", "sku")
"""What rows outside the cluster do not have."""


def apart(rows: pd.DataFrame, cluster: str | None) -> tuple[pd.DataFrame, list[str]]:
    """Rows without those of namesakes, which are outside the cluster; and what is said of them.

    Args:
        rows: of a bill.
        cluster: its name.
    """
    if rows.empty:
        return rows, []
    places = rows["sub_account_id"].astype("str") + "/" + rows["region_id"].astype("str")
    homes = set(places[(rows["match_method"] == BY_ID) & (rows["x_cost_class"] == "node")])
    rows, balancers = _balancers(rows, places, homes)
    rows, clusters = _clusters(rows, places, homes, cluster) if cluster else (rows, [])
    return rows, [*clusters, *balancers]


def _balancers(
    rows: pd.DataFrame, places: pd.Series[str], homes: set[str]
) -> tuple[pd.DataFrame, list[str]]:
    named = (rows["match_method"] == BY_ID) & rows["resource_key"].str.startswith("loadbalancer/")
    mine = set(rows.loc[named & places.isin(homes), "resource_key"])
    others = named & ~places.isin(homes) & rows["resource_key"].isin(mine)
    whose = rows["resource_key"] + " in " + places
    # A balancer is where its hours are; its traffic alone may be billed elsewhere.
    theirs = others & whose.isin(whose[others & (rows["x_cost_class"] == "load_balancer")])
    if not theirs.any():
        return rows, []
    names, amount = sorted(set(whose[theirs])), rows.loc[theirs, "effective_cost"].sum()
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return _outside(rows, theirs), [
        f"load balancers with the names of the cluster's, where no node of it is, are outside"
        f" ({amount:,.2f}): {', '.join(names[:_NAMED])}{more}"
    ]


def _clusters(
    rows: pd.DataFrame, places: pd.Series[str], homes: set[str], cluster: str
) -> tuple[pd.DataFrame, list[str]]:
    planes = rows["in_cluster"] & (rows["resource_key"] == f"cluster/{cluster}")
    there = set(places[planes & (rows["match_method"] == BY_ARN)])
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
    return _outside(rows, theirs), [
        f"the bill has clusters named `{cluster}` in several places ({listed}): what bears the name"
        f" in {', '.join(sorted(there - homes))} ({amount:,.2f}) is outside, since no node that the"
        " metrics show is there"
    ]


def _outside(rows: pd.DataFrame, theirs: pd.Series[bool]) -> pd.DataFrame:
    blank = {name: rows[name].mask(theirs, "") for name in _NAMES}
    inside = rows["in_cluster"] & ~theirs
    return rows.assign(in_cluster=inside, x_tied_to=rows["x_tied_to"].mask(theirs), **blank)
