"""A world as OpenMetrics text for `promtool tsdb create-blocks-from`: every sample of every scrape.

Names and labels are those of kube-state-metrics v2 and cAdvisor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.lab.series import Series, all_series
from tests.lab.spans import HOUR
from tests.lab.things import Interval, World


def write_openmetrics(world: World, path: Path, *, phase: int = 0, extra: str = "") -> Path:
    """Write the text.

    Args:
        world: what is scraped, each `world.scrape` seconds, with holes where nobody scraped.
        path: the file.
        phase: seconds after the start of the world of the first scrape.
        extra: further labels on every sample, e.g. `cluster="blue"`.
    """
    families: dict[str, list[Series]] = {}
    for one in all_series(world):
        families.setdefault(one.name, []).append(one)
    with path.open("w", encoding="utf-8") as sink:
        for name in sorted(families):
            for one in families[name]:
                sink.writelines(samples(world, one, phase, extra))
        sink.write("# EOF\n")
    return path


def scrapes(world: World, alive: Interval, phase: int) -> Iterator[int]:
    """Seconds at which something alive (start included, end not) is scraped."""
    start, end = max(alive[0], 0), min(alive[1], world.hours * HOUR)
    first = start + (phase - start) % world.scrape
    for at in range(first, end, world.scrape):
        if not any(a <= at < b for a, b in world.gaps):
            yield at


def samples(world: World, series: Series, phase: int, extra: str) -> Iterable[str]:
    """The lines of one series."""
    labels = series.labels + ((extra,) if extra else ())
    head = f"{series.name}{{{','.join(labels)}}} "
    base = int(world.start.timestamp())
    times = scrapes(world, series.alive, phase)
    if callable(series.value):
        value: Callable[[int], float] = series.value
        return [f"{head}{value(at):.6f} {base + at}\n" for at in times]
    head = f"{head}{series.value} "
    return [f"{head}{base + at}\n" for at in times]
