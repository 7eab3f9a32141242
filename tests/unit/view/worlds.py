"""Random reports that tie out, for property tests: ledgers of any drivers, allocations to match."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from burn.api import Report, schemas
from burn.api.drivers import DRIVERS
from tests.unit.view import builders

AMOUNT = st.floats(-1e5, 1e5).map(lambda x: round(x, 7))
COST = st.floats(0.0, 1e5).map(lambda x: round(x, 7))
NAME = st.sampled_from(
    ["", "shop", "batch", "kube-system", "größe", "=1+1", "a\x1b[31mb", "[red]x"]
)
KIND = st.sampled_from(["direct", "idle", "system", "shared", "unallocated"])


@st.composite
def ledgers(draw: st.DrawFn) -> Any:
    # The walk to the invoice follows from the control total's invoices, which these reports lack.
    drivers = sorted(name for name, driver in DRIVERS.items() if driver.group != "invoice")
    chosen = draw(st.lists(st.sampled_from(drivers), unique=True, max_size=15))
    rows = []
    for name in ["report", *(n for n in chosen if n != "report")]:
        cost = COST if name == "report" else AMOUNT
        rows += [
            {
                "group": DRIVERS[name].group,
                "driver": name,
                "subject": f"{name}-{number}",
                "amount": draw(cost),
                "lines": draw(st.integers(0, 5)),
                "confidence": draw(st.sampled_from(["high", "medium", "low"])),
            }
            for number in range(draw(st.integers(1, 4)))
        ]
    return builders.ledger(rows)


@st.composite
def reports(draw: st.DrawFn, basis: str = "effective") -> Report:
    """The allocation reaches the ledger's landing in each basis by an idle row that may be < 0."""
    ledger = draw(ledgers())
    totals = builders.totals(ledger)
    landing = {
        "list": totals.report,
        "effective": totals.cluster_effective,
        "billed": totals.cluster_billed,
    }
    rows = []
    for wanted in sorted({"list", basis}):
        parts = draw(st.lists(st.tuples(NAME, KIND, COST), max_size=12))
        resource = st.sampled_from([*schemas.RESOURCES[:3], "nat"])
        rows += [
            {
                "basis": wanted,
                "namespace": name,
                "workload": f"w-{kind}",
                "kind": kind,
                "cost": cost,
                "resource": draw(resource),
            }
            for name, kind, cost in parts
        ]
        rest = landing[wanted] - math.fsum(cost for *_, cost in parts)
        rows.append({"basis": wanted, "kind": "idle", "cost": rest})
    prices = builders.prices([("node/a", builders.day(0), totals.report, "bill")])
    return builders.report(ledger, builders.allocation(rows), prices, basis=basis)
