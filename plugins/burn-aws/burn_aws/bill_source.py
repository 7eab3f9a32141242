"""From the setting `provider.aws.bill` to the lines of a bill."""

from __future__ import annotations

from pathlib import Path

from burn.api import UsageError, Window
from burn.api.bills.duck import DuckDbEngine
from burn.api.bills.engine import Source
from burn.api.bills.files import Files, LocalFiles
from burn.api.bills.months import Month, months_near
from burn.api.bills.scratch import Scratch
from burn_aws.bill.layouts import recognise
from burn_aws.client.s3 import S3Files
from burn_aws.client.session import AwsSession
from burn_aws.engines.athena import AthenaEngine, parse_url
from burn_aws.files.choose import Choice, choose, known_months
from burn_aws.settings import AwsSettings

TELLING = 64 * 1024
"""Bytes; a smaller file may hold a tax line and nothing else."""


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
            DataError: what is there is not one bill.
        """
        url = self._settings.bill
        if url.startswith("athena://"):
            database, table = parse_url(url)
            return AthenaEngine(self._session, self._settings, database).open(table, url)
        store = self.files()
        choice = self.choose(store, window)
        return self._over(store, choice)

    def newest(self) -> tuple[Source, list[Month]]:
        """The lines of the newest month (of everything, where no path names a month), all months.

        Raises:
            as `open`.
        """
        url = self._settings.bill
        if url.startswith("athena://"):
            from burn_aws.period import partition_months

            source = self.open(None)
            return source, partition_months(source)
        store = self.files()
        choice, months = self._newest_of(store)
        return self._over(store, choice), months

    def specimen(self) -> Source:
        """One file of the newest month: all of a delivery have its columns.

        Raises:
            as `open`.
        """
        store = self.files()
        found, _ = self._newest_of(store)
        by_size = sorted(found.entries, key=lambda entry: entry.size)
        one = next((entry for entry in by_size if entry.size >= TELLING), by_size[-1])
        return DuckDbEngine(self._scratch).open(store.fetch([one]), found.origin, recognise)

    def choose(self, store: Files, window: Window | None) -> Choice:
        """The files of the window's months."""
        wanted = None if window is None else months_near(window)
        return choose(store.entries(), store.read, wanted, root=store.root)

    def files(self) -> Files:
        """The folder, file or prefix that holds the bill."""
        url = self._settings.bill
        if not url:
            raise UsageError(
                "provider.aws.bill is not set",
                hint="set it to a folder, s3://bucket/prefix/ or athena://database/table",
            )
        if url.startswith("s3://"):
            return S3Files(url, self._session, self._settings.cache_dir)
        if "://" in url and not url.startswith("file://"):
            raise UsageError(
                f"provider.aws.bill is `{url}`, which is no place burn knows",
                hint="use a path, s3://bucket/prefix/ or athena://database/table",
            )
        path = Path(url.removeprefix("file://")).expanduser()
        return LocalFiles(path, self._scratch, "provider.aws.bill")

    def _newest_of(self, store: Files) -> tuple[Choice, list[Month]]:
        entries = store.entries()
        months = list(known_months(entries, store.read))
        return choose(entries, store.read, months[-1:] or None, root=store.root), months

    def _over(self, store: Files, choice: Choice) -> Source:
        return DuckDbEngine(self._scratch).open(
            store.fetch(choice.entries), choice.origin, recognise
        )
