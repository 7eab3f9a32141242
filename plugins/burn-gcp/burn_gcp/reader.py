"""Reads one bill for the runs of a process: what is opened and summed once is kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from burn.api import BillPeriod, IdentityFrame, Scope, Window
from burn.api.bills.last import Last
from burn_gcp.bill.read import Read, read_bill
from burn_gcp.bill.source import BillSource
from burn_gcp.client.compute import KINDS, Listing, listed
from burn_gcp.client.session import GcpSession
from burn_gcp.described import Described, described, projects_of
from burn_gcp.identity import homes
from burn_gcp.prices.components import component_rates
from burn_gcp.scope import GcpScope
from burn_gcp.settings import GcpSettings

if TYPE_CHECKING:
    import pandas as pd


_Asked = tuple[Scope, Window, tuple[str, ...]]


class BillReader:
    """The bill that the settings name.

    Args:
        settings: where it is, and what is in scope.
        session: for Cloud Storage, BigQuery, the Billing Catalog and the Compute API.
    """

    def __init__(self, settings: GcpSettings, session: GcpSession) -> None:
        self._settings = settings
        self._session = session
        self._bill = Last[_Asked, Read]()
        self._listings: dict[str, list[Listing]] = {}
        self._described = Described()
        self._homes: tuple[str, ...] = ()

    @cached_property
    def store(self) -> BillSource:
        """Where the bill lies."""
        return BillSource(self._settings, self._session)

    def period(self, scope: Scope) -> BillPeriod:
        """From the first usage there is to where it is complete."""
        from burn_gcp.bill.period import bill_period

        return bill_period(self.store.open(), self._scope(scope))

    def read(self, scope: Scope, window: Window, identities: IdentityFrame) -> Read:
        """The window's bill; the last one is kept."""
        keys = tuple(sorted(identities["resource_key"]))
        boot = identities.loc[identities["method"] == "boot disk", "resource_key"]

        def read() -> Read:
            self._homes = homes(identities)
            self._described = self._describe(keys)
            return read_bill(
                self.store.open(),
                self._scope(scope),
                window,
                keys,
                boot_disks=sorted(boot),
                described=self._described,
                lookup=component_rates(self._settings),
            )

        return self._bill.get((scope, window, keys), read)

    def lines(
        self,
        scope: Scope,
        window: Window,
        subjects: Sequence[str],
        skus: Sequence[str],
        limit: int,
    ) -> pd.DataFrame:
        """See `burn_gcp.bill.explain`."""
        from burn_gcp.bill.explain import bill_lines

        named = [name for name, key in self._described.aliases.items() if key in set(subjects)]
        subjects = [*subjects, *named]
        return bill_lines(self.store.open(), self._scope(scope), window, subjects, skus, limit)

    def _describe(self, keys: Sequence[str]) -> Described:
        """What the account says is the cluster's; each project is asked once."""
        if not self._settings.describe:
            return Described()
        projects = projects_of(keys)
        for project in projects:
            if project not in self._listings:
                self._listings[project] = [listed(self._session, project, one) for one in KINDS]
        return described([one for name in projects for one in self._listings[name]], keys)

    def _scope(self, scope: Scope) -> GcpScope:
        mine = self._settings
        return GcpScope(
            cluster=mine.cluster_name or scope.cluster,
            location=mine.cluster_location,
            homes=self._homes,
            projects=tuple(mine.projects),
            ancestors=tuple(mine.ancestors),
            labels=tuple(mine.cluster_labels),
            resources=tuple(mine.cluster_resources),
        )
