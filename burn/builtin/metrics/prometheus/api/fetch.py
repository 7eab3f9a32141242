"""Run a query over a window; cut it in halves while the server finds it too large."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, DataError, Window
from burn.builtin.metrics.common.grid import Grid, stacked
from burn.builtin.metrics.common.meter import Meter
from burn.builtin.metrics.prometheus.api.answers import readable
from burn.builtin.metrics.prometheus.api.client import PrometheusClient, TooLargeError
from burn.builtin.metrics.prometheus.queries.kube_state_metrics import EXPORTED

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.prometheus.queries.kube_state_metrics import Query

HOUR = 3600


@dataclass(slots=True)
class Fetch:
    """All queries of one observation: the same window, cluster and meter."""

    client: PrometheusClient
    window: Window
    matcher: str
    """What selects the cluster, ready to stand first in braces: `cluster="prod",` or nothing."""
    meter: Meter
    exported: bool = False
    """Whether labels were overwritten on scraping, so that `exported_NAME` says what NAME did."""
    overwritten: set[str] = field(default_factory=set)
    """Names of the labels for which that was seen."""

    def grid(self, query: Query) -> Grid:
        """Series × hour; a query of grain `day` has the window's total in one column.

        Raises:
            AccessError: see `PrometheusClient.ask`; also when one hour is still too large.
        """
        import numpy as np

        pieces = self._pieces(query, self.window)
        width = self.window.hours if query.grain == "hour" else 1
        matrices = []
        for window, result in pieces:
            values = np.full((len(result), width), np.nan)
            first = (window.start - self.window.start) // timedelta(hours=1)
            with self._readable(query, window):
                _fill(values, result, window, first, query)
            matrices.append(values)
        labels = self._labels(query, [series for _, result in pieces for series in result])
        grid = Grid(labels, np.concatenate(matrices))
        self.meter.samples += int(np.count_nonzero(~np.isnan(grid.values)))
        return grid

    def increases(self, query: Query, pieces: Iterable[tuple[int, datetime, datetime]]) -> Grid:
        """Series × hour of what a counter grew by; some hours are asked for piece by piece.

        Over a whole hour a counter also grows by what it counted between two pieces.

        Args:
            query: of grain `hour`.
            pieces: number of an hour, and a stretch of it that was watched.
        """
        import numpy as np

        pieces = list(pieces)
        grid = self.grid(query)
        if not pieces:
            return grid
        grid.values[:, sorted({hour for hour, _, _ in pieces})] = np.nan
        parts = [grid]
        for hour, start, end in pieces:
            length = round((end - start).total_seconds() * 1000)
            form = {
                "query": query.text(self.matcher, f"{length}ms", exported=self.exported),
                "time": f"{end.timestamp():.3f}",
            }
            result = self._ask("query", form, query, self.window)
            values = np.full((len(result), grid.values.shape[1]), np.nan)
            with self._readable(query, self.window):
                values[:, hour] = [float(series["value"][1]) for series in result]
            self.meter.samples += len(result)
            parts.append(Grid(self._labels(query, result), values))
        return stacked(parts)

    def raw(self, query: Query, start: datetime, end: datetime) -> list[Any]:
        """Sample times (Unix seconds) of a range selector, one array per series, with labels."""
        import numpy as np

        seconds = int((end - start).total_seconds())
        form = {
            "query": query.text(self.matcher, f"{seconds}s", exported=self.exported),
            "time": _stamp(end),
        }
        result = self._ask("query", form, query, self.window)
        found = []
        with self._readable(query, self.window):
            for series in result:
                times = np.fromiter((pair[0] for pair in series["values"]), dtype=np.float64)
                self.meter.samples += len(times)
                found.append((series["metric"], times))
        return found

    def _pieces(self, query: Query, window: Window) -> list[tuple[Window, list[Any]]]:
        try:
            return [(window, self._piece(query, window))]
        except TooLargeError as error:
            if window.hours == 1:
                raise AccessError(
                    f"Prometheus at {self.client.url} will not answer `{query.name}` even for one"
                    f" hour ({window.start:%Y-%m-%dT%H:00}): {error.cause}",
                    hint=error.hint,
                ) from error
        middle = window.start + timedelta(hours=window.hours // 2)
        halves = (Window(window.start, middle), Window(middle, window.end))
        return [piece for half in halves for piece in self._pieces(query, half)]

    def _piece(self, query: Query, window: Window) -> list[Any]:
        if query.grain == "day":
            text = query.text(self.matcher, f"{window.hours}h", exported=self.exported)
            return self._ask("query", {"query": text, "time": _stamp(window.end)}, query, window)
        form = {
            "query": query.text(self.matcher, "1h", exported=self.exported),
            "start": _stamp(window.start + timedelta(hours=1)),
            "end": _stamp(window.end),
            "step": str(HOUR),
        }
        return self._ask("query_range", form, query, window)

    def _labels(self, query: Query, result: list[Any]) -> pd.DataFrame:
        """One text column per label: what the series said before a scrape overwrote it."""
        import pandas as pd

        columns = {}
        for name in query.labels:
            values = [series["metric"].get(name, "") for series in result]
            if self.exported and name in EXPORTED:
                said = [series["metric"].get(f"exported_{name}", "") for series in result]
                values = [new or old for new, old in zip(said, values, strict=True)]
                if any(said):
                    self.overwritten.add(name)
            columns[name] = values
        return pd.DataFrame(columns, dtype="str")

    def _readable(self, query: Query, window: Window) -> AbstractContextManager[None]:
        return readable(self.client.url, f"`{query.name}` of {window}")

    def _ask(self, path: str, form: dict[str, str], query: Query, window: Window) -> list[Any]:
        return self.client.ask(path, form, what=f"`{query.name}` of {window}", meter=self.meter)


def _fill(values: Any, result: list[Any], window: Window, first: int, query: Query) -> None:
    """Write samples into their row and hour."""
    import numpy as np

    if query.grain == "day":
        values[:, 0] = [float(series["value"][1]) for series in result]
        return
    lengths = np.fromiter((len(series["values"]) for series in result), dtype=np.int64)
    pairs = list(chain.from_iterable(series["values"] for series in result))
    times = np.fromiter((pair[0] for pair in pairs), dtype=np.float64, count=len(pairs))
    numbers = np.fromiter((float(pair[1]) for pair in pairs), dtype=np.float64, count=len(pairs))
    hours = (times - window.start.timestamp()) / HOUR - 1
    columns = np.rint(hours).astype(np.int64)
    if pairs and (
        np.abs(hours - columns).max() * HOUR > 0.5
        or columns.min() < 0
        or columns.max() >= window.hours
    ):
        raise DataError(
            f"Prometheus answers `{query.name}` of {window} at other times than it was asked for",
            hint="a proxy moves query times; point source.prometheus.url at the querier behind it",
        )
    values[np.repeat(np.arange(len(result)), lengths), first + columns] = numbers


def _stamp(at: datetime) -> str:
    return str(int(at.timestamp()))
