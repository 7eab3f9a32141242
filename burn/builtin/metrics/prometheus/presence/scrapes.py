"""When kube-state-metrics was scraped: what turns a number of samples into hours.

A thing that is there all hour long has as many samples as there were scrapes, so
presence = samples ÷ scrapes × the covered part of the hour. That is unbiased at any scrape
interval, for a 30-second pod as for a node. Scrape times are learned from the raw samples of a
few nodes that between them lived through the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from burn.api import Window
from burn.builtin.metrics.common.grid import Grid, by, codes_of
from burn.builtin.metrics.prometheus.presence.jobs import groups
from burn.builtin.metrics.prometheus.queries import kube_state_metrics

if TYPE_CHECKING:
    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.prometheus.api.fetch import Fetch

GAP = 2.5
"""Scrape intervals: a longer time between two samples is a gap, a shorter one a late scrape."""
MARGIN = timedelta(minutes=15)
"""Looked at on either side of the day, so that a border is not taken for a gap."""
_MOST_REFERENCES = 8

Blocks = Any  # (n, 2) array of covered stretches, in Unix seconds, disjoint and in order


@dataclass(frozen=True, slots=True)
class Clock:
    """One group of exporters that show the same objects.

    Attributes:
        scrapes: samples per hour of an object that is always there.
        covered: the part of each hour that was watched, 0 to 1.
        interval: seconds between scrapes.
        blocks: the covered stretches.
    """

    scrapes: Any
    covered: Any
    interval: float
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of a day, by scrape job; a job never seen before goes by the main one."""

    window: Window
    clocks: tuple[Clock, ...]
    group_of_job: dict[str, int]

    @property
    def interval(self) -> float:
        """The longest scrape interval."""
        return max(clock.interval for clock in self.clocks)

    @property
    def covered(self) -> Any:
        """The part of each hour that any exporter watched."""
        import numpy as np

        return np.max([clock.covered for clock in self.clocks], axis=0)

    def blind(self) -> dict[str, float]:
        """Jobs that show objects of their own, and the hours that others watched and they did not."""
        missing = [float((self.covered - clock.covered).sum()) for clock in self.clocks]
        return {
            job: missing[group] for job, group in self.group_of_job.items() if missing[group] > 0.01
        }

    def pieces(self) -> list[tuple[int, datetime, datetime]]:
        """Hours that were watched in several pieces: the hour's number, and each piece."""
        blocks, start = self._blocks(), self.window.start.timestamp()
        found = []
        for hour in range(self.window.hours):
            begin = start + 3600 * hour
            parts = [(max(a, begin), min(b, begin + 3600)) for a, b in blocks]
            parts = [(a, b) for a, b in parts if a < b]
            if len(parts) > 1:
                found += [
                    (hour, datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC))
                    for a, b in parts
                ]
        return found

    def _blocks(self) -> Blocks:
        """Stretches that any exporter watched."""
        import numpy as np

        return _merge(np.concatenate([clock.blocks for clock in self.clocks]))

    def gaps(self) -> tuple[tuple[datetime, datetime], ...]:
        """Stretches that no exporter watched."""
        import numpy as np

        blocks = self._blocks()
        start, end = self.window.start.timestamp(), self.window.end.timestamp()
        edges = np.concatenate([[start], np.clip(blocks, start, end).ravel(), [end]])
        return tuple(
            (datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC))
            for a, b in edges.reshape(-1, 2)
            if b - a >= 1
        )

    def presence(self, grid: Grid, codes: Any, size: int) -> Matrix:
        """Part of each hour that each entity was there.

        Args:
            grid: sample counts, with a `job` label.
            codes: entity of each row.
            size: number of entities.
        """
        import numpy as np

        group = grid.labels["job"].map(self.group_of_job).fillna(0).to_numpy(dtype=np.int64)
        scrapes = np.stack([clock.scrapes for clock in self.clocks])[group]
        covered = np.stack([clock.covered for clock in self.clocks])[group]
        part = np.divide(grid.values, scrapes, out=np.zeros_like(grid.values), where=scrapes > 0)
        summed = np.nan_to_num(by(codes, part, size, "sum"))
        # The sum first, the limit after it: duplicate exporters each hold a part of the samples.
        return np.minimum(summed, 1.0) * np.nan_to_num(by(codes, covered, size, "max"))


def learn(fetch: Fetch, nodes: Grid, pods: Grid) -> Clocks:
    """Find the clocks from hourly sample counts of nodes and pods.

    Args:
        fetch: for the raw samples of the references (one query, two if there are gaps).
        nodes: counts by `node` and `job`.
        pods: counts by `uid` and `job`.
    """
    import numpy as np

    group_of_job = groups([(nodes.labels, "node"), (pods.labels, "uid")])
    size = max(group_of_job.values(), default=-1) + 1
    everywhere = np.ones(fetch.window.hours, dtype=bool)
    times = _references(fetch, nodes, "kube_node_info", "node", group_of_job, [everywhere] * size)
    clocks = [_clock(fetch.window, times.get(group, [])) for group in range(size)]
    holes = [clock.covered < 1 for clock in clocks]
    if any(hole.any() for hole in holes):
        # No node there, or no scrape? A pod that was there then would have shown.
        more = _references(fetch, pods, "kube_pod_info", "uid", group_of_job, holes)
        clocks = [
            _clock(fetch.window, times.get(group, []) + more.get(group, []))
            for group in range(size)
        ]
    return Clocks(fetch.window, tuple(clocks), group_of_job)


