"""What burn asks of kube-state-metrics; `cadvisor` has the rest. One query per fact and day, joined locally.

Each is evaluated at hour ends with `offset 1ms`, over one hour: [h, h+1h) both where ranges are
closed (Prometheus 2) and where they are open on the left (Prometheus 3, VictoriaMetrics), and
on times that are multiples of the step, which Thanos' query frontend would round to anyway.

Metric and label names: kube-state-metrics docs/metrics (v2, and v1 where marked), cAdvisor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

EXPORTED = ("namespace", "pod", "node", "container", "service")
"""Labels of kube-state-metrics that a scrape without `honor_labels` takes for the target's own.

Prometheus keeps what the series said as `exported_NAME` (its documentation, `honor_labels`).
"""
R = "[$range] offset 1ms"
POD = ("namespace", "pod", "uid")


@dataclass(frozen=True, slots=True)
class Query:
    """A PromQL template: `$cluster` stands for the matcher, `$range` for the length of time."""

    name: str
    labels: tuple[str, ...]
    template: str
    grain: Literal["hour", "day"] = "hour"

    def text(self, matcher: str, length: str, *, exported: bool = False) -> str:
        """The PromQL to send.

        Args:
            matcher: selects the cluster.
            length: of the range.
            exported: keep the labels of EXPORTED apart too.
        """
        text = self.template.replace("$cluster", matcher).replace("$range", length)
        if not exported:
            return text
        more = [f"exported_{name}" for name in EXPORTED]
        added = "".join(f"{name}," for name in more if name not in self.labels)
        return text.replace("by (", f"by ({added}")


def count(
    metric: str, labels: Iterable[str], where: str = "", grain: Literal["hour", "day"] = "hour"
) -> Query:
    """How many samples each combination of labels has."""
    names = tuple(labels)
    text = f"sum by ({','.join(names)}) (count_over_time({metric}{{$cluster {where}}}{R}))"
    return Query(metric, names, text, grain)


def named(label: str, value: str, text: str) -> str:
    """A vector with one more label."""
    return f'label_replace({text},"{label}","{value}","","")'


def _average(by: str, metric: str, where: str = "") -> str:
    return f"max by ({by}) (avg_over_time({metric}{{$cluster {where}}}{R}))"


NODES = count("kube_node_info", ("node", "provider_id", "job"))
PODS = count(
    "kube_pod_info",
    (
        *(*POD, "node", "created_by_kind", "created_by_name", "host_network", "priority_class"),
        "job",
        *("exported_namespace", "exported_pod"),
    ),
    'node!=""',
)
ENDED = Query(
    "kube_pod_status_phase",
    (*POD, "job"),
    "sum by (namespace,pod,uid,job) (sum_over_time("
    f'kube_pod_status_phase{{$cluster phase=~"Succeeded|Failed"}}{R})) > 0',
)
REPLICASET_OWNERS = count(
    "kube_replicaset_owner",
    ("namespace", "replicaset", "owner_kind", "owner_name"),
    'owner_name!="",owner_name!="<none>"',
    "day",
)
JOB_OWNERS = count(
    "kube_job_owner",
    ("namespace", "job_name", "owner_kind", "owner_name"),
    'owner_name!="",owner_name!="<none>"',
    "day",
)
MOUNTS = count(
    "kube_pod_spec_volumes_persistentvolumeclaims_info",
    (*POD, "persistentvolumeclaim"),
    grain="day",
)
CLAIMS = count(
    "kube_persistentvolumeclaim_info",
    ("namespace", "persistentvolumeclaim", "volumename"),
    'volumename!=""',
)
CLAIM_REFS = count(
    "kube_persistentvolume_claim_ref", ("persistentvolume", "claim_namespace", "name"), grain="day"
)
# Volumes on a node's own disk are paid with the node; an NFS volume's size is only nominal.
VOLUMES = count(
    "kube_persistentvolume_info",
    (
        "persistentvolume",
        "storageclass",
        "csi_driver",
        "csi_volume_handle",
        "ebs_volume_id",
        "gce_persistent_disk_name",
        "azure_disk_name",
        "job",
    ),
    'host_path="",local_path="",nfs_server=""',
)
VOLUME_SIZES = Query(
    "kube_persistentvolume_capacity_bytes",
    ("persistentvolume",),
    _average("persistentvolume", "kube_persistentvolume_capacity_bytes"),
)
BALANCERS = count(
    "kube_service_status_load_balancer_ingress", ("namespace", "service", "ip", "hostname", "job")
)
SERVICES = Query(
    "kube_service_info",
    (),
    f"count(last_over_time(kube_service_info{{$cluster}}{R}))",
    "day",
)
INGRESSES = count("kube_ingress_info", ("namespace", "ingress", "job"))
CLUSTER_RANGE = "last_over_time(kube_node_info{}[$range] offset 1ms)"


def cluster_names(label: str) -> Query:
    """Which clusters share this Prometheus."""
    return Query("clusters", (label,), f"count by ({label}) ({CLUSTER_RANGE})", "day")


def scrape_times(metric: str, label: str, values: Iterable[str]) -> Query:
    """Raw samples of a few series: when kube-state-metrics was scraped."""
    names = "|".join(escaped(value) for value in values)
    return Query(metric, (), f'{metric}{{$cluster {label}=~"{names}"}}[$range]', "day")


def node_labels(labels: Iterable[str]) -> Query:
    """Node labels, as kube-state-metrics was told to show them."""
    return count("kube_node_labels", ("node", *labels))


def node_sizes(resources: str) -> Query:
    """Capacity and allocatable, v2 names and v1 names."""
    parts = []
    for kind in ("capacity", "allocatable"):
        parts.append(
            named(
                "kind",
                kind,
                _average("node,resource", f"kube_node_status_{kind}", f'resource=~"{resources}"'),
            )
        )
        for resource, unit in (("cpu", "cores"), ("memory", "bytes")):
            old = _average("node", f"kube_node_status_{kind}_{resource}_{unit}")
            parts.append(named("kind", kind, named("resource", resource, old)))
    return Query("kube_node_status_capacity", ("node", "resource", "kind"), " or ".join(parts))


def _pod_slots() -> Query:
    """How many pods a node takes, v2 and v1 names."""
    new = _average("node", "kube_node_status_allocatable", 'resource="pods"')
    old = _average("node", "kube_node_status_allocatable_pods")
    return Query("kube_node_status_allocatable (pods)", ("node",), f"{new} or {old}", "day")


POD_SLOTS = _pod_slots()


def requests(resources: str) -> Query:
    """Pod totals of the containers' requests; the larger where two exporters show a container."""
    new = _average(
        "namespace,pod,uid,container,resource",
        "kube_pod_container_resource_requests",
        f'resource=~"{resources}"',
    )
    parts = [new]
    for resource, unit in (("cpu", "cores"), ("memory", "bytes")):
        old = f"kube_pod_container_resource_requests_{resource}_{unit}"
        parts.append(named("resource", resource, _average("namespace,pod,uid,container", old)))
    return Query(
        "kube_pod_container_resource_requests",
        (*POD, "resource"),
        f"sum by (namespace,pod,uid,resource) ({' or '.join(parts)})",
    )


