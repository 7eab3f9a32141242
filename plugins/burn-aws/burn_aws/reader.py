"""Reads one bill for the runs of a process: what is opened and aggregated once is kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from burn.api import Bill, BillPeriod, IdentityFrame, Scope, Window
from burn.api.bills.last import Last
from burn_aws.bill.read import read_bill
from burn_aws.bill.source import BillSource
from burn_aws.client.pricing import Price, Product
from burn_aws.client.session import AwsSession
from burn_aws.scope import AwsScope
from burn_aws.settings import AwsSettings

if TYPE_CHECKING:
    import pandas as pd

    from burn.api.bills.engine.source import Source
    from burn_aws.prices.frame import Lookup


_Asked = tuple[Scope, Window, tuple[str, ...]]


def _answers(asked: _Asked, bill: Bill, new: _Asked) -> bool:
    """Whether the last bill answers: it differs by balancers that it names as the cluster's."""
    scope, window, keys = asked
    if (scope, window) != new[:2] or not set(keys) <= set(new[2]):
        return False
    more = set(new[2]) - set(keys)
    mine = bill.rows.loc[bill.rows["in_cluster"], "resource_key"]
    return all(key.startswith("loadbalancer/") for key in more) and more <= set(mine)


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
        self._bill = Last[_Asked, Bill](_answers)

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
        """The window's bill; the last one is kept."""
        keys = tuple(sorted(identities["resource_key"]))

        def read() -> Bill:
            disks, source = self._node_disks(keys), self._source(window)
            return read_bill(source, self._scope(scope), window, keys, node_disks=disks)

        return self._bill.get((scope, window, keys), read)

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
