"""AWS as burn's billing provider: glue between settings, client, prices, identity and bill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import (
    Bill,
    BillPeriod,
    Check,
    IdentityFrame,
    InventoryFrame,
    PriceFrame,
    Scope,
    Window,
)
from burn_aws.client.pricing import PriceList
from burn_aws.client.session import AwsSession
from burn_aws.identity import identify
from burn_aws.reader import BillReader
from burn_aws.settings import AwsSettings

if TYPE_CHECKING:
    import pandas as pd


class AwsProvider:
    """Implements `burn.api.BillingProvider`."""

    free_namespaces: tuple[str, ...] = ()
    """Fargate bills every pod by its requests."""
    bills_only_sole_pods = True

    def __init__(self, settings: AwsSettings) -> None:
        self._settings = settings
        self._session = AwsSession(settings)
        self._reader = BillReader(settings, self._session)

    def check(self) -> Iterable[Check]:
        """Credentials, the bill's place, its months, Athena, the price list."""
        from burn_aws.doctor import checks

        return checks(self._settings, self._session, self._reader.store)

    def period(self, scope: Scope) -> BillPeriod:
        """From the first month there is to where the newest one is complete."""
        return self._reader.period(scope)

    def identify(self, inventory: InventoryFrame) -> IdentityFrame:
        """See `burn_aws.identity`."""
        return identify(inventory)

    def price(self, scope: Scope, inventory: InventoryFrame, window: Window) -> PriceFrame:
        """See `burn_aws.prices`; reads the bill, where one is set, for the rates it teaches."""
        from burn_aws.prices.frame import BILL, PRICE_LIST, price_frame
        from burn_aws.prices.learned import learn, paid
        from burn_aws.prices.price_file import read_rates
        from burn_aws.prices.wanted import wanted

        asked, file = wanted(inventory), self._settings.price_file
        rates, effective, currency, lookups = None, None, "USD", []
        if self._settings.places and len(inventory):
            identities = identify(inventory)
            bill = self._reader.bill(scope, window, identities)
            effective = paid(asked, bill.rows, identities)
            rates, currency = learn(asked, bill.rows, identities), bill.control.currency
            lookups.append((BILL, self._reader.account_rate(scope, window)))
        if self._settings.price_list == "auto":
            lookups.append((PRICE_LIST, PriceList(self._session).price))
        own = read_rates(Path(file).expanduser()) if file else ()
        return price_frame(
            asked, own=own, learned=rates, paid=effective, currency=currency, lookups=lookups
        )

    def bill(self, scope: Scope, window: Window, identities: IdentityFrame) -> Bill:
        """See `burn_aws.bill`."""
        return self._reader.bill(scope, window, identities)

    def lines(
        self,
        scope: Scope,
        window: Window,
        *,
        subjects: Sequence[str],
        skus: Sequence[str] = (),
        limit: int,
    ) -> pd.DataFrame:
        """See `burn_aws.lines`."""
        return self._reader.lines(scope, window, subjects, skus, limit)
