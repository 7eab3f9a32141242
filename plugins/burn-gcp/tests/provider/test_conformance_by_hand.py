"""Lines written by hand, each with the amounts it must become."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, BillRequest, LinesRequest, Scope, Window, schemas
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

NODE = "//compute.googleapis.com/projects/shop/zones/us-east1-b/instances/gke-1"
CORE = "N2 Instance Core running in South Carolina"
KEY = "shop/us-east1-b/instance/gke-1"
CLUSTER = {"goog-k8s-cluster-name": "shop-prod"}
IN, NO = Scope(cluster="shop-prod"), schemas.IDENTITY.empty()
WINDOW = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


def line(
    cost: float,
    *,
    hours: float = 0.0,
    credit: Sequence[tuple[str, float]] = (),
    labels: dict[str, str] | None = None,
    cost_type: str = "regular",
    month: str = "202610",
    adjusted: tuple[str, str] = ("", ""),
    **other: Any,
) -> dict[str, Any]:
    """An hour of a node's cores, listed at 10 % more than its cost."""
    labels = CLUSTER if labels is None else labels
    return {
        "service": {"description": "Compute Engine"},
        "sku": {"description": CORE},
        "usage_start_time": WINDOW.start,
        "usage_end_time": WINDOW.start.replace(hour=1),
        "project": {"id": "shop"},
        "labels": [{"key": key, "value": value} for key, value in labels.items()],
        "location": {"region": "us-east1", "zone": "us-east1-b"},
        "cost": cost,
        "currency": "USD",
        "usage": {"amount_in_pricing_units": hours, "pricing_unit": "hour"},
        "credits": [
            {"name": kind.title(), "amount": amount, "type": kind} for kind, amount in credit
        ],
        "invoice": {"month": month},
        "cost_type": cost_type,
        "adjustment_info": {
            "type": adjusted[0],
            "mode": adjusted[1],
            "description": "by hand" if adjusted[0] else "",
        },
        "cost_at_list": cost * 1.1,
        "resource": {"name": "gke-1", "global_name": NODE},
        **other,
    }


def provider(folder: Path, *rows: dict[str, Any], **more: Any) -> GcpProvider:
    empty: dict[str, Any] = {"credits": [{"name": "x", "amount": 0.0, "type": "x"}]}
    table = pa.Table.from_pylist([*rows, line(0.0, project={"id": "none"}) | empty])
    pq.write_table(table, folder / "export.parquet")
    settings: dict[str, Any] = {"projects": ("shop",), "price_list": "off"} | more
    return GcpProvider(GcpSettings(bill=str(folder), **settings))


def read(folder: Path, *rows: dict[str, Any]) -> Bill:
    known = pd.DataFrame(
        {"asset_id": ["node/gke-1"], "resource_key": [KEY], "method": ["provider id"]}
    )
    found = schemas.IDENTITY.validate(known, author="test")
    return provider(folder, *rows).bill(
        BillRequest(scope=Scope(cluster="shop-prod"), window=WINDOW, identities=found)
    )


def by_class(bill: Bill, column: str) -> dict[str, float]:
    assert float(bill.control.billed) == pytest.approx(bill.rows["billed_cost"].sum())
    sums: pd.Series[float] = bill.rows.groupby("x_cost_class")[column].sum()
    return {str(name): round(amount, 9) for name, amount in sums.items()}


@pytest.mark.parametrize(
    "kind", ["RESELLER_MARGIN", "SUBSCRIPTION_BENEFIT", "DISCOUNT", "SPENDING_BASED_DISCOUNT"]
)
def test_a_discount_is_in_the_lines_price(tmp_path: Path, kind: str) -> None:
    """10 at cost, 11 at list, 2 off: 8 to pay; the 3 are rate/negotiated, and no credit row."""
    bill = read(tmp_path, line(10.0, hours=100.0, credit=[(kind, -2.0)]))
    assert by_class(bill, "billed_cost") == {"node": 8.0}
    assert by_class(bill, "effective_cost") == {"node": 8.0}
    assert by_class(bill, "list_cost") == {"node": 11.0}
    assert by_class(bill, "quantity") == {"node": 100.0}
    assert bill.notes == tuple(note for note in bill.notes if "no rule" not in note)


def test_a_margin_beside_other_credits(tmp_path: Path) -> None:
    """Each credit once: 10 - 1 margin - 0.5 benefit on the node, 2 sustained, 3 promotion."""
    mixed = [("RESELLER_MARGIN", -1.0), ("SUBSCRIPTION_BENEFIT", -0.5)]
    mixed += [("SUSTAINED_USAGE_DISCOUNT", -2.0), ("PROMOTION", -3.0)]
    bill = read(tmp_path, line(10.0, hours=100.0, credit=mixed))
    want = {"node": 8.5, "sustained_use": -2.0, "credit": -3.0}
    assert by_class(bill, "billed_cost") == want


