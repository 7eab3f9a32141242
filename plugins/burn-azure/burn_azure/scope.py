"""Which part of a bill a run is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AzureScope:
    """The subscriptions whose lines are read, and what makes a line the cluster's.

    Attributes:
        cluster: the managed cluster's name; None: only resource ids and groups match.
        subscriptions: ids in lower case; empty: all on the bill.
        node_groups: ARM ids (lower case) of resource groups that are the cluster's alone.
        group_names: names (lower case) of further such groups, in any subscription.
        cluster_tags: further tags, `key=value`.
        cluster_resources: ARM ids in lower case (`*` at the end matches any rest).
    """

    cluster: str | None = None
    subscriptions: tuple[str, ...] = ()
    node_groups: tuple[str, ...] = ()
    group_names: tuple[str, ...] = ()
    cluster_tags: tuple[str, ...] = ()
    cluster_resources: tuple[str, ...] = ()
