"""Which days of the cluster a bill lacks; figures a person can check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from burn.api import schemas
from burn.ledger.checks.delivered import Undelivered, undelivered
from burn.ledger.landing import land
from tests.unit.ledger.frames import DAY, bill, identities, prices

INSIDE = {"in_cluster": True, "match_method": "resource id"}


def day(number: int) -> pd.Timestamp:
    return DAY + pd.Timedelta(days=number)


def seen(node: str, days: Iterable[int]) -> list[dict[str, Any]]:
    what = {"asset_id": f"node/{node}", "quantity": 24.0, "unit_price": 0.1}
    return [{**what, "day": day(number)} for number in days]


def billed(node: str, days: Iterable[int], hours: float = 24.0, **more: Any) -> list[dict]:
    key = {**INSIDE, "resource_key": f"i-{node}", "quantity": hours, "list_cost": hours / 10}
    return [{**key, "day": day(number), **more} for number in days]


def found(observed: list[dict], rows: list[dict], **keys: str) -> Undelivered | None:
    priced = prices(*observed)
    frame = schemas.INVENTORY.empty().reindex(range(len(priced)))
    frame = frame.assign(asset_id=priced["asset_id"], day=priced["day"], kind="node")
    named = identities(**(keys or {"a": "i-a", "b": "i-b"}))
    inventory: Any = frame.assign(hours=priced["quantity"])
    return undelivered(land(bill(*rows), named), named, priced, inventory)


def test_days_after_the_last_delivered_one() -> None:
    said = found(seen("a", range(5)), billed("a", range(3)))
    assert said is not None
    assert said.since == day(3)
    assert "2026-10-04..2026-10-05 (2 days), though the metrics have 48 node-hours" in said.note


def test_nodes_that_came_after_the_last_delivered_day_count() -> None:
    said = found([*seen("a", range(2)), *seen("b", range(2, 4))], billed("a", range(2)))
    assert said is not None
    assert said.since == day(2)


def test_the_newest_day_is_there_in_part() -> None:
    rows = [*billed("a", range(3)), *billed("a", [3], hours=6)]
    said = found(seen("a", range(5)), rows)
    assert said is not None
    assert said.since == day(3)
    assert "only 12.5 %" in said.note  # 6 of 48


def test_a_node_of_another_account_is_no_missing_day() -> None:
    observed = [*seen("a", range(4)), *seen("b", range(4))]
    assert found(observed, billed("a", range(4))) is None
    third = {"a": "i-a", "b": "i-b", "c": "i-c"}
    assert found([*observed, *seen("c", range(4))], billed("a", range(4)), **third) is None


def test_a_line_of_several_days_is_on_all_of_them() -> None:
    assert found(seen("a", range(3)), billed("a", [0], hours=72.0, x_hours=72.0)) is None


def test_metrics_that_miss_hours_are_not_the_bills_fault() -> None:
    assert found(seen("a", [0, 3]), billed("a", range(4))) is None
