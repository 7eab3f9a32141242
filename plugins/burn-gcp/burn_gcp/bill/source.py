"""From the setting `provider.gcp.bill` to the lines of a bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from burn.api import DataError, UsageError
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.source import Source
from burn.api.bills.files.heads import Heads
from burn.api.bills.files.local import Entry, Files, kind_of, unread
from burn.api.bills.files.places import place, require_disjoint
from burn.api.bills.files.scratch import Scratch
from burn_gcp.bill.lines.layouts import recognise
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings

SETTING = "provider.gcp.bill"
READABLE = (".parquet", ".json", ".jsonl", ".ndjson", ".csv", ".zip")
NO_BILL = "no Parquet, JSON lines or CSV file by its name"


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
        return bool(self._settings.table)

    def open(self) -> Source:
        """The lines of the bill; opened once.

        Raises:
            UsageError: no bill is set, or the setting is not understood.
            AccessError: it cannot be reached.
            DataError: what is there is no bill, or a project's is there twice.
        """
        if self._opened is None:
            self._opened = self._table() if self.in_bigquery else self._files(self.stores())
        return self._opened

    def headers(self) -> Source:
        """All files of the bill by their heads, see `Heads`.

        Raises:
            as `open`.
        """
        return self._files([Heads(store, self._scratch) for store in self.stores()])

    def _table(self) -> Source:
        from burn_gcp.engines.bigquery import BigQueryEngine, table_of

        if len(self._settings.places) > 1:
            raise UsageError(
                f"{SETTING} names {self._settings.table} and other places; a table is read alone",
                hint="query one table or view that holds all projects, or give folders and prefixes",
            )
        engine = BigQueryEngine(self._session, self._settings)
        return engine.open(table_of(self._settings.table))

    def _files(self, stores: Sequence[Files]) -> Source:
        fetched, origin, left = {}, [], []
        for store in stores:
            entries = self.chosen(store)
            others = [entry for entry in store.entries() if entry not in entries]
            left += unread(others, NO_BILL)
            fetched[store.root] = store.fetch(entries)
            origin.append(f"{store.root}: {len(entries)} files, {self.size(entries):,} bytes")
        if len(fetched) > 1:
            from burn_gcp.bill.checks.held import projects_held

            engine = DuckDbEngine(self._scratch)
            held = {
                root: projects_held(engine.open(files, (), recognise))
                for root, files in fetched.items()
            }
            require_disjoint(held, SETTING)
        files = [path for some in fetched.values() for path in some]
        source = DuckDbEngine(self._scratch).open(files, origin, recognise)
        return replace(source, unread=tuple(left))

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

    def stores(self) -> list[Files]:
        """The folders, files or prefixes that hold the bill."""
        if not self._settings.places:
            raise UsageError(
                f"{SETTING} is not set",
                hint="set it to a folder, gs://bucket/prefix/ or bigquery://project/dataset/table",
            )
        return [self._store(url) for url in self._settings.places]

    def _store(self, url: str) -> Files:
        remote = {"gs://": lambda url: self._session.storage(url, self._settings.cache_dir)}
        schemes = ", gs://bucket/prefix/ or bigquery://project/dataset/table"
        return place(url, SETTING, self._scratch, remote, schemes)


def _stem(name: str) -> str:
    return name.lower().removesuffix(".gz")
