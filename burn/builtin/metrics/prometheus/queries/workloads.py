"""What burn asks of how workloads are run: two queries a day.

Metrics: kube-state-metrics docs/metrics, and what it says of itself: what it could list (its README).
"""

from __future__ import annotations

from burn.builtin.metrics.prometheus.queries.kube_state_metrics import Query, R, named

SCALER, BUDGET = "HorizontalPodAutoscaler", "PodDisruptionBudget"
KINDS = {kind.lower(): kind for kind in ("Deployment", "StatefulSet", "DaemonSet", SCALER, BUDGET)}
"""The label that names an object → its kind."""
TARGET = ("scaletargetref_kind", "scaletargetref_name")
CREATOR = ("namespace", "created_by_kind", "created_by_name")
TOLERATION = ("key", "operator", "value", "effect")
_HPA, _PDB = "kube_horizontalpodautoscaler_", "kube_poddisruptionbudget_status_"
_DAY = 86400


def _last(metric: str, by: str, where: str = "", over: str = "last") -> str:
    return f"max by ({by}) ({over}_over_time({metric}{{$cluster {where}}}{R}))"


def _controllers() -> Query:
    """Replicas, strategies, autoscalers and budgets; and whether the last two could be listed."""
    deployment, scaler, budget = (
        f"namespace,{kind.lower()}" for kind in ("deployment", SCALER, BUDGET)
    )
    desired = "kube_daemonset_status_desired_number_scheduled"
    rolling = "kube_deployment_spec_strategy_rollingupdate_max_unavailable"
    listed = f'result="success",resource=~".*[.]({SCALER}|{BUDGET})"'
    parts = [
        ("replicas", _last("kube_deployment_spec_replicas", deployment)),
        ("replicas", _last("kube_statefulset_replicas", "namespace,statefulset")),
        ("replicas", _last(desired, "namespace,daemonset")),
        ("rolling", _last(rolling, deployment)),
        ("of", _last(f"{_HPA}info", f"{scaler},{','.join(TARGET)}")),
        ("hpa_min", _last(f"{_HPA}spec_min_replicas", scaler)),
        ("hpa_max", _last(f"{_HPA}spec_max_replicas", scaler)),
        (
            "aim",
            _last(
                f"{_HPA}spec_target_metric",
                f"{scaler},metric_name",
                'metric_target_type="utilization"',
            ),
        ),
        # What it lets go is less while a pod is not ready, which passes: the most of the day counts.
        ("allowed", _last(f"{_PDB}pod_disruptions_allowed", budget, over="max")),
        ("pods", _last(f"{_PDB}expected_pods", budget)),
        ("listed", f"({_last('kube_state_metrics_list_total', 'resource', listed)} > 0)"),
    ]
    labels = ("namespace", *KINDS, *TARGET, "metric_name", "resource", "fact")
    text = " or ".join(named("fact", fact, part) for fact, part in parts)
    return Query("kube_deployment_spec_replicas", labels, text, "day")


def _created() -> Query:
    """Of the pods that one controller made: how long they took to be ready, and what they tolerate.

    Of pods that got their node in the last day only: when they were ready first is known of them.
    """
    by = ",".join(CREATOR)
    who = f"max by ({by},uid) (last_over_time(kube_pod_info{{$cluster }}{R}))"
    bound = f"({_last('kube_pod_status_scheduled_time', 'uid')} > time() - {_DAY})"
    ready = _last("kube_pod_status_ready_time", "uid", over="min")
    start = f"({ready} - on (uid) {bound}) * on (uid) group_right () {who}"
    tolerations = "kube_pod_tolerations"
    # Every pod tolerates what the control plane adds, which chooses no node.
    own = _last(tolerations, f"uid,{','.join(TOLERATION)}", 'key!~"node.kubernetes.io/.*"')
    parts = {
        "start": f"quantile by ({by}) (0.5, {start})",
        "tolerates": f"max by ({by},{','.join(TOLERATION)})"
        f" ({own} * on (uid) group_left ({by}) {who})",
        # Whether they are shown at all, as every pod has some: of one moment, as they are many.
        "tolerations": f"count({tolerations}{{$cluster }} offset 1ms)",
    }
    text = " or ".join(named("fact", fact, part) for fact, part in parts.items())
    return Query("kube_pod_status_ready_time", (*CREATOR, *TOLERATION, "fact"), text, "day")


CONTROLLERS, CREATED = _controllers(), _created()
