"""Small ledger inputs, written as a person would: only what matters, the rest filled in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from burn.api import schemas

DAY = pd.Timestamp("2026-10-01", tz="UTC")


def prices(*rows: dict[str, Any]) -> Any:
    base = {
        "day": DAY,
        "unit": "hours",
        "currency": "USD",
        "price_source": "bill",
        "cpu_rate": None,
        "memory_rate": None,
        "gpu_rate": None,
    }
    frame = pd.DataFrame([{**base, **row} for row in rows])
    frame["list_cost"] = frame["quantity"] * frame["unit_price"]
    return schemas.PRICES.validate(frame, author="test")


def bill(*rows: dict[str, Any]) -> Any:
    """Costs default down the line: public = list, contracted = effective = billed = public."""
    base: dict[str, Any] = {
        "day": DAY,
        "resource_key": "",
        "resource_name": "",
        "in_cluster": False,
        "match_method": "",
        "service_name": "EC2",
        "sub_account_id": "1",
        "region_id": "r",
        "sku": "",
        "charge_category": "Usage",
        "pricing_category": "Standard",
        "commitment_discount_id": "",
        "commitment_discount_type": "",
        "x_charge_kind": "Usage",
        "x_cost_class": "node",
        "quantity": 0.0,
        "x_lines": 1,
        "billing_currency": "USD",
    }
    out = []
    for row in rows:
        full = {**base, **row}
        full.setdefault("list_cost", 0.0)
        full.setdefault("x_public_cost", full["list_cost"])
        full.setdefault("effective_cost", full["x_public_cost"])
        full.setdefault("contracted_cost", full["effective_cost"])
        full.setdefault("billed_cost", full["effective_cost"])
        out.append(full)
    return schemas.BILL.validate(pd.DataFrame(out), author="test")


def identities(**keys: str) -> Any:
    frame = pd.DataFrame(
        [{"asset_id": f"node/{a}", "resource_key": k, "method": "id"} for a, k in keys.items()]
    )
    return schemas.IDENTITY.validate(frame, author="test")
