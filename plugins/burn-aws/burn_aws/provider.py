"""AWS as burn's billing provider: glue between settings, client, prices, identity and bill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from burn.api import (
    Bill,
    BillPeriod,
    BillRequest,
    Check,
    CheckRequest,
    IdentifyRequest,
    IdentityFrame,
    LinesRequest,
    Listed,
    ListedRequest,
    PeriodRequest,
    PriceFrame,
    PriceRequest,
    schemas,
)
from burn_aws.client.pricing import PriceList
from burn_aws.client.session import AwsSession
from burn_aws.identity import identify
from burn_aws.reader import BillReader
from burn_aws.settings import AwsSettings

if TYPE_CHECKING:
    import pandas as pd


class AwsProvider:
    """Implements `burn.api.PriceListProvider`."""

    def __init__(self, settings: AwsSettings) -> None:
        self._settings = settings
        self._session = AwsSession(settings)
        self._reader = BillReader(settings, self._session)

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Credentials, the bill's place, its months, Athena, the price list."""
        from burn_aws.doctor import checks

        return checks(self._settings, self._session, self._reader.store)

    def period(self, request: PeriodRequest) -> BillPeriod:
        """From the first month there is to where the newest one is complete."""
        return self._reader.period(request.scope)

    def identify(self, request: IdentifyRequest) -> IdentityFrame:
        """See `burn_aws.identity`."""
        return identify(request.inventory)

    def price(self, request: PriceRequest) -> PriceFrame:
        """See `burn_aws.prices`; reads the bill, where one is set, for the rates it teaches."""
        from burn_aws.prices.frame import BILL, PRICE_LIST, price_frame
        from burn_aws.prices.learned import learn, paid
        from burn_aws.prices.unpriced import unpriced

        scope, inventory, window = request.scope, request.inventory, request.window
        asked = unpriced(inventory)
        rates, effective, currency, lookups = None, None, "USD", []
        if self._settings.places and len(inventory) and request.from_bill:
            identities = identify(inventory)
            bill = self._reader.bill(scope, window, identities)
            effective = paid(asked, bill.rows, identities)
            rates, currency = learn(asked, bill.rows, identities), bill.control.currency
            lookups.append((BILL, self._reader.account_rate(scope, window)))
        if self._settings.price_list == "auto":
            lookups.append((PRICE_LIST, PriceList(self._session).price))
        return price_frame(
            asked,
            priced=request.priced,
            learned=rates,
            paid=effective,
            currency=currency,
            lookups=lookups,
        )

    def bill(self, request: BillRequest) -> Bill:
        """See `burn_aws.bill`."""
        return self._reader.bill(request.scope, request.window, request.identities)

    def listed(self, request: ListedRequest) -> Listed:
        """See `burn_aws.prices.listed`; nothing where `price_list` is off."""
        from burn_aws.prices.listed import listed

        if self._settings.price_list == "off":
            return Listed(rows=schemas.LISTED.empty())
        return listed(self._session, request)

    def lines(self, request: LinesRequest) -> pd.DataFrame:
        """See `burn_aws.bill.explain`."""
        scope, window = request.scope, request.window
        return self._reader.lines(scope, window, request.subjects, request.skus, request.limit)
