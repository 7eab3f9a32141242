"""Assets with neither a price nor a line on the bill are said, by name."""

from __future__ import annotations

from typing import Any

import pandas as pd

from burn.api import schemas
from burn.api.vocabulary import BILLED_BY_POD
from burn.ledger.landing import land
from burn.ledger.unvalued import unvalued
from tests.unit.ledger.frames import DAY, bill, identities, prices

NONE = {"quantity": 24.0, "unit_price": 0.0, "price_source": "none: billed by bytes stored"}


def asset(asset_id: str, kind: str, name: str) -> dict[str, Any]:
    """An inventory row of which nothing else matters."""
    empty = {c.name: "" if c.kind == "string" else 0.0 for c in schemas.INVENTORY.columns}
    return empty | {"asset_id": asset_id, "day": DAY, "kind": kind, "name": name}


SHARES = [asset(f"volume/share-{n}", "volume", f"share-{n}") for n in range(5)]
GATEWAY = asset("load_balancer/gw.example.org", "load_balancer", "")
NODES = [asset("node/a", "node", "a"), asset("node/pods", "node", "pods")]
INVENTORY: Any = pd.DataFrame([*SHARES, GATEWAY, *NODES])
PRICES = prices(
    {"asset_id": "node/a", "quantity": 24.0, "unit_price": 0.10},
    # Priced on one of two days: that step of the ledger shows it.
    {"asset_id": "volume/share-4", "quantity": 24.0, "unit_price": 0.1, "price_source": "settings"},
    {"asset_id": "volume/share-4", **NONE, "day": DAY + pd.Timedelta(days=1)},
    {"asset_id": "node/pods", **NONE, "unit": BILLED_BY_POD},
    *({"asset_id": one["asset_id"], **NONE} for one in (*SHARES[:4], GATEWAY)),
)


def test_without_a_bill_all_that_has_no_price_is_said() -> None:
    found = unvalued(PRICES, INVENTORY)
    assert found.startswith(
        "4 volumes (share-0, share-1, share-2, …) and 1 load balancer"
        " (load_balancer/gw.example.org) have no price: in the report at nothing"
    )
    assert "run.price_sources = table" in found
    assert unvalued(PRICES[PRICES["price_source"] == "bill"], INVENTORY) == ""


def test_what_the_bill_has_a_line_of_is_not() -> None:
    known = identities(a="i-a").assign(asset_id="volume/share-0")
    row = {"in_cluster": True, "match_method": "resource id", "resource_key": "i-a"}
    landed = land(bill({**row, "x_cost_class": "other", "list_cost": 3.0}), known)
    found = unvalued(PRICES, INVENTORY, landed)
    assert found.startswith("3 volumes (share-1, share-2, share-3) and 1 load balancer (")
    assert "have neither a price nor a line on the bill" in found
