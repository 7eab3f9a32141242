"""Namespaces in which nothing was sent, received or computed for weeks."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Finding
from burn.api.find import PLATFORM, WEEK, WITH_NODE, FindRequest
from burn.findings.visible import could_see

WEEKS = 2
IDLE_CORES = 0.01
"""A pod that uses more on average does something, whoever it talks to."""
GIB, HOUR = 2.0**30, 3600


def namespaces(request: FindRequest) -> Iterator[Finding]:
    """Namespaces whose pods exchanged next to nothing, in no hour, while those of others did.

    The busiest hour of a single pod counts, so that what is called once a month is in use.
    Silent where a pod's own bytes were not counted in (nearly) all its hours: on the host's
    network they are the node's. What serves its node may do so without a network: device plugins, drivers.
    """
    if request.hours < WEEKS * WEEK or not could_see(request, "cpu_use", "network_use"):
        return
    rows = request.usage[request.usage["scope"] == "workload"]
    by = rows.assign(each_node=rows["workload_kind"].isin(WITH_NODE)).groupby(
        ["cluster", "namespace"]
    )
    sums = ["hours", "network", "network_measured", "cpu_used", "cpu_measured"]
    table = by[sums].sum().join(by.agg(peak=("network_peak", "max"), days=("days", "max")))
    table["each_node"] = by["each_node"].any()
    table["peak"] *= GIB / HOUR
    table["cores"] = table["cpu_used"] / table["hours"]
    most = request.thresholds.quiet_bytes
    steady = request.thresholds.steady
    others = (table["peak"] > most).groupby("cluster").transform("any")
    known = table[["network_measured", "cpu_measured"]].min(axis="columns")
    quiet = (table["peak"] <= most) & (table["cores"] <= IDLE_CORES) & ~table["each_node"]
    quiet &= (known >= steady * table["hours"]) & (table["days"] >= steady * request.hours / 24)
    quiet &= ~table.index.isin(PLATFORM, level="namespace") & others
    many = table.index.get_level_values("cluster").nunique() > 1
    for (cluster, namespace), row in table[quiet].iterrows():
        amount = float(request.namespace_costs.get((cluster, namespace), 0.0))
        yield Finding(
            title="A namespace without traffic for weeks",
            subject=f"{cluster}/{namespace}" if many else str(namespace),
            amount=amount,
            monthly=amount * request.month,
            evidence=(
                f"On {row['days']:,.0f} days {row['hours']:,.0f} pod-hours, at {row['cores']:.4f}"
                f" cores on average; no pod sent and received more than {row['peak']:,.0f} bytes a"
                f" second in any hour, {row['network'] * 1024:,.1f} MiB in all; the amount is what"
                " its pods, volumes and balancers cost"
            ),
            action=(
                "Ask its owner whether it is waiting for something; what nobody needs can be scaled"
                " to zero first, and its volumes kept"
            ),
            confidence="medium",
            bill_saving=False,
        )
