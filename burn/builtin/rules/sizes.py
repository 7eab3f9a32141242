"""Containers whose requests a rule of `burn.sizing` would lower, by workload."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from burn.api import Finding
from burn.api.find import WORKLOAD, FindRequest
from burn.builtin.rules.requests import MOSTLY, names

if TYPE_CHECKING:
    import pandas as pd

RESOURCES = {"cpu": "cores", "memory": "GiB"}
CAREFUL = 14
"""Days; advice from fewer has seen each weekday once."""


def right_size(request: FindRequest, preset: str) -> Iterator[Finding]:
    """Workloads whose containers would ask for less, all in all, by one of the rules.

    Amount: the part of the workload's own cost that the surplus of its requests stands for, less
    what containers that need more would add. Acting frees room on nodes; the bill falls when nodes go,
    or at once where nodes are billed by what pods ask for.
    """
    if request.sizes is None:
        return
    sized = request.sizes[request.sizes["preset"] == preset]
    if sized.empty:
        return
    usage = request.usage[request.usage["scope"] == "workload"].set_index(list(WORKLOAD))
    table = savings(sized, request.workload_costs, usage)
    table = table.join(usage[["by_pod", "hours"]], on=list(WORKLOAD))
    table = table[table["amount"] * request.month >= request.thresholds.min_monthly]
    for row in table.assign(name=names(table)).to_dict("records"):
        amount, days = float(row["amount"]), int(row["days"])
        yield Finding(
            title="Asks for more than it needs",
            subject=str(row["name"]),
            amount=amount,
            monthly=amount * request.month,
            evidence=str(row["evidence"]),
            action=str(row["action"]),
            confidence="high" if days >= CAREFUL else "medium",
            bill_saving=float(row["by_pod"]) >= MOSTLY * float(row["hours"]),
        )


def savings(sizes: pd.DataFrame, costs: pd.DataFrame, usage: pd.DataFrame) -> pd.DataFrame:
    """By workload: `amount` in the window, `days`, and sentences.

    Args:
        sizes: one rule's rows.
        costs: cpu and memory by workload, as `FindRequest.workload_costs`.
        usage: what was asked for by workload and pod-hour, containers that nobody sizes included.
    """
    import numpy as np
    import pandas as pd

    keys = list(WORKLOAD)
    rows = sizes.join(costs.add_suffix("_cost"), on=keys)
    amount = pd.Series(0.0, index=rows.index)
    for resource in RESOURCES:
        asked, new = rows[f"{resource}_request"], rows[f"{resource}_request_new"]
        known = asked.notna() & new.notna()
        surplus = (asked - new).where(known, 0.0)
        total = asked.groupby([rows[key] for key in keys]).transform("sum")
        pod = usage[f"{resource}_request"] / usage["hours"].where(usage["hours"] > 0)
        pod = rows[keys].join(pod.rename("pod"), on=keys)["pod"]
        total = pd.Series(np.fmax(total, pod), index=rows.index)
        amount = amount + (
            rows[f"{resource}_cost"].fillna(0.0) * surplus / total.where(total > 0)
        ).fillna(0.0)
    rows = rows.assign(amount=amount, evidence=_evidence(rows), action=_action(rows))
    return rows.groupby(keys, as_index=False).agg(
        amount=("amount", "sum"),
        days=("days", "min"),
        evidence=("evidence", "; ".join),
        action=("action", "; ".join),
    )


def _evidence(rows: pd.DataFrame) -> list[str]:
    """What each container asks for, and what is known of it."""
    return [
        f"{row['container']} asks for {_amounts(row, '_request')} a pod ({row['why']})"
        for row in rows.to_dict("records")
    ]


def _action(rows: pd.DataFrame) -> list[str]:
    out = []
    for row in rows.to_dict("records"):
        said = f"{row['container']}: request {_amounts(row, '_request_new')}"
        if row["hpa_cpu_target_new"] > 0:
            said += f", and set the autoscaler's CPU target to {row['hpa_cpu_target_new']:.0%}"
        out.append(said)
    return out


def _amounts(row: dict[object, object], ending: str) -> str:
    found = ((float(str(row[resource + ending])), unit) for resource, unit in RESOURCES.items())
    return " and ".join(f"{value:,.3g} {unit}" for value, unit in found if not math.isnan(value))
