"""Which part of a bill a run is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GcpScope:
    """The projects whose lines are read, and what makes a line the cluster's.

    Attributes:
        cluster: value of the label `goog-k8s-cluster-name`; None: only resources match.
        location: value of `goog-k8s-cluster-location`, where two clusters share a name.
        homes: `project/region` of the observed nodes: where the labels are a cluster's of this name,
            elsewhere they are another's; empty: not known.
        projects: project ids; empty: every line of the billing account.
        ancestors: folder or organisation numbers, one of which is above the line's project.
        labels: further labels, `key=value`, that mark a resource as the cluster's.
        resources: resource keys (`*` at the end matches any rest) stated to be the cluster's.
    """

    cluster: str | None = None
    location: str = ""
    homes: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
