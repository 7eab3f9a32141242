"""What must fail, and how: a wrong number is worse than an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import pytest

from burn.api import (
    AccessError,
    BillingProvider,
    BillRequest,
    CheckRequest,
    DataError,
    ExitCode,
    IdentifyRequest,
    PriceRequest,
    schemas,
)
from burn.api.confidence import word
from burn.testing.provider_case import ProviderCase, inventory_of


class ProviderFailures:
    """Part of `BillingProviderConformance`."""

    check_group: ClassVar[str] = "failure"
    plugin: ClassVar[str]

    def test_an_unknown_product_is_an_error_or_a_labelled_guess(self, case: ProviderCase) -> None:
        """An asset of a size nobody sells is never priced at nothing, and never in silence."""
        nodes = case.inventory[case.inventory["kind"] == "node"].head(1)
        odd = nodes.assign(
            instance_type="no-such.type",
            provider_id=nodes["provider_id"] + "-unknown",
            name="unknown",
            asset_id=nodes["asset_id"] + "-unknown",
        )
        try:
            found = case.provider.price(
                PriceRequest(scope=case.scope, inventory=inventory_of(odd), window=case.window)
            )
        except DataError as refused:
            assert refused.hint, "say what to do about a product without a price"  # noqa: PT017
        else:
            prices = schemas.PRICES.validate(found, author=self.plugin)
            assert (prices["price_source"].map(word) == "fallback").all()
            assert (prices["list_cost"] > 0).all()

    def test_refused_credentials_are_an_access_error(self, case: ProviderCase) -> None:
        """Exit 4, with the next step; not a traceback and not an empty bill."""
        assert case.denied, "give ProviderCase.denied, or declare a gap"
        with pytest.raises(AccessError) as caught:
            _read(case, case.denied)
        assert caught.value.exit_code is ExitCode.ACCESS
        assert caught.value.hint

    def test_check_tells_of_refused_credentials(self, case: ProviderCase) -> None:
        """`burn doctor` finds out before a run does."""
        assert case.denied, "give ProviderCase.denied, or declare a gap"
        try:
            checks = list(case.denied().check(CheckRequest()))
        except AccessError as refused:
            assert refused.hint  # noqa: PT017
        else:
            assert [check for check in checks if not check.ok and check.hint]

    def test_a_bill_cut_off_in_the_middle_is_an_error(self, case: ProviderCase) -> None:
        """Never a short bill: half a file adds up as neatly as a whole one."""
        assert case.truncated, "give ProviderCase.truncated, or declare a gap"
        with pytest.raises(DataError) as caught:
            _read(case, case.truncated)
        assert caught.value.message


def _read(case: ProviderCase, make: Callable[[], BillingProvider]) -> None:
    provider = make()
    provider.bill(
        BillRequest(
            scope=case.scope,
            window=case.window,
            identities=provider.identify(IdentifyRequest(inventory=case.inventory)),
        )
    )
