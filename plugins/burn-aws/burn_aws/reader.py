"""Reads one bill for the runs of a process: what is opened and aggregated once is kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from burn.api import Bill, BillPeriod, IdentityFrame, Scope, Window
from burn_aws.bill.read import read_bill
from burn_aws.bill.source import BillSource
from burn_aws.client.pricing import Price, Product
from burn_aws.client.session import AwsSession
from burn_aws.scope import AwsScope
from burn_aws.settings import AwsSettings

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.bills.engine import Source
    from burn_aws.prices.frame import Lookup


_Asked = tuple[Scope, Window, tuple[str, ...]]


def _known(last: tuple[_Asked, Bill], asked: _Asked) -> bool:
    """Whether the last bill answers: it differs by balancers that it names as the cluster's."""
    (scope, window, keys), bill = last
    if (scope, window) != asked[:2] or not set(keys) <= set(asked[2]):
        return False
    new = set(asked[2]) - set(keys)
    mine = bill.rows.loc[bill.rows["in_cluster"], "resource_key"]
    return all(key.startswith("loadbalancer/") for key in new) and new <= set(mine)


class BillReader:
    """The bill that the settings name.

    Args:
        settings: where it is, and what is in scope.
        session: for S3, Athena and EC2.
    """

    def __init__(self, settings: AwsSettings, session: AwsSession) -> None:
        self._settings = settings
        self._session = session
        self._sources: dict[Window, Source] = {}
        self._last: tuple[_Asked, Bill] | None = None

    @cached_property
    def store(self) -> BillSource:
        """Where the bill lies."""
        return BillSource(self._settings, self._session)

    def period(self, scope: Scope) -> BillPeriod:
        """From the first month there is to where the newest one is complete."""
        from burn_aws.bill.period import bill_period

        source, months = self.store.newest()
        return bill_period(source, self._scope(scope), months)

    def bill(self, scope: Scope, window: Window, identities: IdentityFrame) -> Bill:
        """The window's bill. The last one is kept: prices are learned from it, then it is told."""
        keys = tuple(sorted(identities["resource_key"]))
        asked = (scope, window, keys)
        if self._last and _known(self._last, asked):
            asked = self._last[0]
        if self._last is None or self._last[0] != asked:
            disks, source = self._node_disks(keys), self._source(window)
            bill = read_bill(source, self._scope(scope), window, keys, node_disks=disks)
            self._last = (asked, bill)
        return self._last[1]

    def lines(
        self, scope: Scope, window: Window, subjects: Sequence[str], skus: Sequence[str], limit: int
    ) -> pd.DataFrame:
        """See `burn_aws.bill.explain`."""
        from burn_aws.bill.explain import bill_lines

        return bill_lines(self._source(window), self._scope(scope), window, subjects, skus, limit)

    def account_rate(self, scope: Scope, window: Window) -> Lookup:
        """Looks public rates up in the account's usage; the bill is asked at the first call."""
        from burn_aws.prices.account import account_rates

        found: dict[Product, Price] | None = None

        def look(product: Product) -> Price | None:
            nonlocal found
            if found is None:
                found = account_rates(self._source(window), self._scope(scope), window)
            return found.get(product)

        return look

    def _source(self, window: Window) -> Source:
        if window not in self._sources:
            self._sources[window] = self.store.open(window)
        return self._sources[window]

    def _scope(self, scope: Scope) -> AwsScope:
        mine = self._settings
        return AwsScope(
            cluster=mine.cluster_name or scope.cluster,
            accounts=tuple(mine.accounts),
            cluster_tags=tuple(mine.cluster_tags),
            cluster_resources=tuple(mine.cluster_resources),
        )

    def _node_disks(self, keys: Sequence[str]) -> list[str]:
        if not self._settings.describe:
            return []
        from burn_aws.client.ec2 import attached_volumes

        found = attached_volumes(self._session, [key for key in keys if key.startswith("i-")])
        return sorted(set(found).difference(keys))
