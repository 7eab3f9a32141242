"""A cluster small enough to check by hand: one node, one volume, one balancer, two pods, a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from burn.api import (
    AllocationFrame,
    CommitmentsFrame,
    ControlTotal,
    Coverage,
    Finding,
    FindRequest,
    Observation,
    Report,
    RunInfo,
    Totals,
    Window,
    schemas,
)
from burn.api.vocabulary import OBSERVABLE

if TYPE_CHECKING:
    import pandas as pd

NODE, DISK, DOOR = "node/n-1", "volume/v-1", "load_balancer/lb-1"


def tiny_observation(day: Window) -> Observation:
    """One node of 4 cores and 16 GiB the whole window; `web` asks for 1 core and 4 GiB all of it.

    `job` asks for 2 cores and 4 GiB in the first hour only. `web` mounts the volume; the
    balancer is Service `web`'s. 0.1 core and 1 GiB of the node are not allocatable.
    """
    import pandas as pd

    hours = [day.start + timedelta(hours=h) for h in range(day.hours)]
    midnight = day.start.replace(hour=0)
    common = {"day": midnight, "cluster": "tiny", "region": "r", "zone": "r-a"}
    assets: list[dict[str, Any]] = [
        {"asset_id": NODE, "kind": "node", "name": "n-1", "cpu_cores": 4.0, "cpu_allocatable": 3.9}
        | {"memory_gib": 16.0, "memory_allocatable": 15.0, "instance_type": "m.large"},
        {"asset_id": DISK, "kind": "volume", "name": "v-1", "storage_gib": 10.0}
        | {"namespace": "shop", "owner_name": "web-data"},
        {"asset_id": DOOR, "kind": "load_balancer", "name": "web", "namespace": "shop"}
        | {"owner_name": "web"},
    ]
    usage = [_use("web", hour, 1.0, 4.0) for hour in hours] + [_use("job", hours[0], 2.0, 4.0)]
    pods = [
        {"pod_uid": "web", "namespace": "shop", "pod": "web-1", "workload_kind": "Deployment"}
        | {"workload": "web", "labels": '{"team":"store"}'},
        {"pod_uid": "job", "namespace": "batch", "pod": "job-1", "workload_kind": "Job"}
        | {"workload": "job", "labels": "{}"},
    ]
    presence = [{"asset_id": a["asset_id"], "hour": h, "hours": 1.0} for a in assets for h in hours]
    return Observation(
        inventory=schemas.INVENTORY.validate(
            _fill([{**common, **a, "hours": float(day.hours)} for a in assets], schemas.INVENTORY),
            author="burn.testing",
        ),
        presence=schemas.PRESENCE.validate(pd.DataFrame(presence), author="burn.testing"),
        pods=schemas.PODS.validate(
            pd.DataFrame([{**p, "day": midnight, "cluster": "tiny"} for p in pods]),
            author="burn.testing",
        ),
        usage=schemas.USAGE.validate(pd.DataFrame(usage), author="burn.testing"),
        mounts=schemas.MOUNTS.validate(
            pd.DataFrame([{"pod_uid": "web", "asset_id": DISK, "day": midnight}]),
            author="burn.testing",
        ),
        coverage=Coverage(sees=dict.fromkeys(OBSERVABLE, True)),
    )


def tiny_allocation(day: Window, *, allocated: bool = False) -> AllocationFrame:
    """Where the chain starts for `tiny_observation`, plus 5.00 of shared control plane.

    Args:
        day: the same window.
        allocated: True gives what a share policy would hand to the next step.
    """
    start = [
        (NODE, "", "", "cpu", "unallocated", 24.0),
        (NODE, "", "", "memory", "unallocated", 12.0),
        (DISK, "", "", "storage", "unallocated", 2.4),
        (DOOR, "", "", "load_balancer", "unallocated", 4.8),
        ("", "", "", "control_plane", "shared", 5.0),
    ]
    later = [
        (NODE, "shop", "web", "cpu", "direct", 6.0),
        (NODE, "batch", "job", "cpu", "direct", 0.5),
        (NODE, "kube-system", "dns", "cpu", "direct", 1.0),
        (NODE, "", "", "cpu", "idle", 15.9),
        (NODE, "", "", "cpu", "system", 0.6),
        (NODE, "shop", "web", "memory", "direct", 3.0),
        (NODE, "", "", "memory", "idle", 8.25),
        (NODE, "", "", "memory", "system", 0.75),
        (DISK, "shop", "web", "storage", "direct", 2.4),
        (DOOR, "shop", "web", "load_balancer", "direct", 4.8),
        ("", "", "", "control_plane", "shared", 5.0),
    ]
    rows: list[dict[str, Any]] = [
        {
            "basis": "list",
            "day": day.start.replace(hour=0),
            "asset_id": asset,
            "cluster": "tiny",
            "namespace": namespace,
            "workload_kind": "Deployment" if workload else "",
            "workload": workload,
            "owner": "",
            "dimensions": "{}",
            "labels": '{"team":"store"}' if workload == "web" else "{}",
            "resource": resource,
            "kind": kind,
            "cost": cost,
        }
        for asset, namespace, workload, resource, kind, cost in (later if allocated else start)
    ]
    import pandas as pd

    return schemas.ALLOCATION.validate(pd.DataFrame(rows), author="burn.testing")


def tiny_findings(day: Window) -> FindRequest:
    """The finished frames of the tiny cluster, with nothing on its bill; for finding rules."""
    from burn.findings import combine, digest

    report = tiny_report(day)
    seen = tiny_observation(day)
    return FindRequest(
        ledger=report.ledger,
        bill=schemas.BILL.empty(),
        prices=report.prices,
        allocation=report.allocation,
        usage=combine([digest(seen)]),
        hours=day.hours,
        coverage=seen.coverage,
    )


def _tiny_commitments() -> CommitmentsFrame:
    """One whose end the bill says, one of which it says nothing, and what none covers."""
    import pandas as pd

    rows = [
        {"commitment_discount_id": "\x1b[31mplan", "kind": "savings plan", "bound": "any"}
        | {"months": 12.0, "end": datetime.fromisoformat("2027-01-31T00:00:00+00:00")}
        | {"used_cost": 3.0, "unused_cost": 1.0, "cluster_cost": 3.0, "on_demand_cost": 4.0},
        {"commitment_discount_id": "=reserved|[bold]x", "kind": "reservation", "unused_cost": 2.0},
        {"commitment_discount_id": "", "kind": "on demand", "cluster_cost": 6.0}
        | {"on_demand_cost": 6.0},
    ]
    frame = schemas.COMMITMENTS.fill(pd.DataFrame(rows).assign(start=None))
    texts = [column.name for column in schemas.COMMITMENTS.columns if column.kind == "string"]
    money = ["used_cost", "unused_cost", "cluster_cost"]
    filled = frame.fillna(dict.fromkeys(texts, "") | dict.fromkeys(money, 0.0))
    return schemas.COMMITMENTS.validate(filled, author="burn.testing")


def tiny_report(day: Window) -> Report:
    """A finished report of the tiny cluster; its totals tie out by hand."""
    import pandas as pd

    allocation = tiny_allocation(day, allocated=True).assign(asset_id="", labels="{}")
    effective = allocation.assign(basis="effective")
    listed = allocation[allocation["kind"] != "shared"]
    steps = [
        ("report", "report", NODE, 36.0),
        ("report", "report", DISK, 2.4),
        ("report", "report", DOOR, 4.8),
        ("unmodelled", "control_plane", "plane", 5.0),
        ("outside", "outside", "=danger|[bold]x", 10.0),
        ("accounting", "tax", "tax", 5.82),
    ]
    ledger = pd.DataFrame(
        [
            {"group": g, "driver": d, "subject": s, "name": s, "amount": a, "lines": 24}
            | {"observed": None, "billed": None, "unit": "", "method": "", "confidence": "high"}
            for g, d, s, a in steps
        ]
    )
    prices = pd.DataFrame(
        [
            {"asset_id": s, "day": day.start.replace(hour=0), "quantity": 24.0, "unit": "hours"}
            | {"unit_price": a / 24, "list_cost": a, "currency": "USD", "price_source": "bill"}
            | {"cpu_rate": None, "memory_rate": None, "gpu_rate": None}
            for g, _, s, a in steps
            if g == "report"
        ]
    )
    return Report(
        info=RunInfo(
            run_id="0123456789ab",
            burn_version="0",
            window=day,
            cluster="tiny",
            provider="test",
            source="test",
            policies=("share-max",),
            basis="effective",
            currency="USD",
            provisional_from=datetime.fromisoformat("2026-10-01T12:00:00+00:00"),
        ),
        totals=Totals(
            report=43.2,
            cluster_effective=48.2,
            account_effective=58.2,
            billed=64.02,
            residual=0.0,
            cluster_billed=48.2 * 64.02 / 58.2,
            invoice=64.02,
        ),
        control=ControlTotal(
            lines=144, billed=Decimal("64.02"), currency="USD", invoice=Decimal("64.02")
        ),
        ledger=schemas.LEDGER.validate(ledger, author="burn.testing"),
        prices=schemas.PRICES.validate(prices, author="burn.testing"),
        allocation=schemas.ALLOCATION.validate(
            pd.concat([listed, effective], ignore_index=True), author="burn.testing"
        ),
        commitments=_tiny_commitments(),
        findings=(
            Finding(
                rule="r",
                title="Title",
                subject="\x1b[31mname",
                amount=1.0,
                monthly=30.4,
                evidence="evidence",
                action="action",
                confidence="low",
            ),
        ),
        notes=("a note",),
    )


def _use(pod: str, hour: datetime, cores: float, gib: float) -> dict[str, Any]:
    row: dict[str, Any] = {c.name: None if c.null else 0.0 for c in schemas.USAGE.columns}
    row |= {"pod_uid": pod, "asset_id": NODE, "hour": hour, "hours": 1.0}
    row |= {"cpu_request": cores, "cpu_used": cores / 2, "cpu_p95": cores}
    return row | {"memory_request": gib, "memory_used": gib / 2, "memory_max": gib}


def _fill(rows: list[dict[str, Any]], schema: Any) -> pd.DataFrame:
    """Empty text and zero for what no row says, or some row does not; null where that is allowed."""
    import pandas as pd

    frame: pd.DataFrame = schema.fill(pd.DataFrame(rows))
    blank = {c.name: "" if c.kind == "string" else 0.0 for c in schema.columns if not c.null}
    return frame.fillna({name: value for name, value in blank.items() if name in frame})
