"""Machines that are billed as a whole, carried by the nodes that ran on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

COSTS = ("list_cost", "x_public_cost", "contracted_cost", "effective_cost", "billed_cost")


def carried(
    rows: pd.DataFrame, hosts: pd.Series[bool], guests: pd.Series[bool], where: Sequence[str]
) -> pd.DataFrame:
    """Each host as a part on every guest in the same place, by the guests' hours; sums are kept.

    The parts have no quantity: the guest's own line has its hours. A host without a guest is kept
    as it is, and is no node: in class `other`.

    Args:
        rows: of a bill.
        hosts: which of them are hosts of the cluster.
        guests: which are hours of its nodes on hosts.
        where: columns in which a host and its guests agree.
    """
    import pandas as pd

    place = list(where)
    named = rows[guests].groupby([*place, "resource_key"], as_index=False)
    on_hosts = named.agg(hours=("quantity", "sum"), guest=("resource_name", "first"))
    whole = rows[hosts].rename_axis("host").reset_index()
    parts = whole.drop(columns="resource_key").merge(on_hosts, on=place)
    part = parts["hours"] / parts.groupby("host")["hours"].transform("sum")
    for cost in COSTS:
        parts[cost] *= part
    first = ~parts.duplicated("host")
    parts = parts.assign(
        resource_name=parts["guest"], quantity=0.0, x_lines=parts["x_lines"].where(first, 0)
    )
    empty = rows[hosts & ~rows.index.isin(parts["host"])]
    kind = empty["x_cost_class"].replace({"node": "other"})
    kept = [rows[~hosts], parts[rows.columns], empty.assign(x_cost_class=kind, quantity=0.0)]
    return pd.concat([each for each in kept if len(each)], ignore_index=True)


def alone(
    rows: pd.DataFrame, hosts: pd.Series[bool], guests: pd.Series[bool], where: Sequence[str]
) -> int:
    """How many nodes ran on hosts where none of these is: what those hosts cost, they do not.

    Args:
        rows, hosts, guests, where: see `carried`.
    """
    place = list(where)
    beside = rows.loc[hosts, place].drop_duplicates().assign(beside=True)
    found = rows.loc[guests, [*place, "resource_key"]].merge(beside, on=place, how="left")
    return int(found.loc[found["beside"].isna(), "resource_key"].nunique())
