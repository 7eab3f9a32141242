"""The grain of a report: workloads, or each pod for itself."""

from __future__ import annotations

from dataclasses import replace

from burn.api import AllocationFrame, Observation, schemas

SLASH = "/"
"""Between a workload and its pod; no name in Kubernetes has one."""


def each_pod(seen: Observation) -> Observation:
    """The same window, where every pod is a workload `WORKLOAD/POD`.

    Every policy then hands cost to pods, with the shares that it gives their workloads in sum.
    """
    names = seen.pods["workload"].astype("str") + SLASH + seen.pods["pod"].astype("str")
    pods = seen.pods.assign(workload=names)
    return replace(seen, pods=schemas.PODS.validate(pods, author="burn"))


def each_workload(rows: AllocationFrame) -> AllocationFrame:
    """The allocation under the names of the workloads again, for whoever looks for those."""
    workload = rows["workload"].astype("str").str.partition(SLASH)[0].astype("category")
    return AllocationFrame(rows.assign(workload=workload))
