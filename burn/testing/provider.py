"""What every billing provider must do, whatever its cloud."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from burn.api import (
    Bill,
    BillingProvider,
    BillingProviderSpec,
    CheckRequest,
    DataError,
    IdentifyRequest,
    InventoryFrame,
    LinesRequest,
    PeriodRequest,
    PriceFrame,
    PriceRequest,
    Window,
    schemas,
)
from burn.api.confidence import word
from burn.ledger.checks.hours import require_possible
from burn.ledger.landing import land
from burn.ledger.shared_resources import is_shared
from burn.testing.gaps import Conformance
from burn.testing.plugin import PluginChecks
from burn.testing.provider_case import ProviderCase, bill_of, inventory_of
from burn.testing.provider_failures import ProviderFailures
from burn.testing.provider_files import ProviderFiles
from burn.testing.provider_truth import ProviderTruth
from burn.validation.rows_accounted import require_accounted

MONEY = ("list_cost", "x_public_cost", "contracted_cost", "effective_cost", "billed_cost")


class BillingProviderConformance(
    ProviderFailures, ProviderTruth, ProviderFiles, PluginChecks, Conformance
):
    """Subclass, set `plugin`, implement `make_case` (or override the `case` fixture)."""

    check_group = "frames"
    kind = BillingProviderSpec
    contract = BillingProvider

    @pytest.fixture(autouse=True)
    def _made(self, case: ProviderCase) -> None:
        self._provider = case.provider

    def made(self) -> BillingProvider:
        """See `PluginChecks`."""
        return self._provider

    def make_case(self) -> ProviderCase:
        """The data the checks run on; called once a class."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls) -> ProviderCase:
        """The subclass's case, made once; override it for a case that must be closed again."""
        return cls().make_case()

    @pytest.fixture(scope="class")
    @classmethod
    def bill(cls, case: ProviderCase) -> Bill:
        """The whole window's bill."""
        return bill_of(case, case.window)

    @pytest.fixture(scope="class")
    @classmethod
    def prices(cls, case: ProviderCase) -> PriceFrame:
        """Of the whole inventory."""
        return cls._prices(case, case.inventory)

    def test_check_says_what_is_reachable(self, case: ProviderCase) -> None:
        """Every check has a name and a detail; one that failed has a next step."""
        checks = list(case.provider.check(CheckRequest()))
        assert checks
        for check in checks:
            assert check.name
            assert check.detail
            assert check.ok or check.hint, f"{check.name} failed without a hint"

    def test_identities_are_of_known_assets(self, case: ProviderCase) -> None:
        """Valid rows, no unknown asset; two assets claim one resource only where it says shared."""
        found = schemas.IDENTITY.validate(
            case.provider.identify(IdentifyRequest(inventory=case.inventory)), author=self.plugin
        )
        assert set(found["asset_id"]) <= set(case.inventory["asset_id"])
        shared = is_shared(found)
        assert not found.loc[~shared, "resource_key"].duplicated().any()
        assert {word(text) for text in found["method"]} <= schemas.IDENTITY_METHODS.keys()
        assert (found["resource_key"] != "").all()
        assert len(found)

    def test_an_unknown_asset_gets_no_identity(self, case: ProviderCase) -> None:
        """Half a match is worse than none."""
        strange = case.inventory.head(1).assign(provider_id="nowhere:///x", pod_uid="", name="x")
        assert case.provider.identify(IdentifyRequest(inventory=inventory_of(strange))).empty

    def test_every_asset_and_day_has_one_price(
        self, case: ProviderCase, prices: PriceFrame
    ) -> None:
        """One row per inventory row, in order of nothing, costing quantity × unit price."""
        wanted = case.inventory[["asset_id", "day"]].sort_values(["asset_id", "day"])
        given = prices[["asset_id", "day"]].sort_values(["asset_id", "day"])
        assert wanted.to_numpy().tolist() == given.to_numpy().tolist()
        for quantity, price, cost in prices[["quantity", "unit_price", "list_cost"]].to_numpy():
            assert math.isclose(quantity * price, cost, rel_tol=1e-9, abs_tol=1e-9)
        assert (prices["list_cost"] >= 0).all()

    def test_every_price_says_where_it_comes_from(self, prices: PriceFrame) -> None:
        """A guess is labelled; nothing is silent."""
        assert {word(text) for text in prices["price_source"]} <= schemas.PRICE_SOURCES.keys()
        assert prices["currency"].nunique() == 1

    def test_a_price_does_not_depend_on_its_neighbours(
        self, case: ProviderCase, prices: PriceFrame
    ) -> None:
        """Half of the inventory is priced as it is in the whole."""
        keys = ["asset_id", "day"]
        some = inventory_of(case.inventory.iloc[::2])
        whole = prices.set_index(keys)["list_cost"]
        half = self._prices(case, some).set_index(keys)["list_cost"]
        assert (abs(whole.reindex(half.index) - half) < 1e-9).all()

    def test_the_same_assets_have_the_same_prices(
        self, case: ProviderCase, prices: PriceFrame
    ) -> None:
        """Asked twice, and in another order of rows."""
        key = ["asset_id", "day"]
        shuffled = inventory_of(case.inventory.iloc[::-1])
        first, again, turned = (
            found.sort_values(key, ignore_index=True)
            for found in (
                prices,
                self._prices(case, case.inventory),
                self._prices(case, shuffled),
            )
        )
        assert again.equals(first)
        assert turned.equals(first)

    def test_prices_and_bill_have_one_currency(self, prices: PriceFrame, bill: Bill) -> None:
        """A sum over two is no amount of money."""
        found = {*prices["currency"], *bill.rows["billing_currency"]}
        assert found == {bill.control.currency}

    def test_an_empty_inventory_has_no_prices(self, case: ProviderCase) -> None:
        """Nothing observed is not an error here."""
        assert self._prices(case, schemas.INVENTORY.empty()).empty
        assert case.provider.identify(IdentifyRequest(inventory=schemas.INVENTORY.empty())).empty

    def test_the_bill_frame_is_valid(self, case: ProviderCase, bill: Bill) -> None:
        """Columns, kinds, vocabulary; every day inside the window."""
        rows = schemas.BILL.validate(bill.rows, author=self.plugin)
        midnight = case.window.start.replace(hour=0)
        assert (rows["day"] >= midnight).all()
        assert (rows["day"] < case.window.end).all()
        assert (rows["day"].dt.hour == 0).all()
        assert rows["billing_currency"].nunique() == 1

    def test_what_is_said_of_commitments_is_of_some(self, bill: Bill) -> None:
        """Valid, each with its id; one that is bound to a family names it, and none ends before it starts."""
        if bill.commitments is None:
            return
        said = schemas.COMMITMENT_TERMS.validate(bill.commitments, author=self.plugin)
        assert (said["commitment_discount_id"] != "").all()
        assert (said.loc[said["bound"] == "family", "family"] != "").all()
        assert not (said["end"] <= said["start"]).any()
        assert not (said["months"] <= 0).any()

    def test_the_bill_reaches_its_control_total(self, bill: Bill) -> None:
        """To the cent and to the line: counted by rules, and counted without."""
        billed = math.fsum(bill.rows["billed_cost"])
        assert math.isclose(billed, float(bill.control.billed), rel_tol=1e-9, abs_tol=0.005)
        assert int(bill.rows["x_lines"].sum()) == bill.control.lines

    def test_credits_lower_the_bill(self, bill: Bill) -> None:
        """A credit is never positive."""
        lowers = bill.rows[bill.rows["charge_category"] == "Credit"]
        assert (lowers["billed_cost"] <= 1e-9).all()

    def test_cluster_rows_say_how_they_were_matched(self, bill: Bill) -> None:
        """And rows outside the cluster do not."""
        inside = bill.rows["in_cluster"]
        assert (bill.rows.loc[inside, "match_method"] != "").all()
        assert (bill.rows.loc[~inside, "match_method"] == "").all()
        assert inside.any()
        words = {word(text) for text in bill.rows.loc[inside, "match_method"].unique()}
        assert words <= schemas.MATCH_METHODS.keys()

    def test_modelled_charges_have_a_quantity_in_the_prices_unit(
        self, case: ProviderCase, bill: Bill
    ) -> None:
        """Without it the ledger cannot tell hours from rates."""
        identities = case.provider.identify(IdentifyRequest(inventory=case.inventory))
        rows = bill.rows.merge(identities, on="resource_key")
        rows = rows[rows["x_cost_class"].isin(schemas.MODELLED_CLASSES)]
        assert len(rows)
        assert (rows.groupby("asset_id")["quantity"].sum() > 0).all()

    def test_no_asset_has_more_hours_than_a_day(
        self, case: ProviderCase, prices: PriceFrame, bill: Bill
    ) -> None:
        """A quantity in another unit, or on two meters of one machine, would show here."""
        identities = case.provider.identify(IdentifyRequest(inventory=case.inventory))
        landed = land(bill.rows, identities, case.inventory)
        assert require_possible(landed, identities, prices) is None

    def test_every_line_is_accounted_for(self, bill: Bill) -> None:
        """Each file's own count of rows and amounts meets what the reader says became of them."""
        require_accounted(bill.control, self.plugin)

    def test_two_halves_are_the_whole(self, case: ProviderCase, bill: Bill) -> None:
        """Each kind of cost, by class: what is left of a month plus what is right of it."""
        start, end = case.window.start, case.window.end
        middle = (start + (end - start) / 2).replace(hour=0, minute=0)
        halves = [bill_of(case, w).rows for w in (Window(start, middle), Window(middle, end))]
        whole = bill.rows.groupby("x_cost_class")[list(MONEY)].sum()
        first, second = (
            h.groupby("x_cost_class")[list(MONEY)].sum().reindex(whole.index, fill_value=0.0)
            for h in halves
        )
        parts = first + second
        assert (abs(whole - parts) < 0.005).all(axis=None), whole - parts

    def test_the_same_question_gives_the_same_answer(self, case: ProviderCase, bill: Bill) -> None:
        """Row for row, so that two runs can be compared."""
        again = bill_of(case, case.window)
        assert again.rows.equals(bill.rows)
        assert again.control == bill.control

    def test_one_hour_is_a_window_too(self, case: ProviderCase) -> None:
        """Closing to its own control total."""
        hour = Window(case.window.start, case.window.start + timedelta(hours=1))
        found = bill_of(case, hour)
        billed = math.fsum(found.rows["billed_cost"])
        assert math.isclose(billed, float(found.control.billed), abs_tol=0.005)

    def test_a_window_without_charges_is_an_error_or_empty(self, case: ProviderCase) -> None:
        """Never somebody else's month."""
        early = Window(
            case.window.start - timedelta(days=4000), case.window.end - timedelta(days=4000)
        )
        try:
            rows = bill_of(case, early).rows
        except DataError as refused:
            hint = refused.hint
        else:
            hint = "" if len(rows) else "empty, as it should be"
        assert hint

    def test_the_period_covers_the_case(self, case: ProviderCase) -> None:
        """What `burn run` without --window starts from."""
        period = case.provider.period(PeriodRequest(scope=case.scope))
        assert period.start <= case.window.start
        assert period.complete_until > period.start

    def test_a_figure_can_be_traced_to_bill_lines(self, case: ProviderCase, bill: Bill) -> None:
        """`lines` finds rows of a resource, each with its name in it, and no more than asked for."""
        inside = bill.rows[bill.rows["in_cluster"] & (bill.rows["resource_key"] != "")]
        key = inside["resource_key"].iloc[0]
        lines = case.provider.lines(
            LinesRequest(scope=case.scope, window=case.window, subjects=[key], limit=3)
        )
        assert 1 <= len(lines) <= 3
        assert len(lines.columns) > 3
        name = str(key).lower().replace(":", "/").rpartition("/")[2]
        told = lines.astype(str).apply(
            lambda column: column.str.lower().str.contains(name, regex=False)
        )
        assert told.any(axis=1).all(), f"{name} is not on the lines of {key}"

    @classmethod
    def _prices(cls, case: ProviderCase, inventory: InventoryFrame) -> PriceFrame:
        prices = case.provider.price(
            PriceRequest(scope=case.scope, inventory=inventory, window=case.window)
        )
        return schemas.PRICES.validate(prices, author=cls.plugin)
