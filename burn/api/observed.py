"""The frames of one observed day: what a metrics source returns."""

from __future__ import annotations

from burn.api.frames import InventoryFrame, MountsFrame, PodsFrame, PresenceFrame, UsageFrame
from burn.api.schema import Column, Schema
from burn.api.vocabulary import ASSET_KINDS, CAPACITY_TYPES

_REQUESTED = {"cpu": "core-hours", "memory": "GiB-hours", "gpu": "device-hours"}

INVENTORY: Schema[InventoryFrame] = Schema(
    "inventory",
    key=("asset_id", "day"),
    about="Assets a metrics source saw, one row per asset and UTC day.",
    columns=(
        Column(
            "asset_id",
            "string",
            doc="`kind/` and the provider id, else the Kubernetes name; unique over clusters",
        ),
        Column("day", "timestamp", doc="UTC midnight"),
        Column("kind", "string", one_of=ASSET_KINDS),
        Column("cluster", "string", doc="empty when the source knows one cluster only"),
        Column("name", "string", doc="Kubernetes name: node, PersistentVolume or Service/Ingress"),
        Column(
            "provider_id",
            "string",
            doc="as Kubernetes has it: node providerID, volume handle, balancer hostname or IP; may be"
            " empty. An Ingress whose address is not shown has none: its balancer is found on the bill",
        ),
        Column("region", "string", focus="RegionId"),
        Column("zone", "string", focus="AvailabilityZone"),
        Column(
            "instance_type",
            "string",
            doc="nodes: well-known label; volumes: storage class; balancers: empty",
        ),
        Column(
            "capacity_type", "string", one_of=CAPACITY_TYPES, doc="nodes only; empty when unknown"
        ),
        Column("os", "string", doc="nodes: linux or windows; empty when unknown"),
        Column("arch", "string", doc="nodes: amd64 or arm64; empty when unknown"),
        Column("cpu_cores", "float", unit="cores", doc="node capacity"),
        Column("cpu_allocatable", "float", unit="cores"),
        Column("memory_gib", "float", unit="GiB", doc="node capacity"),
        Column("memory_allocatable", "float", unit="GiB"),
        Column(
            "gpu_count", "float", unit="devices", doc="physical devices, not time-sliced replicas"
        ),
        Column(
            "storage_gib",
            "float",
            unit="GiB",
            doc="volumes: capacity, averaged over the hours present",
        ),
        Column(
            "hours",
            "float",
            unit="hours",
            doc="observed hours on this day, integrated over scrapes; a balancer that several"
            " Services or Ingresses share is an asset of each, with an even part of its hours",
        ),
        Column(
            "namespace",
            "string",
            doc="volumes: namespace of the claim; balancers: of the Service; nodes: empty",
        ),
        Column(
            "owner_name",
            "string",
            doc="volumes: claim name; balancers: name of Service, Ingress or Gateway; nodes: node pool if known",
        ),
        Column(
            "pod_uid",
            "string",
            doc="nodes: uid of the only pod seen on it this day (serverless nodes are billed by pod), else empty",
        ),
        Column(
            "owner_kind",
            "string",
            null=True,
            optional=True,
            doc="balancers: Service, Ingress or Gateway; null is a Service",
        ),
        Column(
            "labels",
            "string",
            null=True,
            optional=True,
            doc="volumes and balancers: JSON object of their namespace's labels, keys sorted, only"
            " Scope.label_keys; nodes: of their own, only Scope.node_label_keys; null when it has none",
        ),
        Column(
            "x_pods",
            "float",
            unit="pods",
            null=True,
            optional=True,
            doc="nodes: how many pods it takes, as the kubelet says",
        ),
        Column(
            "x_zones",
            "string",
            null=True,
            optional=True,
            doc="volumes: JSON list of the zones whose nodes can mount it; `[]` is any; null is unknown."
            " `zone` is the only one",
        ),
        Column(
            "x_used_gib",
            "float",
            unit="GiB",
            null=True,
            optional=True,
            doc="volumes: the most that its file system held on this day; null unless that was"
            " measured in every hour in which a pod mounted it",
        ),
        *(
            Column(
                f"{name}_requested",
                "float",
                unit=unit,
                null=True,
                optional=True,
                doc="nodes: what pods outside `free_namespaces` asked for; a source leaves it out,"
                " burn sums it up for providers that bill pods",
            )
            for name, unit in _REQUESTED.items()
        ),
    ),
)

PRESENCE: Schema[PresenceFrame] = Schema(
    "presence",
    key=("asset_id", "hour"),
    about="How much of each hour each asset was there.",
    columns=(
        Column("asset_id", "string"),
        Column("hour", "timestamp", doc="start of the hour"),
        Column("hours", "float", unit="hours", doc="0 to 1"),
    ),
)

PODS: Schema[PodsFrame] = Schema(
    "pods",
    key=("pod_uid", "day"),
    about="Who each pod is, one row per pod uid and UTC day.",
    columns=(
        Column("pod_uid", "string"),
        Column("day", "timestamp"),
        Column("cluster", "string"),
        Column("namespace", "string"),
        Column("pod", "string"),
        Column(
            "workload_kind",
            "string",
            doc="Deployment, StatefulSet, DaemonSet, CronJob, Job, …; Pod when it has no owner",
        ),
        Column("workload", "string"),
        Column(
            "labels",
            "string",
            doc="JSON object, keys sorted; only Scope.label_keys; pod labels win over namespace labels",
        ),
        Column(
            "x_network_hours",
            "float",
            unit="hours",
            null=True,
            optional=True,
            doc="of this day in which its own bytes were counted; 0 on the host's network, whose"
            " bytes are the node's; null when unknown",
        ),
    ),
)

USAGE: Schema[UsageFrame] = Schema(
    "usage",
    key=("pod_uid", "asset_id", "hour"),
    about="What each pod asked for and used, one row per pod, node and hour.",
    columns=(
        Column("pod_uid", "string"),
        Column("asset_id", "string", doc="the node"),
        Column("hour", "timestamp"),
        Column("hours", "float", unit="hours", doc="presence, 0 to 1"),
        Column("cpu_request", "float", unit="core-hours"),
        Column("cpu_used", "float", unit="core-hours"),
        Column("cpu_p95", "float", unit="cores", null=True, doc="95th percentile within the hour"),
        Column("memory_request", "float", unit="GiB-hours"),
        Column("memory_used", "float", unit="GiB-hours"),
        Column("memory_p95", "float", unit="GiB", null=True),
        Column("memory_max", "float", unit="GiB", null=True),
        Column(
            "gpu_request", "float", unit="device-hours", doc="fractions for time slices and MIG"
        ),
        Column("network_receive", "float", unit="GiB"),
        Column("network_transmit", "float", unit="GiB"),
    ),
)

MOUNTS: Schema[MountsFrame] = Schema(
    "mounts",
    key=("pod_uid", "asset_id", "day"),
    about="Which pod mounted which volume.",
    columns=(
        Column("pod_uid", "string"),
        Column("asset_id", "string", doc="the volume"),
        Column("day", "timestamp"),
    ),
)
