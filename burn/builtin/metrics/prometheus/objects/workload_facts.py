"""The `workloads` frame of a day, as far as kube-state-metrics tells: replicas, autoscalers, priority."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api.containers import WORKLOADS
from burn.builtin.metrics.prometheus.queries.kube_state_metrics import Query, R, named

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.prometheus.api.fetch import Fetch

_KINDS = {
    "Deployment": ("kube_deployment_spec_replicas", "deployment"),
    "StatefulSet": ("kube_statefulset_replicas", "statefulset"),
    "DaemonSet": ("kube_daemonset_status_desired_number_scheduled", "daemonset"),
}
KEY = ["namespace", "workload_kind", "workload"]
_HPA = "kube_horizontalpodautoscaler_"
_SPACE, _NAME = "namespace", "horizontalpodautoscaler"


def _last(metric: str, by: str, where: str = "") -> str:
    return f"max by ({by}) (last_over_time({metric}{{$cluster {where}}}{R}))"


def _replicas() -> Query:
    parts = [
        named(
            "kind",
            kind,
            f'label_replace({_last(metric, f"namespace,{label}")},"name","$1","{label}","(.*)")',
        )
        for kind, (metric, label) in _KINDS.items()
    ]
    return Query(_KINDS["Deployment"][0], ("namespace", "kind", "name"), " or ".join(parts), "day")


def _autoscalers() -> Query:
    by = f"{_SPACE},{_NAME}"
    target = f"{by},scaletargetref_kind,scaletargetref_name"
    aim = f"{by},metric_name"
    parts = {
        "of": _last(f"{_HPA}info", target),
        "min": _last(f"{_HPA}spec_min_replicas", by),
        "max": _last(f"{_HPA}spec_max_replicas", by),
        "aim": _last(f"{_HPA}spec_target_metric", aim, 'metric_target_type="utilization"'),
    }
    labels = (_SPACE, _NAME, "scaletargetref_kind", "scaletargetref_name", "metric_name", "fact")
    text = " or ".join(named("fact", fact, part) for fact, part in parts.items())
    return Query(f"{_HPA}info", labels, text, "day")


def _budgets() -> Query:
    """The most disruptions that were allowed at any time of the day, and whose pods they are about."""
    base, by = "kube_poddisruptionbudget_status_", "namespace,poddisruptionbudget"
    most = f"max by ({by}) (max_over_time({base}pod_disruptions_allowed{{$cluster }}{R}))"
    parts = {"allowed": most, "pods": _last(f"{base}expected_pods", by)}
    text = " or ".join(named("fact", fact, part) for fact, part in parts.items())
    return Query(f"{base}pod_disruptions_allowed", (*by.split(","), "fact"), text, "day")


REPLICAS, AUTOSCALERS, BUDGETS = _replicas(), _autoscalers(), _budgets()


def workloads_of(fetch: Fetch, cluster: str, pods: pd.DataFrame) -> pd.DataFrame:
    """Rows of the workloads that have pods on the day; columns of the schema but `day`.

    Args:
        fetch: of the day.
        cluster: its name.
        pods: namespace, workload_kind and workload of the day's pods.
    """
    rows = pods[KEY].drop_duplicates()
    grid = fetch.grid(REPLICAS)
    wanted = grid.labels.rename(columns={"kind": "workload_kind", "name": "workload"})
    wanted = wanted.assign(replicas=grid.values[:, 0]).groupby(KEY, as_index=False).max()
    rows = rows.merge(wanted, on=KEY, how="left")
    rows = rows.merge(_scaled(fetch), on=KEY, how="left")
    rows = rows.merge(_budgeted(fetch, rows), on=KEY, how="left")
    return WORKLOADS.fill(rows.assign(cluster=cluster))


def _scaled(fetch: Fetch) -> pd.DataFrame:
    """By the workload that an autoscaler scales: its borders and aims."""
    grid = fetch.grid(AUTOSCALERS)
    labels, values = grid.labels, grid.values[:, 0]
    aims = {"cpu": "hpa_cpu_target", "memory": "hpa_memory_target"}
    fact = labels["fact"].replace({"min": "hpa_min", "max": "hpa_max"})
    fact = fact.where(fact != "aim", labels["metric_name"].map(aims).fillna(""))
    ratio = fact.isin(aims.values())
    said = labels.assign(
        fact=fact, value=[v / 100 if r else v for v, r in zip(values, ratio, strict=True)]
    )
    of = said[(said["fact"] == "of") & (said["scaletargetref_name"] != "")]
    columns: dict[str, Any] = {
        "scaletargetref_kind": "workload_kind",
        "scaletargetref_name": "workload",
    }
    of = of[[_SPACE, _NAME, *columns]].rename(columns=columns)
    names = ["hpa_min", "hpa_max", *aims.values()]
    facts = said[said["fact"].isin(names)].groupby([_SPACE, _NAME, "fact"])["value"].max().unstack()
    found = of.join(facts.reindex(columns=names), on=[_SPACE, _NAME])
    # kube-state-metrics shows an autoscaler in each API version; all say the same.
    return found.drop(columns=_NAME).groupby(KEY, as_index=False).max()


def _budgeted(fetch: Fetch, rows: pd.DataFrame) -> pd.DataFrame:
    """By workload, the disruptions that its budget allows.

    kube-state-metrics does not say whom a budget selects: it is taken to be about every workload of the
    namespace that has as many pods, so that one more may be held than is, and none less.
    """
    grid = fetch.grid(BUDGETS)
    said = grid.labels.assign(value=grid.values[:, 0])
    by = ["namespace", "poddisruptionbudget"]
    facts = (
        said.groupby([*by, "fact"])["value"].max().unstack().reindex(columns=["allowed", "pods"])
    )
    facts = facts.reset_index().rename(
        columns={"allowed": "disruptions_allowed", "pods": "replicas"}
    )
    known = facts[facts["replicas"] > 0].drop(columns="poddisruptionbudget")
    found = rows[[*KEY, "replicas"]].merge(known, on=["namespace", "replicas"])
    return found.groupby(KEY, as_index=False)[["disruptions_allowed"]].min()
