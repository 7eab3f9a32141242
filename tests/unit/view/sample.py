"""One rich report, made by hand, for golden outputs and examples."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from burn.api import Coverage, Finding, Report
from tests.unit.view import builders

LEDGER: list[dict[str, Any]] = [
    *(
        {
            "group": "report",
            "driver": "report",
            "subject": f"node/acme:///zone-a/n-{i}",
            "name": f"node-{i}",
            "amount": 142.848,
            "observed": 744.0,
            "unit": "hours",
        }
        for i in range(4)
    ),
    {
        "group": "report",
        "driver": "report",
        "subject": "volume/vol-1",
        "name": "pvc-data-db-0",
        "amount": 8.0,
        "observed": 74400.0,
        "unit": "GiB-hours",
    },
    {
        "group": "observation",
        "driver": "uptime",
        "subject": "node/acme:///zone-a/n-0",
        "name": "node-0",
        "amount": 1.152,
        "lines": 31,
        "observed": 738.0,
        "billed": 744.0,
        "unit": "hours",
        "method": "provider id",
    },
    {
        "group": "observation",
        "driver": "unseen",
        "subject": "vol-orphan",
        "name": "pvc-old-db-0",
        "amount": 40.005,
        "lines": 31,
        "method": "cluster tag",
        "confidence": "medium",
    },
    {
        "group": "rate",
        "driver": "spot",
        "subject": "node/acme:///zone-a/n-3",
        "name": "node-3",
        "amount": -99.9936,
        "lines": 744,
        "method": "provider id",
    },
    {
        "group": "rate",
        "driver": "commitment",
        "subject": "plan-1",
        "name": "plan-1",
        "amount": -41.333,
        "lines": 744,
        "method": "provider id",
    },
    {
        "group": "rate",
        "driver": "negotiated",
        "subject": "node/acme:///zone-a/n-1",
        "name": "node-1",
        "amount": -17.1417,
        "lines": 744,
        "method": "provider id",
    },
    {
        "group": "unmodelled",
        "driver": "control_plane",
        "subject": "cluster/demo",
        "name": "demo",
        "amount": 74.4,
        "lines": 31,
        "method": "resource id",
    },
    {
        "group": "unmodelled",
        "driver": "nat",
        "subject": "nat-1",
        "name": "nat-1",
        "amount": 61.777,
        "lines": 62,
        "method": "rule: the cluster's subnets",
        "confidence": "low",
    },
    {
        "group": "waste",
        "driver": "unused_commitment",
        "subject": "plan-1",
        "name": "plan-1",
        "amount": 12.3456,
        "lines": 31,
        "method": "rule: share of what the commitment covered",
        "confidence": "low",
    },
    *(
        {
            "group": "outside",
            "driver": "outside",
            "subject": service,
            "name": service,
            "amount": amount,
            "lines": lines,
        }
        for service, amount, lines in (
            ("Managed Database", 310.10, 62),
            ("Object Storage", 42.424, 400),
            ("Queue", 3.333, 31),
            ("Functions", 1.111, 31),
        )
    ),
    {
        "group": "accounting",
        "driver": "amortisation",
        "subject": "RecurringFee",
        "amount": 20.004,
        "lines": 31,
    },
    {
        "group": "accounting",
        "driver": "credit",
        "subject": "Promotion",
        "amount": -50.0,
        "lines": 1,
    },
    {"group": "accounting", "driver": "tax", "subject": "Tax", "amount": 98.765, "lines": 12},
]
NODES = {f"node/acme:///zone-a/n-{i}": 142.848 for i in range(4)} | {"volume/vol-1": 8.0}


def prices() -> pd.DataFrame:
    rows: list[tuple[str, datetime, float, str]] = [
        (asset, builders.day(n), cost / 31, "fallback: type" if asset.endswith("n-3") else "bill")
        for asset, cost in NODES.items()
        for n in range(31)
    ]
    return builders.prices(rows)


def allocation() -> pd.DataFrame:
    def row(basis: str, cost: float, **more: Any) -> dict[str, Any]:
        return {"basis": basis, "cost": cost, **more}

    def work(namespace: str, kind: str, workload: str, **more: Any) -> dict[str, Any]:
        return {"namespace": namespace, "workload_kind": kind, "workload": workload, **more}

    web = work("shop", "Deployment", "web")
    database = work("shop", "StatefulSet", "db", resource="storage")
    batch = work("batch", "CronJob", "nightly")
    dns = work("kube-system", "Deployment", "dns")
    listed = [(web, 201.5), (database, 158.25), (batch, 91.125), (dns, 28.517)]
    effective = [(web, 174.0), (database, 139.9), (batch, 60.5), (dns, 24.75)]
    whole = {"list": 579.392, "effective": 610.6033}
    shared = {"control_plane": 74.4, "nat": 61.777, "unused_commitment": 12.3456}
    rows = [row("list", cost, **who) for who, cost in listed]
    rows += [row("effective", cost, **who) for who, cost in effective]
    rows += [row("effective", cost, kind="shared", resource=name) for name, cost in shared.items()]
    for basis, system in (("list", 12.0), ("effective", 9.5)):
        rows.append(row(basis, system, kind="system"))
        carried = sum(float(r["cost"]) for r in rows if r["basis"] == basis)
        rows.append(row(basis, whole[basis] - carried, kind="idle"))
    return builders.allocation(rows)


FINDINGS = (
    Finding(
        rule="unused-commitment",
        title="A commitment is not used up",
        subject="plan-1",
        amount=12.3456,
        monthly=12.11,
        evidence="12.35 of the commitment's cost covered nothing in 744 hours",
        action="Move steady workloads under it before you buy more",
        confidence="low",
    ),
    Finding(
        rule="over-requested",
        title="Asks for far more than it uses",
        subject="shop/Deployment/web",
        amount=9.9,
        monthly=9.71,
        evidence="requests 4.0 cores, the 95th percentile of use is 0.8",
        action="Request 1.1 cores (P95 and 30 % headroom)",
        bill_saving=False,
    ),
)


def sample(**info: Any) -> Report:
    gap = (builders.at(4, 3), builders.at(4, 9))
    split = pd.DataFrame({"namespace": ["shop", "batch"], "cost": [300.5, 61.25]})
    return builders.report(
        builders.ledger(LEDGER),
        allocation(),
        prices(),
        findings=FINDINGS,
        notes=("metrics are missing for 6.0 of 744 hours",),
        coverage=Coverage(hours_missing=6.0, gaps=(gap,), queries=20, samples=1000),
        split=split,
        invoice=1055.31,
        **({"provisional_from": builders.day(29)} | info),
    )
