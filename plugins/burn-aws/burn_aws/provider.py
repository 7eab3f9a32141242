"""AWS as burn's billing provider: glue between settings, client, prices, identity and bill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property
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
from burn_aws.bill.read import read_bill
from burn_aws.bill_source import BillSource
from burn_aws.client.pricing import Price, PriceList, Product
from burn_aws.client.session import AwsSession
from burn_aws.identity import identify
from burn_aws.scope import AwsScope
from burn_aws.settings import AwsSettings

if TYPE_CHECKING:
    import pandas as pd

    from burn_aws.engine import Source
    from burn_aws.prices.frame import Lookup


class AwsProvider:
    """Implements `burn.api.BillingProvider`."""

    def __init__(self, settings: AwsSettings) -> None:
        self._settings = settings
        self._session = AwsSession(settings)
        self._bill: tuple[object, Bill] | None = None
        self._sources: dict[Window, Source] = {}

    @cached_property
    def _store(self) -> BillSource:
        return BillSource(self._settings, self._session)

    def check(self) -> Iterable[Check]:
        """Credentials, the bill's place, its months, Athena, the price list."""
        from burn_aws.doctor import checks

        return checks(self._settings, self._session, self._store)

    def period(self, scope: Scope) -> BillPeriod:
        """From the first month there is to where the newest one is complete."""
        from burn_aws.period import bill_period

        source, months = self._store.newest()
        return bill_period(source, self._scope(scope), months)

    def identify(self, inventory: InventoryFrame) -> IdentityFrame:
        """See `burn_aws.identity`."""
        return identify(inventory)

    def price(self, scope: Scope, inventory: InventoryFrame, window: Window) -> PriceFrame:
        """See `burn_aws.prices`; reads the bill, where one is set, for the rates it teaches."""
        from burn_aws.prices.frame import BILL, PRICE_LIST, price_frame
        from burn_aws.prices.learned import learn
        from burn_aws.prices.price_file import read_rates
        from burn_aws.prices.wanted import wanted

        asked, file = wanted(inventory), self._settings.price_file
        rates, currency, lookups = None, "USD", []
        if self._settings.bill and len(inventory):
            identities = identify(inventory)
            bill = self.bill(scope, window, identities)
            rates, currency = learn(asked, bill.rows, identities), bill.control.currency
            lookups.append((BILL, self._account_rate(scope, window)))
        if self._settings.price_list == "auto":
            lookups.append((PRICE_LIST, PriceList(self._session).price))
        own = read_rates(Path(file).expanduser()) if file else ()
        return price_frame(asked, own=own, learned=rates, currency=currency, lookups=lookups)

    def bill(self, scope: Scope, window: Window, identities: IdentityFrame) -> Bill:
        """See `burn_aws.bill`; the last one is kept, since prices are learned from it too."""
        keys = tuple(sorted(identities["resource_key"]))
        asked = (scope, window, keys)
        if self._bill is None or self._bill[0] != asked:
            disks = self._node_disks(identities)
            source = self._source(window)
            bill = read_bill(source, self._scope(scope), window, keys, node_disks=disks)
            self._bill = (asked, bill)
        return self._bill[1]

    def lines(
        self, scope: Scope, window: Window, *, subjects: Sequence[str], limit: int
    ) -> pd.DataFrame:
        """See `burn_aws.lines`."""
        from burn_aws.lines import bill_lines

        return bill_lines(self._source(window), self._scope(scope), window, subjects, limit)

    def _account_rate(self, scope: Scope, window: Window) -> Lookup:
        @cache
        def rates() -> dict[Product, Price]:
            from burn_aws.prices.account import account_rates

            return account_rates(self._source(window), self._scope(scope), window)

        return lambda product: rates().get(product)

    def _source(self, window: Window) -> Source:
        if window not in self._sources:
            self._sources[window] = self._store.open(window)
        return self._sources[window]

    def _scope(self, scope: Scope) -> AwsScope:
        mine = self._settings
        return AwsScope(
            cluster=mine.cluster_name or scope.cluster,
            accounts=tuple(mine.accounts),
            cluster_tags=tuple(mine.cluster_tags),
            cluster_resources=tuple(mine.cluster_resources),
        )

    def _node_disks(self, identities: IdentityFrame) -> list[str]:
        if not self._settings.describe:
            return []
        from burn_aws.client.ec2 import attached_volumes

        keys = identities["resource_key"]
        claimed = set(keys)
        found = attached_volumes(self._session, [key for key in keys if key.startswith("i-")])
        return [volume for volume in found if volume not in claimed]
