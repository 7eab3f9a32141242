"""Frames of what advice needs: what containers use and ask for, and how workloads are run.

A source gives the first two where it can. Null is unknown, never nothing: what rests on it is not said.
"""

from __future__ import annotations

from burn.api.frames import ContainersFrame, PlanFrame, SizesFrame, SpotFrame, WorkloadsFrame
from burn.api.schema import Column, Schema

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "max": 1.0}
"""Of a day's samples: names as they end a column's."""

_RESOURCES = {"cpu": "cores", "memory": "GiB"}

CONTAINERS: Schema[ContainersFrame] = Schema(
    "containers",
    key=("pod_uid", "container", "day"),
    about="What each container asked for and used, one row per pod, container and UTC day. Optional: a source that cannot tell leaves the frame out.",
    columns=(
        Column("pod_uid", "string"),
        Column("container", "string", doc="no init containers"),
        Column("day", "timestamp"),
        Column("hours", "float", unit="hours", null=True, doc="measured, without the start-up"),
        *(
            Column(
                f"{resource}_{what}",
                "float",
                unit=unit,
                null=True,
                doc=f"last seen on the day; {none}",
            )
            for resource, unit in _RESOURCES.items()
            for what, none in (("request", "0 is none"), ("limit", "null also when there is none"))
        ),
        *(
            Column(f"{resource}_{name}", "float", unit=unit, null=True, doc=doc)
            for resource, unit, doc in (
                ("cpu", "cores", "of rates over some minutes, after the start-up"),
                ("memory", "GiB", "of all samples of the working set"),
            )
            for name in QUANTILES
        ),
        Column("cpu_start", "float", unit="cores", null=True, doc="highest rate in the start-up"),
        Column("memory_start", "float", unit="GiB", null=True, doc="highest in the start-up"),
        Column("throttled", "float", unit="ratio", null=True, doc="of CFS periods"),
        Column("oom_kills", "float", unit="kills", null=True),
        Column("restarts", "float", unit="restarts", null=True),
        Column("runtime", "string", doc="jvm or go where its metrics are scraped; else empty"),
        Column("heap_limit", "float", unit="GiB", null=True, doc="-Xmx, or GOMEMLIMIT"),
    ),
)

SPEC = (
    "priority",
    "node_selector",
    "affinity",
    "tolerations",
    "spread",
    "local_volumes",
)
FACTS = ("autoscalers", "budgets", "claims", "strategy", *SPEC)
"""What `x_known` of a workload may name; of `SPEC`, `spec_known` says all at once."""

WORKLOADS: Schema[WorkloadsFrame] = Schema(
    "workloads",
    key=("cluster", "namespace", "workload_kind", "workload", "day"),
    about="How workloads are run, one row per workload and UTC day. Optional: a source that cannot tell leaves the frame out.",
    columns=(
        Column("cluster", "string"),
        Column("namespace", "string"),
        Column("workload_kind", "string"),
        Column("workload", "string"),
        Column("day", "timestamp"),
        Column("replicas", "float", unit="pods", null=True, doc="wanted, last seen on the day"),
        Column("hpa_min", "float", unit="pods", null=True, doc="null: no autoscaler was seen"),
        Column("hpa_max", "float", unit="pods", null=True),
        Column(
            "hpa_cpu_target", "float", unit="ratio", null=True, doc="use ÷ request that it aims at"
        ),
        Column("hpa_memory_target", "float", unit="ratio", null=True),
        Column(
            "disruptions_allowed",
            "float",
            unit="pods",
            null=True,
            doc="by the disruption budget that selects its pods; null: none, or not known",
        ),
        Column(
            "spec_known",
            "bool",
            doc="whether all of `priority_class` to `local_volumes` was read; else what is empty is unknown",
        ),
        Column("strategy", "string", doc="RollingUpdate, Recreate, OnDelete"),
        Column("priority_class", "string"),
        Column("node_selector", "string", doc="JSON object"),
        Column("affinity", "string", doc="JSON object of the pod template's `affinity`"),
        Column("tolerations", "string", doc="JSON list"),
        Column("spread", "string", doc="JSON list of topology spread constraints"),
        Column(
            "local_volumes",
            "string",
            doc="JSON list of `emptyDir`, `memory`, `hostPath`, and `local`: a claim of a disk of its node",
        ),
        Column(
            "x_known",
            "string",
            null=True,
            optional=True,
            doc="JSON list of what could be seen of it, there or not: "
            + ", ".join(f"`{fact}`" for fact in FACTS)
            + "; null or empty of these is none, of others unknown",
        ),
        Column("x_priority", "float", null=True, optional=True, doc="its pods' priority"),
        Column(
            "x_start_seconds",
            "float",
            unit="seconds",
            null=True,
            optional=True,
            doc="from bound to a node to ready: median of its pods that told",
        ),
        Column(
            "x_stop_seconds",
            "float",
            unit="seconds",
            null=True,
            optional=True,
            doc="grace period: how long its pods may take to stop",
        ),
    ),
)

