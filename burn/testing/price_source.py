"""What every price source must do, wherever its prices are from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from burn.api import (
    CheckRequest,
    InventoryFrame,
    PriceFrame,
    PriceRequest,
    PriceSource,
    PriceSourceSpec,
    Scope,
    Window,
    schemas,
)
from burn.api.confidence import meaning
from burn.ledger.own_prices import covered
from burn.plugin.chosen import Chosen
from burn.stages.price import OwnPrices, asked
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.tiny import tiny_observation

DAY = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 2, tzinfo=UTC))


class PriceSourceConformance(PluginChecks, Conformance):
    """Subclass, set `plugin`, implement `make`; `inventory` must have something it prices."""

    check_group = "frames"
    kind = PriceSourceSpec
    contract = PriceSource
    window: ClassVar[Window] = DAY

    def made(self) -> PriceSource:
        """See `PluginChecks`."""
        return self.make()

    def make(self) -> PriceSource:
        """A fresh price source."""
        raise NotImplementedError

    def inventory(self) -> InventoryFrame:
        """What is asked for; the tiny cluster's, where the subclass has nothing else."""
        return tiny_observation(self.window).inventory

    def _request(self, inventory: InventoryFrame) -> PriceRequest:
        return PriceRequest(scope=Scope(), window=self.window, inventory=inventory, currency="USD")

    def _asked(self, inventory: InventoryFrame) -> PriceFrame:
        made: Chosen[Any] = Chosen(self.plugin, "burn.testing", self.make())
        return PriceFrame(asked(self._request(inventory), OwnPrices(sources=[made])))

    def test_it_can_be_asked_whether_it_works(self) -> None:
        """`burn doctor` has something to show: each check with its texts."""
        checks = list(self.make().check(CheckRequest(window=self.window)))
        assert all(one.name and one.detail for one in checks)
        assert all(one.ok or one.hint for one in checks)

    def test_its_prices_are_consistent_and_of_what_was_asked_for(self) -> None:
        """Each is quantity × unit price, not negative, of an asset and day that is there."""
        inventory = self.inventory()
        found = self._asked(inventory)
        assert len(found), "it prices nothing of `inventory`"
        assert covered(found, inventory).all()

    def test_each_price_says_where_it_is_from(self) -> None:
        """In a word of the vocabulary; what the user states is no guess."""
        sources = self._asked(self.inventory())["price_source"]
        assert (meaning(sources, schemas.PRICE_SOURCES, "unknown") != "unknown").all(), set(sources)

    def test_a_day_has_no_more_than_its_hours(self) -> None:
        """What is counted in hours was there so long, and what is stored, at most a day."""
        inventory = self.inventory().astype({"asset_id": "str"})
        found = self._asked(self.inventory()).astype({"asset_id": "str", "unit": "str"})
        both = found.merge(inventory, on=["asset_id", "day"])
        most = {"hours": both["hours"], "GiB-hours": both["hours"] * both["storage_gib"]}
        for unit, limit in most.items():
            mine = both["unit"] == unit
            assert (both["quantity"][mine] <= limit[mine] * (1 + 1e-9) + 1e-9).all(), unit

    def test_the_same_question_has_the_same_answer(self) -> None:
        """Two fresh sources, one answer; row order does not matter, and nothing is changed."""
        inventory = self.inventory()
        before = inventory.copy(deep=True)
        turned = schemas.INVENTORY.validate(inventory.iloc[::-1], author="burn.testing")
        frames = [self._asked(one) for one in (inventory, inventory, turned)]
        assert frames[0].equals(frames[1])
        first, last = (
            one.sort_values(["asset_id", "day"], ignore_index=True) for one in frames[1:]
        )
        assert (first["list_cost"] - last["list_cost"]).abs().max() <= 1e-9
        assert before.equals(inventory)

    def test_of_nothing_there_is_no_price(self) -> None:
        """A window without assets is no error."""
        assert self._asked(schemas.INVENTORY.empty()).empty
