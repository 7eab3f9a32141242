"""Azure as burn's billing provider: glue between settings, client, prices, identity and bill."""

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
from burn_azure.identity import identify
from burn_azure.reader import BillReader
from burn_azure.settings import AzureSettings

if TYPE_CHECKING:
    import pandas as pd

    from burn_azure.client.retail import RetailPrices


class AzureProvider:
    """Implements `burn.api.PriceListProvider`."""

    def __init__(self, settings: AzureSettings) -> None:
        self._settings = settings
        self._reader = BillReader(settings)
        self._lists: dict[str, RetailPrices] = {}

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """The bill's place and months, the Cost Management API, the price list."""
        from burn_azure.doctor import checks

        return checks(self._settings, self._reader.store)

    def period(self, request: PeriodRequest) -> BillPeriod:
        """From the first day there is to where the newest month is complete."""
        return self._reader.period(request.scope)

    def identify(self, request: IdentifyRequest) -> IdentityFrame:
        """See `burn_azure.identity`."""
        return identify(request.inventory)

    def price(self, request: PriceRequest) -> PriceFrame:
        """See `burn_azure.prices`; reads the bill for the rates it teaches."""
        from burn_azure.prices.frame import price_frame
        from burn_azure.prices.learned import charged_by_size, learn
        from burn_azure.prices.unpriced import unpriced

        scope, inventory, window = request.scope, request.inventory, request.window
        if inventory.empty:
            return price_frame(unpriced(inventory))
        if not request.from_bill:
            retail = self._retail("USD")
            return price_frame(unpriced(inventory), retail=retail.price if retail else None)
        identities = identify(inventory)
        bill = self._reader.bill(scope, window, identities)
        asked = unpriced(inventory, charged_by_size(bill.rows, identities))
        currency = bill.control.currency
        retail = self._retail(currency)
        return price_frame(
            asked,
            learned=learn(asked, bill.rows, identities),
            spot=learn(asked, bill.rows, identities, spot=True),
            account=self._reader.rates(scope, window, identities),
            retail=retail.price if retail else None,
            currency=currency,
            priced=request.priced,
        )

    def bill(self, request: BillRequest) -> Bill:
        """See `burn_azure.bill`."""
        return self._reader.bill(request.scope, request.window, request.identities)

    def listed(self, request: ListedRequest) -> Listed:
        """See `burn_azure.prices.listed`; nothing where `price_list` is off."""
        from burn_azure.prices.listed import listed

        retail = self._retail(request.currency)
        return listed(retail, request) if retail else Listed(rows=schemas.LISTED.empty())

    def _retail(self, currency: str) -> RetailPrices | None:
        """The price list in a currency, whose answers are kept; None: it may not be asked."""
        from burn_azure.client.retail import RetailPrices

        if self._settings.price_list == "off":
            return None
        url = self._settings.retail_url
        return self._lists.setdefault(currency, RetailPrices(url, currency))

    def lines(self, request: LinesRequest) -> pd.DataFrame:
        """See `burn_azure.bill.explain`."""
        scope, window = request.scope, request.window
        return self._reader.lines(scope, window, request.subjects, request.skus, request.limit)
