"""The user's prices before the provider's: which counts, in which unit, in which currency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from burn.api import ContractError, DataError, PriceRequest, Scope, schemas
from burn.plugin.chosen import Chosen
from burn.stages.price import OwnPrices, price
from burn.testing import tiny_observation
from burn.testing.policy import DAY
from burn.testing.tiny import DISK, DOOR, NODE
from burn.work.events import Remembered, Silent

INVENTORY = tiny_observation(DAY).inventory
Row = tuple[str, float, str, float]
"""Asset, quantity, unit, unit price."""


def frame(rows: Sequence[Row], currency: str = "USD", source: str = "bill") -> Any:
    made = [
        {"asset_id": asset, "quantity": n, "unit": unit, "unit_price": rate, "list_cost": n * rate}
        for asset, n, unit, rate in rows
    ]
    about = {"day": DAY.start, "currency": currency, "price_source": source}
    columns = ["asset_id", "quantity", "unit", "unit_price", "list_cost"]
    prices = pd.DataFrame(made, columns=columns).assign(**about)
    prices["day"] = pd.to_datetime(prices["day"], utc=True)
    return schemas.PRICES.validate(schemas.PRICES.fill(prices), author="test")


class Says:
    def __init__(self, *rows: Row, **about: str) -> None:
        self.rows, self.about = rows, about
        self.asked: PriceRequest | None = None

    def price(self, request: PriceRequest) -> Any:
        self.asked = request
        return frame(self.rows, **self.about)


THEIRS = ((NODE, 24.0, "hours", 1.0), (DISK, 240.0, "GiB-hours", 0.01), (DOOR, 24.0, "hours", 0.2))


def done(
    provider: Says, *sources: Says, worth: dict[str, float] | None = None
) -> tuple[dict[str, Any], list[str]]:
    log = Remembered(Silent())
    own = OwnPrices(
        sources=[Chosen(f"s{n}", f"burn-s{n} 1", one) for n, one in enumerate(sources)],
        identified=frozenset({NODE}),
        currency="USD",
        worth=worth or {"": 1.0},
    )
    chosen: Chosen[Any] = Chosen("fake", "acme 1", provider)
    found = price(chosen, Scope(), INVENTORY, DAY, log, own)
    rows = found.astype({"asset_id": "str"}).set_index("asset_id").to_dict("index")
    return rows, log.warnings


def test_the_first_named_counts_and_the_provider_has_the_rest() -> None:
    first = Says((NODE, 24.0, "hours", 3.0), source="price list (contract)")
    second = Says((NODE, 24.0, "hours", 5.0), (DOOR, 24.0, "hours", 0.5), source="settings")
    provider = Says(*THEIRS)
    rows, warned = done(provider, first, second)
    costs = {asset: row["list_cost"] for asset, row in rows.items()}
    assert costs == {NODE: 72.0, DISK: 2.4, DOOR: 12.0}
    assert [rows[one]["price_source"] for one in (NODE, DOOR, DISK)] == [
        *("price list (contract)", "settings", "bill")
    ]
    assert warned == []
    assert provider.asked is not None
    assert provider.asked.priced is not None
    told = dict(zip(INVENTORY["asset_id"], provider.asked.priced, strict=True))
    assert told == {NODE: True, DISK: False, DOOR: True}
    assert first.asked is not None
    assert (first.asked.currency, first.asked.identified, first.asked.priced) == (
        *("USD", {NODE}, None),
    )
    turned, _ = done(Says(*THEIRS), second, first)
    assert turned[NODE]["list_cost"] == 120.0


def test_the_provider_says_what_is_counted() -> None:
    """A pod's node of 24 hours at 3.00 is 12 vCPU-hours at 6.00; the same is said."""
    theirs = ((NODE, 12.0, "vCPU-hours", 1.0), *THEIRS[1:])
    rows, warned = done(Says(*theirs), Says((NODE, 24.0, "hours", 3.0)))
    node = rows[NODE]
    assert (node["quantity"], node["unit"], node["unit_price"]) == (12.0, "vCPU-hours", 6.0)
    assert node["list_cost"] == 72.0
    assert "1 nodes that are billed by their pods have own prices for whole nodes" in warned[0]
    none = ((NODE, 0.0, "vCPU-hours", 1.0), *THEIRS[1:])
    _, warned = done(Says(*none), Says((NODE, 24.0, "hours", 3.0)))
    assert "1 of them cost nothing" in warned[0]


@pytest.mark.parametrize(
    ("worth", "factor"),
    [
        ({"": 1.0, "EUR": 1.25}, 1.25),
        ({"USD": 1.0, "EUR": 1.25}, 1.25),
        ({"EUR": 1.0, "USD": 0.8}, 1.25),
        ({"GBP": 1.0, "USD": 0.8, "EUR": 0.6}, 0.75),
    ],
)
def test_another_currency_at_the_stated_rate(worth: dict[str, float], factor: float) -> None:
    rows, _ = done(Says(*THEIRS), Says((NODE, 24.0, "hours", 2.0), currency="EUR"), worth=worth)
    assert rows[NODE]["list_cost"] == pytest.approx(48 * factor)
    assert {row["currency"] for row in rows.values()} == {"USD"}
    assert f"at {factor:g} USD per EUR" in rows[NODE]["price_source"]


@pytest.mark.parametrize("worth", [{"": 1.0}, {"EUR": 1.0}, {"": 1.0, "GBP": 1.0}])
def test_a_currency_without_a_rate_is_refused(worth: dict[str, float]) -> None:
    with pytest.raises(DataError, match="own prices are in EUR, the bill is in USD"):
        done(Says(*THEIRS), Says((NODE, 24.0, "hours", 2.0), currency="EUR"), worth=worth)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ("node/ghost", 24.0, "hours", 2.0),
            "burn-s0 1 returned a price for the unseen node/ghost",
        ),
        ((NODE, 24.0, "hours", -2.0), "burn-s0 1 returned a price below zero"),
    ],
)
def test_a_bad_source_is_blamed(row: Row, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        done(Says(*THEIRS), Says(row))
