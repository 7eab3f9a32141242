"""From the settings `bill` and `amortized_bill` to the lines of a bill."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from burn.api import UsageError, Window
from burn.api.bills.duck import DuckDbEngine
from burn.api.bills.engine import Source
from burn.api.bills.files import Files, LocalFiles
from burn.api.bills.months import Month, months_near
from burn.api.bills.scratch import Scratch
from burn_azure.files.choose import Dataset, choose, known_months
from burn_azure.files.trim import trimmed
from burn_azure.settings import AzureSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOB = ("abfss://", "abfs://", "az://")


@dataclass(frozen=True, slots=True)
class Opened:
    """One dataset's lines; `kind` is empty when nothing but its lines can tell it."""

    kind: str
    source: Source


class BillSource:
    """Opens the bill for a window.

    Args:
        settings: where the bill is.
    """

    def __init__(self, settings: AzureSettings) -> None:
        self._settings = settings
        self._scratch = Scratch()

    def open(self, window: Window | None) -> list[Opened]:
        """The datasets that can concern the window; all lines for None.

        Raises:
            UsageError: no bill is set, or the setting is not understood.
            AccessError: it cannot be reached.
            DataError: what is there is no bill.
        """
        if not self._settings.bill:
            from burn_azure.client.cost_management import usage_lines

            return [
                Opened(kind, self._over_table(table, told))
                for kind, table, told in usage_lines(self._settings, window)
            ]
        opened = []
        for store in self.stores():
            wanted = None if window is None else months_near(window)
            for dataset in choose(store.entries(), store.read, wanted, root=store.root):
                opened.append(self._over(store, dataset))
        return opened

    def months(self) -> list[Month]:
        """Every month that the files' names and manifests say is there."""
        found: set[Month] = set()
        if self._settings.bill:
            for store in self.stores():
                found |= set(known_months(store.entries(), store.read))
        return sorted(found)

    def stores(self) -> list[Files]:
        """The places that hold the bill."""
        settings = self._settings
        places = [("provider.azure.bill", settings.bill)]
        if settings.amortized_bill:
            places.append(("provider.azure.amortized_bill", settings.amortized_bill))
        return [self._files(url, setting) for setting, url in places]

    def _files(self, url: str, setting: str) -> Files:
        if url.startswith(BLOB):
            from burn_azure.client.blob import blob_files

            return blob_files(url, self._settings, setting)
        if "://" in url and not url.startswith("file://"):
            raise UsageError(
                f"{setting} is `{url}`, which is no place burn knows",
                hint="use a path or abfss://container@account.dfs.core.windows.net/folder",
            )
        return LocalFiles(Path(url.removeprefix("file://")).expanduser(), self._scratch, setting)

    def _over(self, store: Files, dataset: Dataset) -> Opened:
        paths = [trimmed(path, self._scratch) for path in store.fetch(dataset.entries)]
        return Opened(dataset.kind, DuckDbEngine(self._scratch).open(paths, dataset.origin))

    def _over_table(self, table: object, told: Sequence[str]) -> Source:
        import pyarrow as pa

        assert isinstance(table, pa.Table)
        engine = DuckDbEngine(self._scratch)
        engine.register("bill", table)
        columns = {field.name: "varchar" for field in table.schema}
        return Source(engine, '"bill"', columns, origin=tuple(told))
