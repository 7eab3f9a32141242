"""What HorizontalPodAutoscalers may do with the workloads that they scale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_AIMS = {"cpu": "hpa_cpu_target", "memory": "hpa_memory_target"}
_KINDS = {"Resource": "resource", "ContainerResource": "containerResource"}


def autoscalers_of(objects: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """A row a workload: namespace, kind, name, hpa_min, hpa_max and aims as use ÷ request."""
    import pandas as pd

    rows = []
    for found in objects:
        spec = found["spec"]
        target = spec["scaleTargetRef"]
        rows.append(
            {
                "namespace": found["metadata"]["namespace"],
                "kind": target["kind"],
                "name": target["name"],
                "hpa_min": float(1 if (least := spec.get("minReplicas")) is None else least),
                "hpa_max": float(spec["maxReplicas"]),
            }
            | _aims(spec.get("metrics") or ())
        )
    key = ["namespace", "kind", "name"]
    facts = ["hpa_min", "hpa_max", *_AIMS.values()]
    frame = pd.DataFrame(rows, columns=[*key, *facts]).astype(dict.fromkeys(facts, "float64"))
    how = dict.fromkeys(facts, "max") | {"hpa_min": "min"}
    return frame.groupby(key, as_index=False).agg(how)


def _aims(metrics: Iterable[dict[str, Any]]) -> dict[str, float]:
    aims: dict[str, float] = {}
    for metric in metrics:
        about = metric.get(_KINDS.get(str(metric.get("type")), "")) or {}
        column = _AIMS.get(str(about.get("name")))
        target = (about.get("target") or {}).get("averageUtilization")
        if column and target is not None:
            aims[column] = max(aims.get(column, 0.0), target / 100)
    return aims
