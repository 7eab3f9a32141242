"""From the settings `bill` and `amortized_bill` to the lines of a bill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from burn.api import DataError, Window
from burn.api.bills.engine.duck import DuckDbEngine
from burn.api.bills.engine.source import Source
from burn.api.bills.files.heads import Heads
from burn.api.bills.files.local import Files
from burn.api.bills.files.places import place
from burn.api.bills.files.scratch import Scratch
from burn.api.bills.months import Month, months_near
from burn_azure.bill.lines.layouts import recognise
from burn_azure.bill.opened import Opened, opened
from burn_azure.files.choose import choose, known_months
from burn_azure.files.trim import trimmed
from burn_azure.settings import AzureSettings

NEAR = 3
"""Months; a run of the last whole one opens those beside it too."""
BLOB = ("abfss://", "abfs://", "az://")


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
            return self._from_api(window)
        months = None if window is None else months_near(window)
        chosen = [
            (store, dataset)
            for store in self.stores()
            for dataset in choose(store.entries(), store.read, months, root=store.root)
        ]
        return opened(chosen, self._scratch)

    def headers(self) -> list[Source]:
        """All files that a run of a month near the newest opens, by their heads; see `Heads`.

        Raises:
            as `open`.
        """
        months = self.months()[-NEAR:] or None
        paths: dict[str, list[Path]] = {}
        for store in (Heads(store, self._scratch) for store in self.stores()):
            for dataset in choose(store.entries(), store.read, months, root=store.root):
                heads = [trimmed(path, self._scratch) for path in store.fetch(dataset.entries)]
                paths.setdefault(dataset.kind or store.root, []).extend(heads)
        return [DuckDbEngine(self._scratch).open(mine, (), recognise) for mine in paths.values()]

    def months(self) -> list[Month]:
        """Every month that the files' names and manifests say is there."""
        months: set[Month] = set()
        if self._settings.bill:
            for store in self.stores():
                months |= set(known_months(store.entries(), store.read))
        return sorted(months)

    def stores(self) -> list[Files]:
        """The places that hold the bill."""
        return [self._files(url, setting) for setting, url in self._settings.places]

    def _files(self, url: str, setting: str) -> Files:
        def blob(url: str) -> Files:
            from burn_azure.client.blob import blob_files

            return blob_files(url, self._settings, setting)

        schemes = " or abfss://container@account.dfs.core.windows.net/folder"
        return place(url, setting, self._scratch, dict.fromkeys(BLOB, blob), schemes)

    def _from_api(self, window: Window | None) -> list[Opened]:
        from burn_azure.client.cost_management import (
            is_subscription,
            query_lines,
            report_files,
            scope_of,
        )

        span = window or _lately()
        if is_subscription(scope_of(self._settings)):
            folder = self._scratch.path / f"reports-{span.start:%Y%m%d%H}-{span.end:%Y%m%d%H}"
            folder.mkdir(exist_ok=True)
            reports = report_files(self._settings, span, folder)
            if not reports:
                raise DataError(
                    f"{self._settings.scope} has no costs in {span}",
                    hint="check the window; costs of a day arrive within two days",
                )
            told = f"cost-details reports of {self._settings.scope}"
            return [
                Opened(kind, DuckDbEngine(self._scratch).open(paths, [told], recognise))
                for kind, paths in reports.items()
            ]
        opened = []
        for kind, table, told_of in query_lines(self._settings, span):
            engine = DuckDbEngine(self._scratch)
            engine.register("bill", table)
            columns = dict.fromkeys(table.column_names, "varchar")
            opened.append(Opened(kind, Source(engine, '"bill"', columns, origin=tuple(told_of))))
        return opened


def _lately() -> Window:
    """What a run without a window asks the API about: this month and the one before."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    first = (now.replace(day=1, hour=0) - timedelta(days=1)).replace(day=1)
    return Window(first, max(now, first + timedelta(hours=1)))
