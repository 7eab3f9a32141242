"""What part of what was asked for, or was there, was used. What no metric shows is unknown, not 0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Report

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Used:
    """Parts, 1 is all; None: unknown.

    Attributes:
        cpu, memory: used ÷ asked for; of a node, used ÷ allocatable.
        gpu: asked for ÷ there, of a node: what GPUs did is not measured.
        efficiency: cpu and memory, weighed by what each costs at list price.
    """

    cpu: float | None = None
    memory: float | None = None
    gpu: float | None = None
    efficiency: float | None = None


def text(part: float | None) -> str:
    """`37 %`; `?` where it is not known."""
    return UNKNOWN if part is None else f"{100 * part:,.0f} %"


def of_nodes(report: Report, groups: pd.Series[str]) -> dict[str, Used]:
    """By group of nodes: what was used of what they can give.

    Args:
        report: any.
        groups: the group of each node, by asset_id.
    """
    use = report.use
    if use is None:
        return {}
    nodes = use[use["scope"] == "node"]
    names = nodes["asset_id"].astype("str").map(groups)
    return {str(name): _used(row, report, "capacity", None) for name, row in _sums(nodes, names)}


def of_workloads(report: Report) -> dict[str, Used]:
    """By namespace, and by `namespace/kind/name`; with the cluster before it where there are several."""
    use = report.use
    if use is None:
        return {}
    rows = use[use["scope"] == "workload"].astype(
        dict.fromkeys(("cluster", "namespace", "workload_kind", "workload"), "str")
    )
    costs = _costs(report)
    clusters = report.allocation["cluster"].astype(str)
    several = clusters[clusters != ""].nunique() > 1
    space = rows["cluster"] + "/" + rows["namespace"] if several else rows["namespace"]
    name = space + "/" + rows["workload_kind"] + "/" + rows["workload"]
    out: dict[str, Used] = {}
    for keys, column in ((space, "space"), (name, "name")):
        for key, row in _sums(rows, keys):
            out[str(key)] = _used(row, report, "request", costs[column].get(str(key)))
    return out


_SUMS = ["cpu_used", "cpu_request", "cpu_capacity", "memory_used", "memory_request"]
_SUMS += ["memory_capacity", "gpu_request", "gpu_capacity"]


def _sums(rows: pd.DataFrame, keys: pd.Series[str]) -> Iterator[tuple[Any, dict[Any, float]]]:
    sums = rows[_SUMS].groupby(keys.astype("str")).sum()
    return zip(sums.index, sums.to_dict("records"), strict=True)


def _costs(report: Report) -> dict[str, dict[str, dict[str, float]]]:
    """Direct list cost of CPU and memory, by namespace and by workload."""
    frame = report.allocation
    mine = frame[
        (frame["basis"] == "list")
        & (frame["kind"] == "direct")
        & frame["resource"].isin(["cpu", "memory"])
    ]
    columns = ["cluster", "namespace", "workload_kind", "workload", "resource"]
    rows = mine[columns].astype("str").assign(cost=mine["cost"].to_numpy())
    several = frame["cluster"].astype(str).replace("", None).dropna().nunique() > 1
    rows["space"] = rows["cluster"] + "/" + rows["namespace"] if several else rows["namespace"]
    rows["name"] = rows["space"] + "/" + rows["workload_kind"] + "/" + rows["workload"]
    out: dict[str, dict[str, dict[str, float]]] = {}
    for key in ("space", "name"):
        sums = rows.groupby([key, "resource"])["cost"].sum()
        found: dict[str, dict[str, float]] = {}
        for (name, resource), cost in zip(sums.index, sums, strict=True):
            found.setdefault(str(name), {})[str(resource)] = float(cost)
        out[key] = found
    return out


def _used(
    row: dict[str, float], report: Report, whole: str, costs: dict[str, float] | None
) -> Used:
    parts: dict[str, float | None] = {}
    for resource in ("cpu", "memory"):
        seen = report.coverage.sees.get(f"{resource}_use") is True
        parts[resource] = _part(row, f"{resource}_used", f"{resource}_{whole}") if seen else None
    gpu = _part(row, "gpu_request", "gpu_capacity") if whole == "capacity" else None
    weights = {name: (costs or {}).get(name, 0.0) for name in parts}
    known = [name for name, part in parts.items() if part is not None and weights[name] > 0]
    total = sum(weights[name] for name in known)
    complete = all(weights[name] == 0 or name in known for name in parts)
    mean = sum(weights[n] * (parts[n] or 0.0) for n in known) / total if total else None
    return Used(parts["cpu"], parts["memory"], gpu, mean if complete else None)


def _part(row: dict[Any, float], used: str, whole: str) -> float | None:
    return row[used] / row[whole] if row[whole] > 0 else None
