"""The walk, against amounts worked out by hand."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api import ControlTotal, ToleranceError
from burn.ledger.costs import costs_by_basis
from burn.ledger.landing import land
from burn.ledger.totals import require_closed, totals
from burn.ledger.unused import share_by_day
from burn.ledger.walk import walk
from tests.unit.ledger.frames import DAY, bill, identities, prices

INSIDE = {"in_cluster": True, "match_method": "resource id"}
NAMES = pd.Series({"node/a": "node-a", "node/b": "node-b"})


def control(rows: Any) -> ControlTotal:
    billed = math.fsum(rows["billed_cost"])
    return ControlTotal(
        lines=int(rows["x_lines"].sum()), billed=Decimal(str(billed)), currency="USD"
    )


def amounts(ledger: Any) -> dict[str, float]:
    return {k: round(v, 9) for k, v in ledger.groupby("driver")["amount"].sum().items()}


def test_every_step_of_one_node_has_the_amount_a_person_would_work_out() -> None:
    # Seen 20 h at $0.10; billed 24 h: 10 on demand, 8 spot, 6 under a plan; 5 % negotiated off.
    seen = prices({"asset_id": "node/a", "quantity": 20.0, "unit_price": 0.10})
    node = {**INSIDE, "resource_key": "i-a"}
    rows = bill(
        {
            **node,
            "quantity": 10,
            "list_cost": 1.1,
            "x_public_cost": 1.1,
            "effective_cost": 1.045,
            "billed_cost": 1.045,
        },
        {
            **node,
            "quantity": 8,
            "list_cost": 0.88,
            "x_public_cost": 0.3,
            "effective_cost": 0.285,
            "billed_cost": 0.285,
            "pricing_category": "Dynamic",
        },
        {
            **node,
            "quantity": 6,
            "list_cost": 0.66,
            "x_public_cost": 0.4,
            "effective_cost": 0.38,
            "billed_cost": 0.66,
            "pricing_category": "Committed",
            "commitment_discount_id": "sp-1",
            "x_charge_kind": "Covered",
        },
    )
    landed = land(rows, identities(a="i-a"))
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    assert amounts(ledger) == {
        "report": 2.0,
        "uptime": 0.4,  # 4 hours more at 0.10
        "list_price": 0.24,  # 24 h at 0.11 instead of 0.10
        "spot": -0.58,
        "commitment": -0.26,
        "negotiated": -0.09,  # 0.055 + 0.015 + 0.02
        "amortisation": 0.28,  # the covered line is billed at list, before its negation
    }
    found = totals(ledger, control(rows))
    assert found.cluster_effective == pytest.approx(1.71)
    assert found.residual == pytest.approx(0, abs=1e-12)
    spot = ledger[ledger["driver"] == "spot"].iloc[0]
    assert (spot["subject"], spot["name"], spot["lines"]) == ("node/a", "node-a", 1)
    uptime = ledger[ledger["driver"] == "uptime"].iloc[0]
    assert (uptime["observed"], uptime["billed"]) == (20.0, 24.0)
    assert set(ledger.loc[ledger["driver"] == "commitment", "subject"]) == {"sp-1"}


def test_an_asset_that_is_not_billed_leaves_the_report_and_an_unseen_one_enters() -> None:
    seen = prices(
        {"asset_id": "node/a", "quantity": 5.0, "unit_price": 1.0},
        {"asset_id": "node/b", "quantity": 3.0, "unit_price": 1.0},
    )
    rows = bill(
        {**INSIDE, "resource_key": "i-a", "quantity": 5, "list_cost": 5.0},
        {
            **INSIDE,
            "match_method": "cluster tag",
            "resource_key": "i-dead",
            "quantity": 2,
            "list_cost": 2.0,
        },
    )
    landed = land(rows, identities(a="i-a", b="i-b"))
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    assert amounts(ledger) == {"report": 8.0, "unbilled": -3.0, "unseen": 2.0}
    unseen = ledger[ledger["driver"] == "unseen"].iloc[0]
    assert (unseen["subject"], unseen["confidence"]) == ("i-dead", "medium")


def test_a_price_that_changes_is_integrated_over_days() -> None:
    later = DAY + pd.Timedelta(days=1)
    seen = prices(
        {"asset_id": "node/a", "quantity": 24.0, "unit_price": 1.0},
        {"asset_id": "node/a", "day": later, "quantity": 12.0, "unit_price": 2.0},
    )
    node = {**INSIDE, "resource_key": "i-a"}
    rows = bill(
        {**node, "quantity": 24, "list_cost": 24.0},
        {**node, "day": later, "quantity": 24, "list_cost": 48.0},
    )
    landed = land(rows, identities(a="i-a"))
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    assert amounts(ledger) == {"report": 48.0, "uptime": 24.0}


def test_unused_commitment_is_shared_by_what_it_covered() -> None:
    seen = prices({"asset_id": "node/a", "quantity": 10.0, "unit_price": 1.0})
    plan = {"commitment_discount_id": "sp-1", "pricing_category": "Committed"}
    rows = bill(
        {
            **INSIDE,
            **plan,
            "resource_key": "i-a",
            "quantity": 10,
            "list_cost": 10.0,
            "x_public_cost": 6.0,
        },
        {**plan, "service_name": "RDS", "list_cost": 5.0, "x_public_cost": 2.0},
        {
            **plan,
            "x_cost_class": "unused_commitment",
            "effective_cost": 4.0,
            "billed_cost": 12.0,
            "service_name": "Plans",
            "charge_category": "Purchase",
        },
        {
            "commitment_discount_id": "sp-idle",
            "x_cost_class": "unused_commitment",
            "effective_cost": 7.0,
            "service_name": "Plans",
        },
    )
    landed = land(rows, identities(a="i-a"))
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    found = amounts(ledger)
    assert found["unused_commitment"] == 3.0  # 6 of the 8 that sp-1 covered
    plans = ledger[(ledger["driver"] == "outside") & (ledger["subject"] == "Plans")]
    assert plans["amount"].sum() == pytest.approx(8.0)  # the other quarter, and all of sp-idle
    assert found["amortisation"] == 8.0
    assert totals(ledger, control(rows)).residual == pytest.approx(0, abs=1e-9)


def test_the_reports_price_is_all_in_where_a_commitments_lines_have_none() -> None:
    """Cores at 2.25 and memory at 1.00 under a plan, nothing at list: 4 cores × 24 h × 0.05 is 4.80."""
    seen = prices({"asset_id": "node/a", "quantity": 96.0, "unit_price": 0.05})
    plan = {**INSIDE, "pricing_category": "Committed", "resource_key": "i-a"}
    rows = bill({**plan, "quantity": 96, "list_cost": 2.25}, {**plan, "list_cost": 1.0})
    landed = land(rows, identities(a="i-a"))
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    assert amounts(ledger) == {"report": 4.8, "commitment": -1.55}


def test_accounting_lines_take_their_cash_and_touch_no_usage() -> None:
    seen = prices({"asset_id": "node/a", "quantity": 1.0, "unit_price": 1.0})
    rows = bill(
        {**INSIDE, "resource_key": "i-a", "quantity": 1, "list_cost": 1.0},
        {
            "x_cost_class": "tax",
            "charge_category": "Tax",
            "billed_cost": 0.2,
            "effective_cost": 0.2,
        },
        {
            **INSIDE,
            "resource_key": "i-a",
            "x_cost_class": "credit",
            "charge_category": "Credit",
            "billed_cost": -0.5,
            "effective_cost": 0.0,
        },
    )
    landed = land(rows, identities(a="i-a"))
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    assert amounts(ledger) == {"report": 1.0, "tax": 0.2, "credit": -0.5}


def test_a_ledger_that_misses_the_control_total_is_an_error_with_the_amount() -> None:
    seen = prices({"asset_id": "node/a", "quantity": 1.0, "unit_price": 1.0})
    rows = bill({**INSIDE, "resource_key": "i-a", "quantity": 1, "list_cost": 1.0})
    landed = land(rows, identities(a="i-a"))
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    wrong = ControlTotal(lines=1, billed=Decimal("1.50"), currency="USD")
    with pytest.raises(ToleranceError, match=r"\+0\.5000"):
        require_closed(totals(ledger, wrong), wrong, 0.005)


CLASSES = [
    "node",
    "volume",
    "nat",
    "tax",
    "credit",
    "negotiated",
    "unused_commitment",
    "commitment_fee",
    "other",
]
MONEY = st.integers(-10_000, 1_000_000).map(lambda n: n / 100)


@st.composite
def any_row(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "resource_key": draw(st.sampled_from(["i-a", "i-b", "i-x", ""])),
        "in_cluster": draw(st.booleans()),
        "x_cost_class": draw(st.sampled_from(CLASSES)),
        "pricing_category": draw(st.sampled_from(["Standard", "Dynamic", "Committed"])),
        "commitment_discount_id": draw(st.sampled_from(["", "sp-1", "sp-2"])),
        "quantity": float(draw(st.integers(0, 24))),
        **{
            name: draw(MONEY)
            for name in ("list_cost", "x_public_cost", "effective_cost", "billed_cost")
        },
    }


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    st.lists(any_row(), min_size=1, max_size=30),
    st.lists(st.integers(0, 24), min_size=2, max_size=2),
)
def test_whatever_the_bill_holds_every_cent_of_it_is_in_the_ledger(
    raw: list[dict[str, Any]], hours: list[int]
) -> None:
    seen = prices(
        *(
            {"asset_id": f"node/{n}", "quantity": float(h), "unit_price": 0.3}
            for n, h in zip("ab", hours, strict=True)
        )
    )
    rows = bill(*raw)
    landed = land(rows, identities(a="i-a", b="i-b"))
    assert len(landed) == len(rows)
    ledger = walk(seen, landed, NAMES, share_by_day(landed))
    found = totals(ledger, control(rows))
    assert found.residual == pytest.approx(0, abs=1e-6)
    assert found.report == pytest.approx(0.3 * sum(hours))
    costs = costs_by_basis(seen, landed, found, share_by_day(landed), None)
    for basis, expected in (
        ("list", found.report),
        ("effective", found.cluster_effective),
        ("billed", found.cluster_billed if found.cluster_effective else 0.0),
    ):
        parts = [f.loc[f["basis"] == basis, "cost"].sum() for f in (costs.assets, costs.shared)]
        assert sum(parts) == pytest.approx(expected, abs=1e-6)
