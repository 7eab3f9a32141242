"""What a reader must know about a day: what was not there to be seen, and how to see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from burn.api import Coverage, ForgottenError, Observation, Scope, Window, schemas
from burn.builtin.metrics.prometheus.objects.usage import unmeasured
from burn.builtin.metrics.prometheus.queries import kube_state_metrics

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Grid
    from burn.builtin.metrics.common.nodes import Nodes
    from burn.builtin.metrics.prometheus.api.fetch import Fetch
    from burn.builtin.metrics.prometheus.objects.pods import Pods
    from burn.builtin.metrics.prometheus.objects.usage import Outage, UsageGrids
    from burn.builtin.metrics.prometheus.presence.scrapes import Clocks

COLLECT = (
    "keep history with `burn collect --out DIR` once a day, and read it with source `snapshot`"
)
LOOK_BACK = timedelta(days=60)
"""How long an outage may be before a day without nodes is taken for one that is forgotten."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a day was seen.

    Attributes:
        clocks: what was watched, and by whom.
        nodes: the day's nodes.
        everyone: all pods seen.
        pods: those on a node of the inventory.
        requested: the containers' requests.
        used: what cAdvisor measured.
        labels: the pods' labels as JSON.
        overwritten: labels that were read from their `exported_` copies.
        missed: what cAdvisor did not show of pods that it shows at other times.
    """

    clocks: Clocks
    nodes: Nodes
    everyone: Pods
    pods: Pods
    requested: Grid
    used: UsageGrids
    labels: pd.Series[str]
    overwritten: set[str]
    missed: Outage | None


def notes(seen: Seen, scope: Scope) -> Iterator[str]:
    """Sentences for `Coverage.notes`.

    Args:
        seen: the day.
        scope: whose label keys were wanted.
    """
    clocks, nodes, everyone, pods = seen.clocks, seen.nodes, seen.everyone, seen.pods
    for start, end in clocks.gaps()[:1]:
        if start == clocks.window.start and end - start > timedelta(hours=1):
            yield (
                f"Prometheus has nothing before {end:%Y-%m-%dT%H:%M}Z on this day; if that is its"
                f" retention, {COLLECT}"
            )
    for job, hours in sorted(clocks.blind().items()):
        yield f"what scrape job `{job}` alone shows is missing for {hours:.2f} hours"
    if (nodes.about["instance_type"] == "").all():
        yield (
            "no node labels: instance type, region, zone and spot are unknown; start"
            " kube-state-metrics with --metric-labels-allowlist=nodes=[*]"
        )
    if seen.overwritten:
        names = ", ".join(f"`{name}`" for name in sorted(seen.overwritten))
        yield (
            f"kube-state-metrics' labels {names} were overwritten on scraping and are read from"
            " their `exported_` copies; set `honor_labels: true` on its scrape job"
        )
    if len(everyone.about) == 0:
        yield (
            "no kube_pod_info: no pod was seen, so that all cost of nodes is idle; let"
            " kube-state-metrics show pods (--resources) and do not drop kube_pod_info"
        )
    yield from _unmeasured(seen)
    if reused := nodes.passed_on():
        yield (
            f"{len(reused)} node names passed from one machine to another within an hour"
            f" ({', '.join(reused[:3])}{', …' if len(reused) > 3 else ''}): pods of such an hour are"
            " counted on the machine that was there longer"
        )
    homeless = int((~everyone.about["node"].isin(nodes.about["node"])).sum())
    if homeless:
        yield f"{homeless} pods are on nodes without kube_node_info and are left out"
    if scope.label_keys and len(pods.about) and (seen.labels == "{}").all():
        yield (
            f"no pod or namespace has {', '.join(scope.label_keys)}; name them in"
            " kube-state-metrics' --metric-labels-allowlist=pods=[…],namespaces=[…]"
        )


def _unmeasured(seen: Seen) -> Iterator[str]:
    """What pods used or asked for and nobody shows."""
    pods = seen.pods
    if len(pods.about) == 0:
        return
    if len(seen.used.cpu.labels) == 0:
        yield "no cAdvisor series: CPU and memory used are 0, costs follow requests only"
    elif silent := int(unmeasured(pods, seen.used.cpu).sum()):
        yield (
            f"{silent} pods have no cAdvisor series of their own: CPU and memory they used are 0,"
            " their cost follows requests"
        )
    if missed := seen.missed:
        since = seen.clocks.window.start + timedelta(hours=missed.first)
        yield (
            f"cAdvisor shows nothing of {missed.nodes} nodes' pods for {missed.hours:,.0f} pod-hours"
            f" ({missed.share:.0%} of all), the first in the hour of {since:%Y-%m-%dT%H:%M}Z: CPU and"
            " memory used then are 0; was the kubelet's scrape down?"
        )
    if len(seen.requested.labels) == 0:
        yield (
            "no kube_pod_container_resource_requests: requests are 0, costs follow use only; do not"
            " drop that metric"
        )
    elif (seen.requested.labels["uid"] == "").all():
        yield (
            "requests are shown as kube-state-metrics v1 shows them: what init containers, sidecars"
            " and a pod's overhead ask for is missing; upgrade to v2"
        )


def nothing(fetch: Fetch) -> Observation:
    """A day without a single node: an outage if there is older data, else an error.

    Raises:
        ForgottenError: Prometheus has forgotten the day, or never saw kube-state-metrics.
    """
    window = fetch.window
    older = Window(window.start - LOOK_BACK, window.start)
    result = fetch.client.ask(
        "query",
        {
            "query": f"count(count_over_time(kube_node_info{{{fetch.matcher}}}[{older.hours}h]))",
            "time": str(int(older.end.timestamp())),
        },
        what=f"`kube_node_info` before {window}",
        meter=fetch.meter,
    )
    if not result:
        raise ForgottenError(
            f"Prometheus at {fetch.client.url} has no {kube_state_metrics.NODES.name} on {window} nor before",
            hint=f"its retention is shorter than the window, or kube-state-metrics is not scraped; {COLLECT}",
        )
    return Observation(
        inventory=schemas.INVENTORY.empty(),
        presence=schemas.PRESENCE.empty(),
        pods=schemas.PODS.empty(),
        usage=schemas.USAGE.empty(),
        mounts=schemas.MOUNTS.empty(),
        coverage=Coverage(
            hours_missing=float(window.hours),
            gaps=((window.start, window.end),),
            queries=fetch.meter.queries,
            samples=fetch.meter.samples,
            bytes_read=fetch.meter.bytes_read,
            notes=(f"Prometheus saw no node on {window}",),
        ),
    )
