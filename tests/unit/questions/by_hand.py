"""What a citation is about, by the reports' own frames and totals: no code of the questions is used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import unquote

import pandas as pd

from burn.api import Report

GROUPS = {
    "REPORT": ("report",),
    "CLUSTER": ("report", "observation", "rate", "unmodelled", "waste"),
}


def by_hand(reports: Mapping[str, Report], cite: str) -> float | None:
    """The amount; None: not tried by hand, as a page's rest or a cause of a change."""
    scope, *rest = cite.split("/")
    words = [unquote(part) for part in rest if "=" not in part]
    keys = {key: unquote(value) for key, _, value in (p.partition("=") for p in rest if "=" in p)}
    if "but" in keys or "cause" in keys:
        return None
    if scope == "run":
        return _run(reports[words[0]], words[1:], keys)
    if scope == "diff":
        before, after = (_side(reports[name], keys) for name in words)
        return after - before
    if scope == "trend" and "name" in keys and "period" in keys:
        return sum(_period(report, keys) for report in reports.values())
    return None


def _run(report: Report, words: list[str], keys: dict[str, str]) -> float | None:
    kind, *more = words
    totals = report.totals
    if kind == "total":
        known = {
            "report": totals.report,
            "cluster": totals.cluster_effective,
            "account": totals.account_effective,
            "billed": totals.billed,
            "invoice": totals.invoice,
            "residual": totals.residual,
            "gap": totals.billed - totals.report,
        }
        return float(known[more[0]] or 0.0)
    if kind == "finding":
        found = report.findings
        if not more:
            return math.fsum(one.amount for one in found)
        return found[int(more[0])].monthly if more[1:] else found[int(more[0])].amount
    if kind == "invoice":
        return float(report.control.billed) if more == ["billed"] else None
    if kind == "ledger":
        rows = report.ledger[report.ledger["group"] != "invoice"]
        return _sum(rows, "amount", keys | ({"driver": more[0]} if more else {}))
    return _allocated(report.allocation, more[0], keys)


def _side(report: Report, keys: dict[str, str]) -> float:
    names = {keys["by"]: keys["name"]} if "name" in keys else {}
    if keys["by"] == "driver":
        rows = report.ledger[report.ledger["group"] != "invoice"]
        return _sum(rows, "amount", names)
    return _allocated(report.allocation, report.info.basis, names)


def _period(report: Report, keys: dict[str, str]) -> float:
    start = datetime.fromisoformat(f"{keys['period']}T00:00:00+00:00")
    days = {
        "day": 1,
        "week": 7,
        "month": (start.replace(day=28) + timedelta(days=4)).replace(day=1),
    }
    length = days[keys["every"]]
    end = length if isinstance(length, datetime) else start + timedelta(days=length)

    def inside(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["day"] >= start) & (frame["day"] < end)]

    if keys["by"] == "namespace":
        return _allocated(inside(report.allocation), report.info.basis, {"namespace": keys["name"]})
    assert report.daily is not None
    rows = inside(report.daily)
    if keys["by"] == "driver":
        return _sum(rows, "amount", {"driver": keys["name"]})
    outside = (
        () if keys["name"] in GROUPS else ("outside", *["accounting"] * (keys["name"] == "BILLED"))
    )
    groups = (*GROUPS.get(keys["name"], GROUPS["CLUSTER"]), *outside)
    return math.fsum(rows.loc[rows["group"].isin(groups), "amount"])


def _allocated(frame: pd.DataFrame, basis: str, keys: dict[str, str]) -> float:
    keys = dict(keys)
    if "workload" in keys and "/" in keys["workload"]:
        names = keys.pop("workload").split("/")
        keys |= dict(zip(("namespace", "workload_kind", "workload"), names, strict=True))
    return _sum(frame[frame["basis"].astype(str) == basis], "cost", keys)


def _sum(rows: pd.DataFrame, amount: str, keys: dict[str, str]) -> float:
    for key, value in keys.items():
        if value[:1] == "(":  # cost of no namespace, by its kind
            rows = rows[
                (rows["kind"].astype(str) == value[1:-1]) & (rows["namespace"].astype(str) == "")
            ]
        else:
            rows = rows[rows[key].astype(str) == value]
    return math.fsum(rows[amount])
