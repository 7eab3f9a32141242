"""From the setting `provider.gcp.bill` to the lines of a bill."""

from __future__ import annotations

from pathlib import Path

from burn.api import DataError, UsageError
from burn.api.bills.duck import DuckDbEngine
from burn.api.bills.engine import Source
from burn.api.bills.files import Entry, Files, LocalFiles, kind_of
from burn.api.bills.scratch import Scratch
from burn_gcp.bill.layouts import recognise
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings

READABLE = (".parquet", ".json", ".jsonl", ".ndjson", ".csv", ".zip")


class BillSource:
    """Opens the bill.

    Args:
        settings: where the bill is.
        session: for Cloud Storage and BigQuery.
    """

    def __init__(self, settings: GcpSettings, session: GcpSession) -> None:
        self._settings = settings
        self._session = session
        self._scratch = Scratch()
        self._opened: Source | None = None

    @property
    def in_bigquery(self) -> bool:
        """Whether the bill is read where it is."""
        return self._settings.bill.startswith("bigquery://")

    def open(self) -> Source:
        """The lines of the bill; opened once.

        Raises:
            UsageError: no bill is set, or the setting is not understood.
            AccessError: it cannot be reached.
            DataError: what is there is no bill.
        """
        if self._opened is None:
            if self.in_bigquery:
                from burn_gcp.engines.bigquery import BigQueryEngine, table_of

                engine = BigQueryEngine(self._session, self._settings)
                self._opened = engine.open(table_of(self._settings.bill))
            else:
                store = self.files()
                entries = self.chosen(store)
                origin = [f"{store.root}: {len(entries)} files, {self.size(entries):,} bytes"]
                self._opened = DuckDbEngine(self._scratch).open(
                    store.fetch(entries), origin, recognise
                )
        return self._opened

    def chosen(self, store: Files) -> list[Entry]:
        """The bill's files; an export has no manifest, so all of one kind.

        Raises:
            DataError: there is no file of a bill, or of several kinds.
        """
        found = [e for e in store.entries() if _stem(e.name).endswith(READABLE)]
        kinds = {kind_of(entry.path) for entry in found}
        if not found:
            raise DataError(
                f"{store.root} holds no Parquet, JSON lines or CSV file",
                hint="export the table with EXPORT DATA or `bq extract`",
            )
        if len(kinds) > 1:
            raise DataError(
                f"{store.root} holds files of several kinds: {', '.join(sorted(kinds))}",
                hint="two exports of one table would double the bill; keep one per folder",
            )
        return found

    def size(self, entries: list[Entry]) -> int:
        """Bytes of these files."""
        return sum(entry.size for entry in entries)

    def files(self) -> Files:
        """The folder, file or prefix that holds the bill."""
        url = self._settings.bill
        if not url:
            raise UsageError(
                "provider.gcp.bill is not set",
                hint="set it to a folder, gs://bucket/prefix/ or bigquery://project/dataset/table",
            )
        if url.startswith("gs://"):
            return self._session.storage(url, self._settings.cache_dir)
        if "://" in url and not url.startswith("file://"):
            raise UsageError(
                f"provider.gcp.bill is `{url}`, which is no place burn knows",
                hint="use a path, gs://bucket/prefix/ or bigquery://project/dataset/table",
            )
        path = Path(url.removeprefix("file://")).expanduser()
        return LocalFiles(path, self._scratch, "provider.gcp.bill")


def _stem(name: str) -> str:
    return name.lower().removesuffix(".gz")
