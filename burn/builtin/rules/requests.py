"""Requests: far above use, or missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from burn.api import Finding
from burn.api.find import PLATFORM, WEEK, WORKLOAD, FindRequest
from burn.api.money import count
from burn.api.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
"""Workloads named in a sentence."""


def over_requested(request: FindRequest) -> Iterator[Finding]:
    """Workloads whose pods ask for more than their use plus headroom.

    CPU is judged by the highest day's percentile, memory by the highest sample. Amount:
    the part of the workload's own cost that the surplus request stands for. Acting frees room
    on nodes; the bill falls when nodes go. Where nodes are billed by what pods ask for, it falls
    at once. What was not measured in (nearly) all pod-hours, or measured as nothing, is
    unknown; and less than a day has not seen a daily peak. Where the source tells what containers
    use, rule `right-size` speaks in its place, or is silent for want of history.
    """
    if request.hours < DAY or request.sizes is not None:
        return
    table = _workloads(request)
    table = table[table["hours"] >= request.thresholds.min_pod_hours]
    grow = 1 + request.thresholds.headroom
    for resource, measure in (("cpu", "cpu_need"), ("memory", "memory_max")):
        asked = table[f"{resource}_request"] / table["hours"]
        known = table[f"{resource}_measured"] >= request.thresholds.steady * table["hours"]
        used = table[measure].where(known & (table[measure] > 0))
        enough = (used * grow).clip(lower=LEAST[resource])
        surplus = (1 - enough / asked.where(asked > 0)).clip(lower=0.0).fillna(0.0)
        table[f"{resource}_asked"], table[f"{resource}_enough"] = asked, enough
        table[f"{resource}_saving"] = table[f"{resource}_cost"] * surplus
    table["amount"] = table["cpu_saving"] + table["memory_saving"]
    worth = table["amount"] * request.month >= request.thresholds.min_monthly
    for row in table[worth].to_dict("records"):
        evidence, action = _sizes(row, request.thresholds)
        amount = float(row["amount"])
        yield Finding(
            title="Asks for more than it needs",
            subject=str(row["name"]),
            amount=amount,
            monthly=amount * request.month,
            evidence=evidence,
            action=action,
            confidence="high" if request.hours >= WEEK else "medium",
            bill_saving=float(row["by_pod"]) >= MOSTLY * float(row["hours"]),
        )


def without_requests(request: FindRequest) -> Iterator[Finding]:
    """One finding for all workloads that use CPU or memory and request none of it."""
    sees = request.coverage.sees.get("requests")
    table = _workloads(request)
    asked = table["cpu_request"].sum() + table["memory_request"].sum()
    if sees is False or (sees is None and not asked):
        return
    cpu = (table["cpu_request"] == 0) & (table["cpu_used"] > 0)
    memory = (table["memory_request"] == 0) & (table["memory_used"] > 0)
    cost = table["cpu_cost"].where(cpu, 0.0) + table["memory_cost"].where(memory, 0.0)
    rows = table.assign(cost=cost)[cpu | memory]
    if rows.empty:
        return
    rows = rows.sort_values(["cost", "name"], ascending=[False, True])
    names = ", ".join(rows["name"].head(NAMED))
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    amount = float(rows["cost"].sum())
    used = rows["cpu_used"].where(cpu, 0.0).sum(), rows["memory_used"].where(memory, 0.0).sum()
    yield Finding(
        title="Workloads without requests",
        subject=f"{names}{more}",
        amount=amount,
        monthly=amount * request.month,
        evidence=(
            f"{count(len(rows), 'workload')} used {used[0]:,.1f} core-hours and {used[1]:,.1f} GiB-hours "
            "they did not request"
        ),
        action="Set requests from measured use, so that the scheduler keeps room for them",
        bill_saving=False,
        saves="none",
    )


MOSTLY = 0.5
"""Of a workload's pod-hours on nodes that are billed by their pods: then acting lowers the bill."""

LEAST = {"cpu": 0.01, "memory": 1 / 32}
"""Cores and GiB; nobody is told to ask for less: a request of 0 is no request."""

DAY = 24


def _workloads(request: FindRequest) -> pd.DataFrame:
    usage = request.usage[request.usage["scope"] == "workload"]
    usage = usage[~usage["namespace"].isin(PLATFORM)]
    costs = request.workload_costs.add_suffix("_cost")
    table = usage.join(costs, on=list(WORKLOAD))
    table = table.fillna({"cpu_cost": 0.0, "memory_cost": 0.0})
    return table.assign(name=names(table))


def names(table: pd.DataFrame) -> pd.Series[str]:
    """`namespace/kind/name`, after the cluster's name when there are several."""
    first = 0 if table["cluster"].nunique() > 1 else 1
    name = table[WORKLOAD[first]].astype(str)
    for column in WORKLOAD[first + 1 :]:
        part = table[column].astype(str)
        name = name + ("/" + part).where(part != "", "")
    return name


def _sizes(row: dict[object, object], limits: Thresholds) -> tuple[str, str]:
    seen, wanted = [], []
    headroom = limits.headroom
    for resource, unit, what in (
        ("cpu", "CPU", f"P{limits.cpu_percentile:g} of use"),
        ("memory", "GiB", "highest use"),
    ):
        if float(str(row[f"{resource}_saving"])) <= 0:
            continue
        asked, enough = (float(str(row[f"{resource}_{key}"])) for key in ("asked", "enough"))
        measured = enough / (1 + headroom)
        seen.append(f"{asked:,.3g} {unit} requested, {what} {measured:,.3g}")
        wanted.append(f"{enough:,.3g} {unit}")
    evidence = f"A pod on average: {'; '.join(seen)}"
    return evidence, f"Request {' and '.join(wanted)} a pod ({100 * headroom:.0f} % headroom)"
