"""The `prometheus` metrics source: one UTC day of one cluster, in about 35 queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from burn.api import Check, CheckRequest, Coverage, Observation, ObserveRequest, Scope, Window
from burn.builtin.metrics.common import frames, gpu, node_labels
from burn.builtin.metrics.common.grid import Grid, stacked
from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.common.nodes import inventory as node_inventory
from burn.builtin.metrics.prometheus import checks, clusters, notes
from burn.builtin.metrics.prometheus.api.client import PrometheusClient
from burn.builtin.metrics.prometheus.api.fetch import Fetch
from burn.builtin.metrics.prometheus.facts import Facts, facts, with_slots
from burn.builtin.metrics.prometheus.objects.balancers import balancers_of, ingresses_of
from burn.builtin.metrics.prometheus.objects.labels import labels_of
from burn.builtin.metrics.prometheus.objects.nodes import nodes_of
from burn.builtin.metrics.prometheus.objects.pods import Pods, pods_of
from burn.builtin.metrics.prometheus.objects.requests import RequestGrids, requests_of
from burn.builtin.metrics.prometheus.objects.usage import (
    UsageGrids,
    network_hours,
    only,
    outage,
    unmeasured,
    usage_of,
    within_nodes,
)
from burn.builtin.metrics.prometheus.objects.volume_use import filled
from burn.builtin.metrics.prometheus.objects.volumes import mounts_of, volumes_of, zoned
from burn.builtin.metrics.prometheus.objects.workloads import workloads
from burn.builtin.metrics.prometheus.presence import scrapes
from burn.builtin.metrics.prometheus.queries import cadvisor, kube_state_metrics, kubelet
from burn.builtin.metrics.prometheus.queries.label_names import all_spellings
from burn.builtin.metrics.prometheus.sees import sees

if TYPE_CHECKING:
    from burn.builtin.metrics.prometheus.settings import PrometheusSettings


AUTHOR = "burn's prometheus source"


class PrometheusSource:
    """Reads kube-state-metrics and cAdvisor series through the Prometheus HTTP API."""

    def __init__(
        self, settings: PrometheusSettings, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings = settings
        self._sleep = sleep

    def check(self, request: CheckRequest) -> Iterable[Check]:
        """Reachability, kube-state-metrics, cAdvisor, clusters, in the days a run would observe.

        Without a window: in the last hour, and how far back the server remembers.
        """
        with PrometheusClient(self._settings, sleep=self._sleep) as client:
            yield from checks.checks(
                client, self._settings.cluster_label, request.scope, request.window
            )

    def observe(self, request: ObserveRequest) -> Observation:
        """See `MetricsSource.observe`."""
        with PrometheusClient(self._settings, sleep=self._sleep) as client:
            return self._observe(client, request.scope, request.window)

    def _observe(self, client: PrometheusClient, scope: Scope, day: Window) -> Observation:
        meter = Meter()
        label = self._settings.cluster_label
        found = clusters.names(client, label, day, meter)
        matcher, cluster = clusters.choose(found, label, scope)
        fetch = Fetch(client, day, matcher, meter)
        pods_seen = fetch.grid(kube_state_metrics.PODS)
        if (pods_seen.labels[["exported_namespace", "exported_pod"]] != "").any(axis=None):
            fetch.exported = True
            pods_seen = fetch.grid(kube_state_metrics.PODS)
        nodes_seen = fetch.grid(kube_state_metrics.NODES)
        if len(nodes_seen.labels) == 0:
            return notes.nothing(fetch)
        clocks = scrapes.learn(fetch, nodes_seen, pods_seen)
        resources = gpu.pattern(self._settings.gpu_resources)
        wanted = tuple(dict.fromkeys([*node_labels.KEYS, *scope.node_label_keys]))
        nodes = nodes_of(
            nodes_seen,
            fetch.grid(kube_state_metrics.node_labels(all_spellings("label", wanted))),
            fetch.grid(kube_state_metrics.node_sizes(resources)),
            clocks,
            scope.node_label_keys,
        )
        everyone = pods_of(pods_seen, fetch.grid(kube_state_metrics.ENDED), clocks)
        pods, node_rows = within_nodes(everyone, nodes)
        asked = _requests(fetch, resources)
        requests = requests_of(asked, pods, nodes)
        used = _used(fetch, clocks, pods)
        missed = outage(pods, node_rows, used)
        usage = usage_of(pods, node_rows, nodes, requests, used, day)
        claims = fetch.grid(kube_state_metrics.CLAIMS)
        disks = fetch.grid(kube_state_metrics.VOLUMES)
        volumes = volumes_of(
            disks,
            fetch.grid(kube_state_metrics.VOLUME_SIZES),
            claims,
            fetch.grid(kube_state_metrics.CLAIM_REFS),
            clocks,
        )
        mounted = fetch.grid(kube_state_metrics.MOUNTS)
        mounts = mounts_of(mounted, claims, volumes, pods)
        ingresses = fetch.grid(kube_state_metrics.INGRESSES)
        addresses = fetch.grid(kube_state_metrics.BALANCERS)
        balancers, balanced = balancers_of(addresses, clocks)
        owners = workloads(
            pods.about,
            fetch.grid(kube_state_metrics.REPLICASET_OWNERS),
            fetch.grid(kube_state_metrics.JOB_OWNERS),
        )
        said, spaces = labels_of(fetch, pods, scope.label_keys)
        day_frames = frames.Day(day, cluster, AUTHOR)
        machines = node_inventory(nodes, frames.sole_pods(usage))
        if self._settings.facts:
            machines = with_slots(machines, fetch.grid(kube_state_metrics.POD_SLOTS))
            volumes = filled(fetch.grid(kubelet.FILLED), claims, mounts, volumes, pods)
        inventory, presence = day_frames.assets(
            [
                (machines, nodes.presence),
                (zoned(volumes.inventory, mounts, pods, nodes), volumes.presence),
                (balancers, balanced),
                ingresses_of(ingresses, clocks),
            ],
            spaces,
        )
        day_seen = notes.Seen(
            clocks, nodes, everyone, pods, asked.containers, used, said, fetch.overwritten, missed
        )
        counted = pods.about.assign(network_hours=network_hours(pods, used))
        who = day_frames.pods(counted, owners, said)
        more = Facts()
        if self._settings.facts:
            bound = bool(len(mounted.labels) and len(disks.labels))
            step = rate_seconds(clocks)
            more = facts(fetch, pods, who, cluster, step, claims=bound)
        gaps = clocks.gaps()
        kinds = {"volumes": disks, "claims": claims, "mounts": mounted, "ingresses": ingresses}
        services = addresses if len(addresses.labels) else fetch.grid(kube_state_metrics.SERVICES)
        kinds |= {"services": services, "requests": asked.containers}
        return Observation(
            inventory=inventory,
            presence=presence,
            pods=who,
            usage=day_frames.usage(usage),
            mounts=day_frames.mounts(mounts),
            containers=day_frames.containers(more.containers),
            workloads=day_frames.workloads(more.workloads),
            coverage=Coverage(
                hours_missing=sum((b - a).total_seconds() for a, b in gaps) / 3600,
                gaps=gaps,
                queries=meter.queries,
                samples=meter.samples,
                bytes_read=meter.bytes_read,
                sees={**sees(kinds, used, nodes, missed), **more.sees},
                notes=(*notes.notes(day_seen, scope), *more.notes),
            ),
        )


def _requests(fetch: Fetch, resources: str) -> RequestGrids:
    return RequestGrids(
        containers=fetch.grid(kube_state_metrics.requests(resources)),
        init=fetch.grid(kube_state_metrics.init_requests(resources)),
        sidecars=fetch.grid(kube_state_metrics.SIDECARS),
        above=fetch.grid(kube_state_metrics.OVERHEAD),
    )


def _used(fetch: Fetch, clocks: scrapes.Clocks, pods: Pods) -> UsageGrids:
    """By container; pods whose containers are not named are asked for by their own cgroup."""
    by_container = _measured(fetch, clocks, cadvisor.CONTAINERS)
    silent = unmeasured(pods, by_container["cpu"])
    if silent.any():
        whole = _measured(fetch, clocks, cadvisor.pods_named(pods.about["pod"][silent].unique()))
        for name, grid in whole.items():
            by_container[name] = stacked([by_container[name], only(silent, pods, grid)])
    return UsageGrids(network=fetch.grid(cadvisor.NETWORK), **by_container)


def rate_seconds(clocks: scrapes.Clocks) -> int:
    """A rate needs samples: four scrapes at least, five minutes at least."""
    return max(300, int(-(-4 * clocks.interval // 60) * 60))


def _measured(fetch: Fetch, clocks: scrapes.Clocks, by: cadvisor.Cgroups) -> dict[str, Grid]:
    step = rate_seconds(clocks)
    return {
        "cpu": fetch.increases(by.cpu(), clocks.pieces()),
        "cpu_p95": fetch.grid(by.cpu_p95(step)),
        "memory": fetch.grid(by.memory()),
        "memory_p95": fetch.grid(by.memory_p95(step)),
        "memory_max": fetch.grid(by.memory_max()),
    }
