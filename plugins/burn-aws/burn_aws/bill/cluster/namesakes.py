"""Others of the same name: that of an EKS cluster, or a balancer, is unique in its account and region only.

Tags and log groups hold the name alone. A cluster's control plane and its nodes are in one account and
region, so where a control plane of this name is, or machines with its tag are, and none of the nodes
that the metrics show, what is tied by name is another cluster's, of EKS or not.
A balancer's hostname does not have its id: of several of its name, it is the one where the nodes are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.bills.queries.rows import BY_ID
from burn_aws.bill.cluster.match import BY_ARN, BY_LOG, BY_TAG
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 3
_NAMES = ("match_method", "resource_key", "resource_name", "sku")
"""What rows outside the cluster do not have."""


def apart(rows: pd.DataFrame, scope: AwsScope) -> tuple[pd.DataFrame, list[str]]:
    """Rows without those of namesakes, which are outside the cluster; and what is said of them.

    Args:
        rows: of a bill.
        scope: the cluster's name.
    """
    if rows.empty:
        return rows, []
    places = rows["sub_account_id"].astype("str") + "/" + rows["region_id"].astype("str")
    homes = set(places[(rows["match_method"] == BY_ID) & (rows["x_cost_class"] == "node")])
    rows, balancers = _balancers(rows, places, homes)
    rows, clusters = _clusters(rows, places, homes, scope) if scope.cluster else (rows, [])
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
    rows: pd.DataFrame, places: pd.Series[str], homes: set[str], scope: AwsScope
) -> tuple[pd.DataFrame, list[str]]:
    planes = rows["resource_key"] == f"cluster/{scope.cluster}"
    there = set(places[planes & (rows["match_method"] == BY_ARN)])
    if not scope.cluster_tags:  # who states a tag may mean machines anywhere
        machines = (rows["x_cost_class"] == "node") & rows["resource_key"].str.startswith("i-")
        there |= set(places[machines & (rows["match_method"] == BY_TAG)])
    others = {place for place in there if not any(_near(place, home) for home in homes)}
    if not others or len(there | homes) < 2:
        return rows, []
    listed = ", ".join(sorted(there | homes))
    found = f"what bears the name of cluster `{scope.cluster}` is in several places ({listed})"
    if not homes:
        return rows, [
            f"{found}, and no node that the metrics show in any of them: the costs there are added"
            " up; limit provider.aws.accounts"
        ]
    by_name = rows["match_method"].isin([BY_ARN, BY_TAG, BY_LOG])
    theirs = by_name & places.isin(others)
    amount = rows.loc[theirs, "effective_cost"].sum()
    return _outside(rows, theirs), [
        f"{found}: in {', '.join(sorted(others))} it is outside ({amount:,.2f}), as another"
        " cluster's, since no node that the metrics show is there"
    ]


def _near(place: str, home: str) -> bool:
    """Whether both are in one region: a local zone is called by its region's name and its own."""
    return place == home or place.startswith(f"{home}-") or home.startswith(f"{place}-")


def _outside(rows: pd.DataFrame, theirs: pd.Series[bool]) -> pd.DataFrame:
    blank = {name: rows[name].mask(theirs, "") for name in _NAMES}
    inside = rows["in_cluster"] & ~theirs
    return rows.assign(in_cluster=inside, x_tied_to=rows["x_tied_to"].mask(theirs), **blank)
