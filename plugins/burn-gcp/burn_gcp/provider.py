"""Google Cloud as burn's billing provider: glue between settings, client, prices, identity and bill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from burn_gcp.client.session import GcpSession
from burn_gcp.identity import identify
from burn_gcp.reader import BillReader
from burn_gcp.settings import GcpSettings

if TYPE_CHECKING:
    import pandas as pd


class GcpProvider:
    """Implements `burn.api.BillingProvider`."""

    def __init__(self, settings: GcpSettings) -> None:
        self._settings = settings
        self.free_namespaces = tuple(settings.free_namespaces)
        self._session = GcpSession(settings)
        self._reader = BillReader(settings, self._session)

    def check(self) -> Iterable[Check]:
        """Credentials, the bill's place and format, BigQuery, the Billing Catalog."""
        from burn_gcp.doctor import checks

        return checks(self._settings, self._session, self._reader.store)

    def period(self, scope: Scope) -> BillPeriod:
        """From the first usage there is to where it is complete."""
        return self._reader.period(scope)

    def identify(self, inventory: InventoryFrame) -> IdentityFrame:
        """See `burn_gcp.identity`."""
        return identify(inventory, tuple(self._settings.forwarding_rules))

    def price(self, scope: Scope, inventory: InventoryFrame, window: Window) -> PriceFrame:
        """See `burn_gcp.prices`; reads the bill, where one is set, for the rates it teaches."""
        from burn_gcp.prices.components import component_rates
        from burn_gcp.prices.devices import devices_an_hour
        from burn_gcp.prices.frame import on_the_bill, price_frame
        from burn_gcp.prices.wanted import wanted

        identities = self.identify(inventory)
        read, machines, devices = None, set[str](), dict[str, float]()
        if self._settings.places and len(inventory):
            read = self._reader.read(scope, window, identities)
            machines = on_the_bill(read, identities)
            devices = devices_an_hour(read, identities, inventory)
        lookup = component_rates(self._settings)
        return price_frame(wanted(inventory, machines, devices), identities, read, lookup)

    def bill(self, scope: Scope, window: Window, identities: IdentityFrame) -> Bill:
        """See `burn_gcp.bill`."""
        return self._reader.read(scope, window, identities).bill

    def lines(
        self,
        scope: Scope,
        window: Window,
        *,
        subjects: Sequence[str],
        skus: Sequence[str] = (),
        limit: int,
    ) -> pd.DataFrame:
        """See `burn_gcp.lines`."""
        return self._reader.lines(scope, window, subjects, skus, limit)
