"""What a frame's author reads when a frame is refused: the thing, what was meant, and where to look."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from burn.api import Column, ContractError, Schema, UsageError, Window, schemas

ORDERS: Schema[pd.DataFrame] = Schema(
    "orders",
    key=(),
    columns=(
        Column("cost", "float", doc="in the bill's currency"),
        Column("kind", "string", one_of=("node_disk", "snapshot")),
        Column("labels", "string", doc="JSON object, keys sorted"),
        Column("day", "timestamp", doc="UTC midnight"),
    ),
)
GOOD: dict[str, Any] = {
    "cost": [1.0],
    "kind": ["snapshot"],
    "labels": ["{}"],
    "day": [datetime(2026, 10, 1, tzinfo=UTC)],
}


@pytest.mark.parametrize(
    ("change", "says", "hint"),
    [
        ({"Cost": [1.0], "cost": None}, "columns missing: `cost` (did you mean `Cost`?)", ""),
        ({"extra": [1]}, "unknown columns: `extra`", ""),
        ({"kind": ["nodeDisk"]}, "column `kind` has `nodeDisk` (did you mean `node_disk`?);", ""),
        ({"labels": [{"a": 1}]}, "column `labels` holds dict, not text (as JSON text)", "JSON obj"),
        ({"cost": ["1.0"]}, "column `cost` is text, not float", "`cost`: in the bill's currency;"),
        ({"day": ["2026-10-01"]}, "column `day` is text, not timestamp", "`day`: UTC midnight;"),
        ({"cost": [float("nan")]}, "column `cost` has 1 nulls (rows 0)", "`cost`: in the bill's"),
    ],
)
def test_a_refused_frame_says_what_was_meant(change: Any, says: str, hint: str) -> None:
    columns = {name: value for name, value in (GOOD | change).items() if value is not None}
    with pytest.raises(ContractError) as refused:
        ORDERS.validate(pd.DataFrame(columns), author="acme 1.0")
    assert refused.value.message.startswith(f"acme 1.0 returned a bad orders frame: {says}")
    assert hint in str(refused.value.hint)
    assert str(refused.value.hint).endswith("finds the frame in docs/reference/frames.md#orders")


def test_a_column_of_a_newer_minor_version_is_left_out_and_a_misspelt_one_is_not() -> None:
    rows = schemas.BILL.empty()
    newer = rows.assign(x_carbon_grams=1.5, x_owner_hours=2.0)
    assert schemas.BILL.validate(newer, author="acme 2").columns.tolist() == schemas.BILL.names
    for name, meant in (("x_hour", "x_hours"), ("x_tiedto", "x_tied_to")):
        with pytest.raises(ContractError, match=f"`{name}` .did you mean `{meant}`"):
            schemas.BILL.validate(rows.assign(**{name: 1.0}), author="acme 2")
    with pytest.raises(ContractError, match="unknown columns: `carbon_grams`"):
        schemas.BILL.validate(rows.assign(carbon_grams=1.0), author="acme 2")


def test_a_window_of_centuries_is_a_mistake() -> None:
    with pytest.raises(UsageError, match=r"window 1-01-01\.\.9999-01-01 spans 3,651,694 days"):
        Window.parse("0001-01-01..9999-01-01", now=datetime(2026, 11, 1, tzinfo=UTC))