_ADVICE = {"request": "advised", "limit": "advised; null leaves it as it is"}

SIZES: Schema[SizesFrame] = Schema(
    "sizes",
    key=("preset", "cluster", "namespace", "workload_kind", "workload", "container"),
    about="What containers should ask for: one row per rule, workload and container that was judged. In a report where the metrics source gives `containers`.",
    columns=(
        Column("preset", "string", doc="the rule: burn, or what krr, vpa or kubecost would say"),
        Column("cluster", "string"),
        Column("namespace", "string"),
        Column("workload_kind", "string"),
        Column("workload", "string"),
        Column("container", "string"),
        Column("days", "int", unit="days", doc="with measurements, of those that were judged"),
        Column("replicas", "float", unit="pods", doc="on average of the days judged"),
        *(
            Column(f"{resource}_{what}", "float", unit=unit, null=True, doc="as it is")
            for resource, unit in _RESOURCES.items()
            for what in ("request", "limit")
        ),
        *(
            Column(f"{resource}_{what}_new", "float", unit=unit, null=True, doc=doc)
            for resource, unit in _RESOURCES.items()
            for what, doc in _ADVICE.items()
        ),
        Column(
            "hpa_cpu_target_new",
            "float",
            unit="ratio",
            null=True,
            doc="to set with the request, so that the autoscaler acts at the same use",
        ),
        Column("why", "string", doc="what the advice rests on"),
    ),
)

STEPS = ("right-size", "nodes", "types", "spot", "commit")
"""Of a plan, in the order in which they are taken."""

PLAN: Schema[PlanFrame] = Schema(
    "plan",
    key=("step", "subject"),
    about="What the cluster could save a month, in steps that begin where the one before ends: each column adds up, and they are never added to each other.",
    columns=(
        Column("step", "string", one_of=STEPS),
        Column("subject", "string", doc="workload, node, pool (of spot: and family) or `nodes`"),
        Column("why", "string"),
        Column("idle", "float", unit="currency", doc="no money: what the step frees on nodes"),
        Column(
            "now",
            "float",
            unit="currency",
            null=True,
            doc="leaves the bill when the step is taken; null: nobody knows how much",
        ),
        Column(
            "later",
            "float",
            unit="currency",
            doc="stays on the bill as unused commitment until the commitment ends",
        ),
        Column(
            "x_nodes",
            "float",
            unit="nodes",
            null=True,
            optional=True,
            doc="that go, give way or become spot nodes",
        ),
        Column(
            "x_to",
            "string",
            null=True,
            optional=True,
            doc="what takes their place: number and type",
        ),
        Column(
            "x_needs",
            "string",
            null=True,
            optional=True,
            doc="what must be bought first, and binds; null: nothing",
        ),
        Column(
            "x_listed",
            "float",
            unit="currency",
            null=True,
            optional=True,
            doc="of spot whose price is not on the bill: what a price list's would save; in no sum",
        ),
    ),
)

VERDICTS = ("ready", "not ready", "unknown", "with its node", "")
"""On whether a workload may run on spot nodes; empty of what is no workload."""

SPOT: Schema[SpotFrame] = Schema(
    "spot",
    key=("scope", "subject"),
    about="What may run on spot nodes and what spot was paid: a row per workload and family of machines. The step `spot` of a plan rests on it.",
    columns=(
        Column("scope", "string", one_of=("workload", "family")),
        Column("subject", "string", doc="cluster/namespace/kind/name of a workload, or family"),
        Column("name", "string", doc="what a person calls it"),
        Column("verdict", "string", one_of=VERDICTS, doc="of a workload; never ready by silence"),
        Column("pro", "string", doc="what speaks for it"),
        Column("against", "string"),
        Column("unknown", "string", doc="what nobody says and the verdict needs"),
        Column(
            "discount",
            "float",
            unit="ratio",
            null=True,
            doc="family: 1 - spot ÷ on-demand a core-hour, both as paid on this bill; null: not both are on it",
        ),
        Column("nodes", "float", unit="nodes", null=True, doc="family: spot nodes that were seen"),
        Column(
            "gone",
            "float",
            unit="nodes",
            null=True,
            doc="family: of those, not there any more at the window's end: interrupted or let go",
        ),
        Column(
            "x_listed",
            "float",
            unit="ratio",
            null=True,
            optional=True,
            doc="family: 1 - spot ÷ on-demand in a price list, the least of its machines; nobody paid that here",
        ),
        Column(
            "x_price_list",
            "string",
            null=True,
            optional=True,
            doc="family: where `x_listed` is from: which list, and its day",
        ),
    ),
)

ADVICE = (SIZES, PLAN, SPOT)
"""Frames of a report."""