def init_requests(resources: str) -> Query:
    """Requests of init containers, one by one."""
    by = "namespace,pod,uid,container,resource"
    metric = "kube_pod_init_container_resource_requests"
    return Query(metric, tuple(by.split(",")), _average(by, metric, f'resource=~"{resources}"'))


SIDECARS = count(
    "kube_pod_init_container_info", (*POD, "container"), 'restart_policy="Always"', "day"
)
# The scheduler tells what it holds for a pod in one figure, pod-level requests included
# (Kubernetes metrics reference, kube_pod_resource_request). It knows no uid. Where its labels
# were overwritten it would speak of the scheduler's own pod.
OVERHEAD = Query(
    "kube_pod_overhead",
    (*POD, "resource", "kind"),
    " or ".join(
        [
            *(
                named(
                    "kind",
                    "overhead",
                    named(
                        "resource",
                        resource,
                        _average("namespace,pod,uid", f"kube_pod_overhead_{resource}_{unit}"),
                    ),
                )
                for resource, unit in (("cpu", "cores"), ("memory", "bytes"))
            ),
            named(
                "kind",
                "scheduler",
                _average(
                    "namespace,pod,uid,resource",
                    "kube_pod_resource_request",
                    'node!="",exported_pod="",resource=~"cpu|memory"',
                ),
            ),
        ]
    ),
)


def labels(metric: str, entity: Iterable[str], names: Iterable[str]) -> Query:
    """Kubernetes labels or annotations of pods or namespaces, over the day."""
    return count(metric, (*entity, *names), grain="day")


def escaped(value: str) -> str:
    """A literal inside a PromQL regular expression string."""
    import re

    return re.escape(value).replace("\\", "\\\\").replace('"', '\\"')
