"""Google Cloud as burn's billing provider: glue between settings, client, prices, identity and bill."""

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
)
from burn_gcp.client.session import GcpSession
from burn_gcp.identity import identify
from burn_gcp.reader import BillReader
from burn_gcp.settings import GcpSettings

if TYPE_CHECKING:
    import pandas as pd


class GcpProvider:
    """Implements `burn.api.PriceListProvider`."""

    def __init__(self, settings: GcpSettings) -> None:
        self._settings = settings
        self._session = GcpSession(settings)
        self._reader = BillReader(settings, self._session)

    def check(self, request: CheckRequest) -> Iterable[Check]:  # noqa: ARG002
        """Credentials, the bill's place and format, BigQuery, the Billing Catalog."""
        from burn_gcp.doctor import checks

        return checks(self._settings, self._session, self._reader.store)

    def period(self, request: PeriodRequest) -> BillPeriod:
        """From the first usage there is to where it is complete."""
        return self._reader.period(request.scope)

    def identify(self, request: IdentifyRequest) -> IdentityFrame:
        """See `burn_gcp.identity`."""
        return identify(request.inventory, tuple(self._settings.forwarding_rules))

    def price(self, request: PriceRequest) -> PriceFrame:
        """See `burn_gcp.prices`; reads the bill, where one is set, for the rates it teaches."""
        from burn_gcp.prices.components import component_rates
        from burn_gcp.prices.devices import devices_an_hour
        from burn_gcp.prices.frame import price_frame
        from burn_gcp.prices.learned import on_the_bill
        from burn_gcp.prices.unpriced import unpriced

        scope, inventory, window = request.scope, request.inventory, request.window
        identities = self.identify(IdentifyRequest(inventory=inventory))
        read, machines, devices = None, set[str](), dict[str, float]()
        if self._settings.places and len(inventory) and request.from_bill:
            read = self._reader.read(scope, window, identities)
            machines = on_the_bill(read, identities)
            devices = devices_an_hour(read, identities, inventory)
        lookup = component_rates(self._settings)
        return price_frame(
            unpriced(inventory, machines, devices), identities, read, lookup, request.priced
        )

    def bill(self, request: BillRequest) -> Bill:
        """See `burn_gcp.bill`."""
        return self._reader.read(request.scope, request.window, request.identities).bill

    def listed(self, request: ListedRequest) -> Listed:
        """See `burn_gcp.prices.listed`; nothing where `price_list` is off."""
        from burn_gcp.prices.components import component_rates
        from burn_gcp.prices.listed import listed

        return listed(component_rates(self._settings), request)

    def lines(self, request: LinesRequest) -> pd.DataFrame:
        """See `burn_gcp.bill.explain`."""
        scope, window = request.scope, request.window
        return self._reader.lines(scope, window, request.subjects, request.skus, request.limit)