@pytest.mark.parametrize("cost_type", ["regular", "adjustment"])
@pytest.mark.parametrize(
    ("mode", "corrections", "cost", "hours"),
    [
        ("PARTIAL_CORRECTION", [(-4.0, -40.0)], 6.0, 60.0),
        ("COMPLETE_NEGATION", [(-10.0, -100.0)], 0.0, 0.0),
        ("COMPLETE_NEGATION_WITH_REMONETIZATION", [(-10.0, -100.0), (9.0, 90.0)], 9.0, 90.0),
    ],
)
def test_a_correction_adds_up_with_what_it_corrects(
    tmp_path: Path,
    mode: str,
    corrections: list[tuple[float, float]],
    cost: float,
    hours: float,
    cost_type: str,
) -> None:
    """On the next invoice, of the old usage time: the node's cost and hours are the corrected ones."""
    later = [
        line(
            one,
            hours=many,
            month="202611",
            cost_type=cost_type,
            adjusted=("USAGE_CORRECTION", mode),
        )
        for one, many in corrections
    ]
    bill = read(tmp_path, line(10.0, hours=100.0), *later)
    assert by_class(bill, "billed_cost") == {"node": cost}
    assert by_class(bill, "list_cost") == {"node": round(cost * 1.1, 9)}
    assert by_class(bill, "quantity") == {"node": hours}


@pytest.mark.parametrize(
    "kind", ["GOODWILL", "SALES_BASED_GOODWILL", "SLA_VIOLATION", "GENERAL_ADJUSTMENT"]
)
def test_a_manual_adjustment_is_told_by_its_sign(tmp_path: Path, kind: str) -> None:
    """Whatever its reason: money back is a refund, money asked for an adjustment."""
    given = line(-2.0, cost_type="adjustment", adjusted=(kind, "MANUAL_ADJUSTMENT"))
    asked = line(0.5, cost_type="adjustment", adjusted=(kind, "MANUAL_ADJUSTMENT"))
    bill = read(tmp_path, line(10.0, hours=100.0), given, asked)
    assert by_class(bill, "billed_cost") == {"node": 10.0, "refund": -2.0, "adjustment": 0.5}


def test_explain_shows_why_it_was_adjusted(tmp_path: Path) -> None:
    given = line(-2.0, cost_type="adjustment", adjusted=("GOODWILL", "MANUAL_ADJUSTMENT"))
    made = provider(tmp_path, given)
    shown = made.lines(
        LinesRequest(scope=Scope(cluster="shop-prod"), window=WINDOW, subjects=(), limit=5)
    ).iloc[0]
    assert shown["adjustment_info.type"] == "GOODWILL"
    assert shown["adjustment_info.mode"] == "MANUAL_ADJUSTMENT"
    assert shown["adjustment_info.description"] == "by hand"


def test_a_line_for_each_price_tier(tmp_path: Path) -> None:
    """Tiers are lines of one SKU; each has its own amounts, and price.* repeats them per unit."""
    price = {"effective_price": 0.1, "tier_start_amount": 0.0, "list_price": 0.11}
    first = line(6.0, hours=60.0, price=price)
    second = line(2.0, hours=40.0, price=price | {"tier_start_amount": 60.0})
    bill = read(tmp_path, first, second)
    assert by_class(bill, "billed_cost") == {"node": 8.0}
    assert by_class(bill, "list_cost") == {"node": 8.8}
    assert by_class(bill, "quantity") == {"node": 100.0}


def test_a_surcharge_adds_money_and_no_hours(tmp_path: Path) -> None:
    """96 core-hours of 0.03 and 0.006 on top, 384 GiB-hours of 0.0008 on top: 3.7632, of 96 hours."""
    extra = [("Core", 96 * 0.006), ("Ram", 384 * 0.0008)]
    skus = [
        (f"Confidential VM N2D AMD Instance {part} running in Iowa", cost) for part, cost in extra
    ]
    skus += [("Spot Preemptible Confidential Computing Core", 0.0)]
    rows = [line(cost, hours=96.0, sku={"description": sku}) for sku, cost in skus]
    bill = read(tmp_path, line(2.88, hours=96.0), *rows)
    assert by_class(bill, "billed_cost") == {"node": 3.7632}
    assert by_class(bill, "quantity") == {"node": 96.0}


def test_what_a_models_price_saves_is_the_commitments(tmp_path: Path) -> None:
    """10 at list, 7.2 by the model; the export has no list price of the model's."""
    flexible = {"description": "Compute Flexible CUD - 1 Year"}
    bill = read(tmp_path, line(7.2, hours=10.0, cost_at_list=10.0, consumption_model=flexible))
    assert by_class(bill, "list_cost") == {"node": 10.0}
    assert by_class(bill, "x_public_cost") == by_class(bill, "billed_cost") == {"node": 7.2}


