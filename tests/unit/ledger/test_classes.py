"""Every cost class lands in a driver that the ledger can explain."""

from __future__ import annotations

import pytest

from burn.api import schemas
from burn.api.drivers import DRIVERS
from burn.ledger.landing import land
from burn.ledger.unused import share_by_day
from burn.ledger.walk import walk
from tests.unit.ledger.frames import bill, identities, prices


@pytest.mark.parametrize("inside", [True, False])
def test_a_class_has_a_driver_of_its_group(inside: bool) -> None:
    rows = [
        {
            "resource_key": f"i-{name}",
            "x_cost_class": name,
            "in_cluster": inside,
            "match_method": "resource id" if inside else "",
            "list_cost": 5.0,
            "effective_cost": 3.0,
            "billed_cost": 2.0,
        }
        for name in schemas.COST_CLASSES
    ]
    priced = prices({"asset_id": "node/b", "quantity": 1.0, "unit_price": 1.0})
    landed = land(bill(*rows), identities(b="i-b"))
    ledger = walk(priced, landed, priced.set_index("asset_id")["unit"], share_by_day(landed))
    without = set(ledger["driver"]) - DRIVERS.keys()
    assert not without, f"add a Driver for {without} to burn/api/drivers.py"
    assert [DRIVERS[driver].group for driver in ledger["driver"]] == list(ledger["group"])
    # Up to BILLED, it is 2.00 of every class: none is left out.
    walked = ledger.loc[ledger["group"] != "invoice", "amount"].sum()
    assert walked == pytest.approx(2.0 * len(rows))
