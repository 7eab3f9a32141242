"""Node-hours that the bill has at nothing are said; figures a person can check."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from burn.api import schemas
from burn.ledger.landing import land
from burn.ledger.unpaid import unpaid
from tests.unit.ledger.frames import DAY, bill, identities, prices

NODE = {"in_cluster": True, "match_method": "resource id", "resource_key": "i-a"}


def note(*rows: dict[str, Any]) -> str | None:
    seen = prices({"asset_id": "node/a", "quantity": 24.0, "unit_price": 0.10})
    inventory = pd.DataFrame([{"asset_id": "node/a", "day": DAY, "kind": "node", "hours": 24.0}])
    for column in schemas.INVENTORY.columns:
        if column.name not in inventory:
            inventory[column.name] = "" if column.kind == "string" else 0.0
    rows = bill(*({**NODE, **row} for row in rows))
    return unpaid(land(rows, identities(a="i-a"), inventory), seen, inventory)  # type: ignore[arg-type]


def test_paid_hours_need_no_word() -> None:
    assert note({"quantity": 24, "list_cost": 2.4}) is None
    assert note({"quantity": 24, "list_cost": 2.4, "effective_cost": 0.24}) is None
    # A host's part has no hours of its own and pays for the day.
    assert note({"quantity": 24}, {"quantity": 0, "list_cost": 60.0}) is None


def test_hours_at_nothing_are_counted_and_worth_the_reports_price() -> None:
    found = note({"quantity": 18}, {"quantity": 6, "pricing_category": "Dynamic", "list_cost": 0.2})
    assert found is not None
    assert found.startswith("18 node-hours of 1 node are on the bill at nothing (1.80 at")
    assert "a dedicated host" in found


@pytest.mark.parametrize(
    ("commitment", "named"), [("cud-7", "a commitment (cud-7) covers"), ("", "a commitment covers")]
)
def test_a_commitment_without_a_fee_in_scope_is_named(commitment: str, named: str) -> None:
    covered = {"pricing_category": "Committed", "commitment_discount_id": commitment}
    found = note({"quantity": 24, "list_cost": 2.4, "effective_cost": 0.0, **covered})
    assert found is not None
    assert named in found