@pytest.mark.parametrize("stated", [True, False])
def test_sole_tenant_nodes_are_carried_by_what_runs_on_them(tmp_path: Path, stated: bool) -> None:
    """50 a day for N2's, 5 premium, 8 sustained: 30 to 10 core-hours is 3 to 1, and 47 is kept.

    C2's has no guest and stays by itself. Where no one is stated, a note says what they are.
    """
    tenancy = "Sole Tenancy Instance Core running in South Carolina"

    def row(
        cost: float, sku: str, name: str, project: str = "hosts", **told: Any
    ) -> dict[str, Any]:
        path = f"//compute.googleapis.com/projects/{project}/zones/us-east1-b/{name}"
        resource = {"name": name.partition("/")[2], "global_name": path}
        told = {"hours": 80.0, "labels": {}, "project": {"id": project}} | told
        return line(cost, sku={"description": sku}, resource=resource, **told)

    def hosted(name: str, hours: float) -> dict[str, Any]:
        sku = "N2 Custom Instance Core hosted on Sole Tenancy running in South Carolina"
        return row(0.0, sku, f"instances/{name}", "shop", hours=hours, labels=CLUSTER)

    rows = [
        hosted("gke-1", 30.0),
        hosted("gke-2", 10.0),
        row(50.0, f"N2 {tenancy}", "nodes/rack", credit=[("SUSTAINED_USAGE_DISCOUNT", -8.0)]),
        row(5.0, f"Sole Tenancy Premium for N2 {tenancy}", "nodes/rack"),
        row(40.0, f"C2 {tenancy}", "nodes/other"),
    ]
    resources = ("hosts/us-east1-b/node/*",) if stated else ()
    told = {"projects": ("shop", "hosts"), "cluster_resources": resources}
    bill = provider(tmp_path, *rows, **told).bill(
        BillRequest(scope=IN, window=WINDOW, identities=NO)
    )
    mine = bill.rows[bill.rows["in_cluster"]]
    sums = mine.groupby(["resource_key", "x_cost_class"])["billed_cost"].sum()
    node = "shop/us-east1-b/instance/gke-"
    want = {(f"{node}1", "node"): 0.0, (f"{node}2", "node"): 0.0}
    if stated:
        want = {
            (f"{node}1", "node"): 41.25,
            (f"{node}2", "node"): 13.75,
            (f"{node}1", "sustained_use"): -6.0,
            (f"{node}2", "sustained_use"): -2.0,
            ("hosts/us-east1-b/node/other", "other"): 40.0,
        }
    assert sums.to_dict() == pytest.approx(want)
    assert mine["quantity"].sum() == 40.0
    assert float(bill.control.billed) == pytest.approx(bill.rows["billed_cost"].sum()) == 87.0
    said = [note for note in bill.notes if "sole-tenant" in note]
    assert len(said) == (not stated)
    assert (
        stated
        or "hosts/us-east1-b/node/rack (55.00), hosts/us-east1-b/node/other (40.00)" in said[0]
    )


def test_workloads_of_cost_allocation_are_summed_once(tmp_path: Path) -> None:
    """A node's hour cut by workload: one node, one split by namespace, the same money."""
    parts = [
        (CLUSTER | {"k8s-namespace": space, "k8s-workload-name": name, "k8s-workload-type": kind})
        for space, name, kind in (
            ("shop", "web", "apps/v1-Deployment"),
            ("shop", "queue", "apps/v1-StatefulSet"),
            ("batch", "report", "batch/v1-Job"),
        )
    ]
    rows = [line(2.0, hours=20.0, labels=one) for one in parts]
    rest = line(4.0, hours=40.0, credit=[("PROMOTION", -1.0)])
    bill = read(tmp_path, *rows, rest)
    assert by_class(bill, "billed_cost") == {"node": 10.0, "credit": -1.0}
    assert by_class(bill, "quantity")["node"] == 100.0
    assert bill.control.lines == 4
    split = bill.namespace_split
    assert split is not None
    assert dict(zip(split["namespace"], split["cost"], strict=True)) == {"batch": 2.0, "shop": 4.0}


@pytest.mark.parametrize("cost_type", ["regular", "tax"])
def test_a_contract_of_a_year_is_billed_whole_where_it_begins(
    tmp_path: Path, cost_type: str
) -> None:
    """365 for a year from 1 October 12:00; the next day's window has none of it, nor September's."""
    term = {
        "usage_start_time": WINDOW.start.replace(hour=12),
        "usage_end_time": WINDOW.start.replace(year=2027),
    }
    hours = [
        line(0.0, usage_start_time=at, usage_end_time=at + timedelta(hours=1))
        for at in (WINDOW.start - timedelta(days=1), WINDOW.start, WINDOW.end)
    ]
    bought = line(365.0, cost_type=cost_type, **term)
    found = provider(tmp_path, bought, *hours)
    day = timedelta(days=1)
    windows = [Window(WINDOW.start + n * day, WINDOW.end + n * day) for n in (-1, 0, 1)]
    bills = [
        found.bill(BillRequest(scope=Scope(), window=window, identities=schemas.IDENTITY.empty()))
        for window in windows
    ]
    assert [float(one.control.billed) for one in bills] == [0, 365, 0]
    assert [one.rows["billed_cost"].sum() for one in bills] == [0, 365, 0]
    assert [one.rows["effective_cost"].sum() for one in bills] == [0, 365, 0]
