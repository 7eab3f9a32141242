"""From the setting `provider.aws.bill` to the lines of a bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from burn.api import UsageError, Window
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.source import Source
from burn.api.bills.files.heads import Heads
from burn.api.bills.files.local import Files, unread
from burn.api.bills.files.places import place, require_disjoint
from burn.api.bills.files.scratch import Scratch
from burn.api.bills.months import Month, months_near
from burn_aws.bill.lines.layouts import recognise
from burn_aws.client.s3 import S3Files
from burn_aws.client.session import AwsSession
from burn_aws.engines.athena import AthenaEngine, parse_url
from burn_aws.files.choose import OTHER_MONTH, Choice, choose, known_months
from burn_aws.settings import AwsSettings

SETTING = "provider.aws.bill"
TELLING = 64 * 1024
"""Bytes; a smaller file may hold a tax line and nothing else."""

NEAR = 3
"""Months; a run of the last whole one opens those beside it too."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is read of one place."""

    store: Files
    choice: Choice


class BillSource:
    """Opens the bill for a window.

    Args:
        settings: where the bill is.
        session: for S3 and Athena.
    """

    def __init__(self, settings: AwsSettings, session: AwsSession) -> None:
        self._settings = settings
        self._session = session
        self._scratch = Scratch()

    def open(self, window: Window | None) -> Source:
        """The lines that can concern the window; all of them for None.

        Raises:
            UsageError: no bill is set, or the setting is not understood.
            AccessError: it cannot be reached.
            DataError: what is there is not one bill, or an account's is there twice.
        """
        if url := self._table():
            database, table = parse_url(url)
            return AthenaEngine(self._session, self._settings, database).open(table, url)
        return self._over(self._chosen(None if window is None else months_near(window)))

    def newest(self) -> tuple[Source, list[Month]]:
        """The lines of the newest month (of everything, where no path names a month), all months.

        Raises:
            as `open`.
        """
        if self._table():
            from burn_aws.bill.period import partition_months

            source = self.open(None)
            return source, partition_months(source)
        months = self.months()
        return self._over(self._chosen(months[-1:] or None)), months

    def specimen(self) -> Source:
        """One file of the newest month, for a look at its lines.

        Raises:
            as `open`.
        """
        newest = self._chosen(self.months()[-1:] or None)[-1]
        by_size = sorted(newest.choice.entries, key=lambda entry: entry.size)
        one = next((entry for entry in by_size if entry.size >= TELLING), by_size[-1])
        return DuckDbEngine(self._scratch).open(
            newest.store.fetch([one]), newest.choice.origin, recognise
        )

    def headers(self) -> Source:
        """All files that a run of a month near the newest opens, by their heads; see `Heads`.

        Raises:
            as `open`.
        """
        stores: list[Files] = [Heads(store, self._scratch) for store in self.stores()]
        return self._over(self._chosen(self.months()[-NEAR:] or None, stores))

    def months(self) -> list[Month]:
        """The months that paths and manifests of any place name, oldest first."""
        stores = self.stores()
        return sorted({m for store in stores for m in known_months(store.entries(), store.read)})

    def choice(self, store: Files) -> Choice:
        """All files of a place that are read when all months are."""
        return choose(store.entries(), store.read, None, root=store.root)

    def stores(self) -> list[Files]:
        """The folders, files or prefixes that hold the bill."""
        places = self._settings.places
        if not places:
            raise UsageError(
                f"{SETTING} is not set",
                hint="set it to a folder, s3://bucket/prefix/ or athena://database/table",
            )
        return [self._store(url) for url in places]

    def _table(self) -> str:
        """The Athena table; it holds all accounts of its export, and nothing is added to it."""
        url = self._settings.athena
        if url and len(self._settings.places) > 1:
            raise UsageError(
                f"{SETTING} names {url} and other places; a table is read alone",
                hint="query one table that holds all the accounts, or give folders and prefixes",
            )
        return url

    def _store(self, url: str) -> Files:
        remote = {"s3://": lambda url: S3Files(url, self._session, self._settings.cache_dir)}
        schemes = ", s3://bucket/prefix/ or athena://database/table"
        return place(url, SETTING, self._scratch, remote, schemes)

    def _chosen(
        self, wanted: Sequence[Month] | None, stores: Sequence[Files] | None = None
    ) -> list[Chosen]:
        """What is read of each place; a place without the months is left out while others have them."""
        found, lacking = [], []
        for store in stores or self.stores():
            entries = store.entries()
            months = known_months(entries, store.read)
            if wanted is not None and months and not set(months) & set(wanted):
                lacking.append(store)
                continue
            found.append(Chosen(store, choose(entries, store.read, wanted, root=store.root)))
        if not found:
            choose(lacking[0].entries(), lacking[0].read, wanted, root=lacking[0].root)
        for store in lacking:
            left = tuple(unread(store.entries(), OTHER_MONTH))
            found.append(Chosen(store, Choice((), sure=True, origin=(), unread=left)))
        return found

    def _over(self, chosen: Sequence[Chosen]) -> Source:
        paths = [place.store.fetch(place.choice.entries) for place in chosen]
        origin = [line for place in chosen for line in place.choice.origin]
        left = [line for place in chosen for line in place.choice.unread]
        if len(chosen) > 1:
            from burn_aws.bill.checks.held import accounts_held

            held = {
                place.store.root: accounts_held(
                    DuckDbEngine(self._scratch).open(files, (), recognise)
                )
                for place, files in zip(chosen, paths, strict=True)
                if files
            }
            require_disjoint(held, SETTING)
            origin = [f"{p.store.root}: {line}" for p in chosen for line in p.choice.origin]
            left = [f"{p.store.root}: {line}" for p in chosen for line in p.choice.unread]
        files = [path for some in paths for path in some]
        source = DuckDbEngine(self._scratch).open(files, origin, recognise)
        return replace(source, unread=tuple(left))
