"""Whether the parts fit together: the core's own ledger closes over them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import pytest

from burn.api import Bill, IdentifyRequest, PriceRequest, schemas
from burn.stages.reconcile import Reconciled, reconcile
from burn.testing.provider_case import ProviderCase, inventory_of
from burn.work.events import Silent

if TYPE_CHECKING:
    import pandas as pd


class ProviderTruth:
    """Part of `BillingProviderConformance`."""

    check_group: ClassVar[str] = "truth"
    plugin: ClassVar[str]

    @pytest.fixture(scope="class")
    @classmethod
    def closed(cls, case: ProviderCase, bill: Bill) -> Reconciled:
        """The ledger of the case, by burn's own reconcile stage, which insists on closing."""
        prices = case.provider.price(
            PriceRequest(scope=case.scope, inventory=case.inventory, window=case.window)
        )
        return reconcile(
            case.inventory,
            schemas.IDENTITY.validate(
                case.provider.identify(IdentifyRequest(inventory=case.inventory)), author=cls.plugin
            ),
            schemas.PRICES.validate(prices, author=cls.plugin),
            bill,
            case.window,
            0.005,
            Silent(),
        )

    def test_the_ledger_closes(self, closed: Reconciled, bill: Bill) -> None:
        """From the report to the control total, residual 0.00."""
        assert abs(closed.totals.residual) < 0.005
        reached = math.fsum(_to_billed(closed)["amount"])
        assert math.isclose(reached, float(bill.control.billed), rel_tol=1e-9, abs_tol=0.005)

    def test_the_ledger_is_the_one_worked_out_by_hand(
        self, case: ProviderCase, closed: Reconciled
    ) -> None:
        """Driver by driver, to the cent; a driver of nothing may be left out."""
        if case.ledger is None:
            pytest.skip("the case has no ledger that was worked out by hand")
        found = {
            str(k): float(v)
            for k, v in _to_billed(closed).groupby("driver")["amount"].sum().items()
        }
        off = {
            driver: (found.get(driver, 0.0), case.ledger.get(driver, 0.0))
            for driver in sorted({*found, *case.ledger})
        }
        off = {driver: (a, b) for driver, (a, b) in off.items() if abs(a - b) >= 0.005}
        assert not off, f"driver: (found, by hand): {off}"

    def test_bases_cost_what_the_ledger_says(self, closed: Reconciled) -> None:
        """What is handed to the policies is REPORT at list, and CLUSTER at effective cost."""
        assert closed.totals.report > 0
        assert closed.totals.cluster_effective > 0

    def test_identities_come_back_from_the_bill(self, case: ProviderCase, bill: Bill) -> None:
        """Some asset of each node's kind is found again under the key it was given."""
        identities = case.provider.identify(IdentifyRequest(inventory=case.inventory))
        on_bill = set(bill.rows.loc[bill.rows["in_cluster"], "resource_key"])
        nodes = case.inventory.loc[case.inventory["kind"] == "node", "asset_id"].unique()
        keys = identities.loc[identities["asset_id"].isin(nodes), "resource_key"]
        assert set(keys) & on_bill, "no node of the case is on its bill"

    def test_an_identity_does_not_depend_on_its_neighbours(self, case: ProviderCase) -> None:
        """Half of the assets are identified as they are among all."""
        some = case.inventory[case.inventory["asset_id"].isin(_every_other(case))]
        whole = case.provider.identify(IdentifyRequest(inventory=case.inventory))
        half = case.provider.identify(IdentifyRequest(inventory=inventory_of(some)))
        wanted = whole[whole["asset_id"].isin(some["asset_id"])]
        columns = ["asset_id", "resource_key"]
        assert sorted(map(tuple, half[columns].to_numpy())) == sorted(
            map(tuple, wanted[columns].to_numpy())
        )


def _every_other(case: ProviderCase) -> list[str]:
    return sorted(case.inventory["asset_id"].unique())[::2]


def _to_billed(closed: Reconciled) -> pd.DataFrame:
    """The ledger up to BILLED; the walk to the invoice goes on from there."""
    rows: pd.DataFrame = closed.ledger[closed.ledger["group"] != "invoice"]
    return rows