def _references(
    fetch: Fetch,
    grid: Grid,
    metric: str,
    label: str,
    group_of_job: dict[str, int],
    hours: Sequence[Any],
) -> dict[int, list[list[Any]]]:
    """Raw sample times: group → reference object → one array per series."""
    group = grid.labels["job"].map(group_of_job)
    chosen: dict[int, list[str]] = {}
    for number, wanted in enumerate(hours):
        rows = grid.keep(group == number)
        if len(rows.labels) and wanted.any():
            codes, keys = codes_of(rows.labels, [label])
            counts = by(codes, rows.values, len(keys), "sum")
            chosen[number] = [keys[label][i] for i in _pick(counts[:, wanted])]
    names = sorted({name for picked in chosen.values() for name in picked} - {""})
    if not names:
        return {}
    shown = f"exported_{label}" if label in fetch.overwritten else label
    query = kube_state_metrics.scrape_times(metric, shown, names)
    series = fetch.raw(query, fetch.window.start - MARGIN, fetch.window.end + MARGIN)
    found: dict[int, list[list[Any]]] = {}
    for number, picked in chosen.items():
        mine = [
            (m.get(shown, ""), times)
            for m, times in series
            if group_of_job.get(m.get("job", "")) == number
        ]
        found[number] = [[t for name, t in mine if name == wanted] for wanted in picked]
    return found


def _pick(counts: Any) -> list[int]:
    """Rows that between them have the most samples in every hour; few of them."""
    import numpy as np

    counts = np.nan_to_num(counts)
    need = counts.max(axis=0)
    best = np.zeros(counts.shape[1])
    picked: list[int] = []
    while (best < need).any() and len(picked) < _MOST_REFERENCES:
        gain = np.where(counts >= need, need, 0)[:, best < need].sum(axis=1)
        picked.append(int(gain.argmax()))
        best = np.maximum(best, counts[picked[-1]])
    return picked


def _clock(window: Window, references: list[list[Any]]) -> Clock:
    """Merge references in turn: each adds only what those before it did not watch."""
    import numpy as np

    start, hours = window.start.timestamp(), window.hours
    covered = np.empty((0, 2))
    kept = [np.empty(0)]
    intervals = [0.0]
    for series in references:
        blocks = [_blocks(times) for times in series]
        kept += [times[~_inside(times, covered)] for times in series]
        intervals += [interval for _, interval in blocks]
        covered = _merge(np.concatenate([covered, *(found for found, _ in blocks)]))
    covered = _to_borders(covered, start, start + 3600 * hours, max(intervals))
    at = np.floor((np.concatenate(kept) - start) / 3600).astype(np.int64)
    scrapes = np.bincount(at[(at >= 0) & (at < hours)], minlength=hours).astype(np.float64)
    edges = start + 3600 * np.arange(hours)[:, None]
    overlap = np.minimum(covered[:, 1], edges + 3600) - np.maximum(covered[:, 0], edges)
    # To the millisecond, as the samples are: a full hour is exactly 1.
    watched = np.round(np.clip(overlap, 0, None).sum(axis=1), 3) / 3600
    return Clock(scrapes, np.where(scrapes > 0, watched, 0.0), max(intervals), covered)


def _blocks(times: Any) -> tuple[Blocks, float]:
    """Stretches without a gap, half an interval wider on either side; and the interval."""
    import numpy as np
    import pandas as pd

    times = np.sort(times)
    if len(times) < 2:
        return np.empty((0, 2)), 0.0
    deltas = np.diff(times)
    # Local, because an interval may be changed in the middle of a day.
    usual = pd.Series(deltas).rolling(21, center=True, min_periods=1).median().to_numpy()
    breaks = np.flatnonzero(deltas > GAP * usual)
    firsts = np.concatenate([[0], breaks + 1])
    lasts = np.concatenate([breaks, [len(times) - 1]])
    half = np.concatenate([usual, usual[-1:]]) / 2
    blocks = np.stack([times[firsts] - half[firsts], times[lasts] + half[lasts - 1]], axis=1)
    return blocks, float(np.median(deltas))


def _to_borders(blocks: Blocks, start: float, end: float, interval: float) -> Blocks:
    """Reach the window's borders where no scrape was missed before them.

    A block ends half an interval after its last sample; the next scrape was due another half later.
    """
    import numpy as np

    half = interval / 2
    first, last = blocks[:, 0], blocks[:, 1]
    first = np.where((first > start) & (first - start <= half), start, first)
    last = np.where((last < end) & (end - last <= half), end, last)
    return np.stack([first, last], axis=1)


def _merge(blocks: Blocks) -> Blocks:
    """Disjoint stretches, in order."""
    import numpy as np

    if len(blocks) == 0:
        return blocks
    blocks = blocks[np.argsort(blocks[:, 0], kind="stable")]
    reach = np.maximum.accumulate(blocks[:, 1])
    first = np.concatenate([[True], blocks[1:, 0] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    return np.stack([blocks[first, 0], reach[last]], axis=1)


def _inside(times: Any, blocks: Blocks) -> Any:
    import numpy as np

    if len(blocks) == 0:
        return np.zeros(len(times), dtype=bool)
    at = np.searchsorted(blocks[:, 0], times, side="right") - 1
    return (at >= 0) & (times < blocks[np.maximum(at, 0), 1])
