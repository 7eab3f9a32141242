"""Reads one bill for the runs of a process: what is opened and aggregated once is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api import Bill, BillPeriod, IdentityFrame, Scope, Window
from burn.api.bills.last import Last
from burn_azure.bill.charges.on_demand import Rates
from burn_azure.bill.lines.table import Table
from burn_azure.bill.opened import Opened
from burn_azure.bill.read import Read, read_bill, told_apart
from burn_azure.bill.source import BillSource
from burn_azure.keys import node_groups
from burn_azure.scope import AzureScope
from burn_azure.settings import AzureSettings

if TYPE_CHECKING:
    import pandas as pd


_Asked = tuple[Scope, Window, tuple[str, ...]]


class BillReader:
    """The bill that the settings name."""

    def __init__(self, settings: AzureSettings) -> None:
        self._settings = settings
        self.store = BillSource(settings)
        self._opened: dict[Window, list[Opened]] = {}
        self._bill = Last[_Asked, Read]()

    def period(self, scope: Scope) -> BillPeriod:
        """From the first month there is to where the newest one is complete."""
        from burn_azure.bill.period import bill_period

        opened = self.store.open(None)
        return bill_period([Table.of(one.source) for one in opened], self.scope(scope))

    def bill(self, scope: Scope, window: Window, identities: IdentityFrame) -> Bill:
        """The window's bill."""
        return self._read(scope, window, identities).bill

    def rates(self, scope: Scope, window: Window, identities: IdentityFrame) -> Rates:
        """The list prices of VM sizes that the window's bill teaches."""
        return self._read(scope, window, identities).rates

    def _read(self, scope: Scope, window: Window, identities: IdentityFrame) -> Read:
        """The window's bill; the last one is kept."""
        keys = tuple(sorted(set(identities["resource_key"])))
        return self._bill.get(
            (scope, window, keys),
            lambda: read_bill(self._open(window), self.scope(scope, keys), window, keys),
        )

    def tables(self, window: Window) -> list[Table]:
        """The datasets of the window, the one with the cash first."""
        found = told_apart(self._open(window))
        return [one.table for one in found]

    def lines(
        self,
        scope: Scope,
        window: Window,
        subjects: Sequence[str],
        skus: Sequence[str],
        limit: int,
    ) -> pd.DataFrame:
        """See `burn_azure.bill.explain`; unused commitment is only in the amortised lines."""
        import pandas as pd

        from burn_azure.bill.explain import bill_lines

        mine = self.scope(scope)
        parts = [
            bill_lines(table, mine, window, subjects, skus, limit)
            for table in reversed(self.tables(window))
        ]
        return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True).head(limit)

    def scope(self, scope: Scope, keys: Sequence[str] = ()) -> AzureScope:
        """What is in scope, given the keys of observed assets."""
        mine = self._settings
        stated = [name.strip().lower().rstrip("/") for name in mine.node_resource_groups]
        return AzureScope(
            cluster=mine.cluster_name or scope.cluster,
            subscriptions=tuple(name.lower() for name in mine.subscriptions),
            node_groups=(*node_groups(list(keys)), *(s for s in stated if "/" in s)),
            group_names=tuple(name for name in stated if "/" not in name),
            cluster_tags=tuple(mine.cluster_tags),
            cluster_resources=tuple(mine.cluster_resources),
        )

    def _open(self, window: Window) -> list[Opened]:
        if window not in self._opened:
            self._opened[window] = self.store.open(window)
        return self._opened[window]
