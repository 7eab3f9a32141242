"""Which part of a bill a run is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AwsScope:
    """The accounts whose lines are read, and what makes a line the cluster's.

    Attributes:
        cluster: the cluster's name in tags and in its EKS ARN; None: only resource ids match.
        accounts: usage accounts; empty: all accounts on the bill.
        cluster_tags: further tags, `key=value`, that mark a resource as the cluster's.
        cluster_resources: resource keys (`*` at the end matches any rest) that the user states
            are the cluster's, e.g. a NAT gateway or `log-group:/aws/eks/prod/*`.
    """

    cluster: str | None = None
    accounts: tuple[str, ...] = ()
    cluster_tags: tuple[str, ...] = ()
    cluster_resources: tuple[str, ...] = ()
