"""The `containers` frame of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api.containers import CONTAINERS, QUANTILES
from burn.builtin.metrics.common.grid import Grid
from burn.builtin.metrics.common.nodes import GIB
from burn.builtin.metrics.prometheus.queries import containers as queries

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.prometheus.api.fetch import Fetch
    from burn.builtin.metrics.prometheus.objects.pods import Pods

KEY = ["pod_uid", "container"]
UNLIMITED = 2.0**62
"""Bytes from which on a limit of the runtime is none (GOMEMLIMIT is off at the largest integer)."""


def containers_of(fetch: Fetch, pods: Pods, step: int) -> pd.DataFrame:
    """One row per pod and container with any measurement; columns of the schema but `day`.

    Where the server took a query in pieces, each fact is the highest of the pieces: of quantiles
    that is at least the day's.

    Args:
        fetch: of the day.
        pods: those that the day's frames name.
        step: seconds, of CPU rates.
    """
    cpu = _wide(fetch.grid(queries.cpu(step)), pods)
    memory = _wide(fetch.grid(queries.memory()), pods)
    asked = fetch.grid(queries.SIZES)
    sizes = _wide(asked, pods, of_resource=True)
    befell = _wide(fetch.grid(queries.BEFELL), pods)
    known = cpu.index.union(memory.index)
    frame = CONTAINERS.empty().drop(columns=["day", *KEY]).reindex(known)
    frame["hours"] = cpu.reindex(known).get("hours")
    for resource, found, unit in (("cpu", cpu, 1.0), ("memory", memory, GIB)):
        for fact in (*QUANTILES, "start"):
            frame[f"{resource}_{fact}"] = _column(found, fact, known) / unit
        for what, fact in (("request", "requests"), ("limit", "limits")):
            frame[f"{resource}_{what}"] = _column(sizes, f"{resource} {fact}", known) / unit
        if (asked.labels["fact"] == "requests").any():
            frame[f"{resource}_request"] = frame[f"{resource}_request"].fillna(0.0)
    return _with_events(frame, befell.reindex(known), known).reset_index()


def _with_events(frame: pd.DataFrame, befell: pd.DataFrame, known: Any) -> pd.DataFrame:
    import numpy as np

    restarts = _column(befell, "restarts", known)
    # The last end stays on show for as long as the pod lives: a kill is of the day that restarted.
    last = _column(befell, "oom_killed", known)
    by_status = restarts.where(last > 0, 0.0).where(restarts.notna())
    kills = np.fmax(by_status, _column(befell, "oom_events", known))
    heap, go = _column(befell, "jvm", known), _column(befell, "go", known)
    jvm = _column(befell, "jvm_seen", known).notna()
    limit = heap.where(jvm, go.where(go < UNLIMITED))
    return frame.assign(
        restarts=restarts,
        oom_kills=kills,
        throttled=_column(befell, "throttled", known),
        runtime=np.where(jvm, "jvm", np.where(go.notna(), "go", "")),
        heap_limit=limit / GIB,
    )


def _wide(grid: Grid, pods: Pods, *, of_resource: bool = False) -> pd.DataFrame:
    """One row per pod and container, one column per fact; the highest where there are several."""
    import pandas as pd

    rows, series, _ = pods.attach(_day_long(grid, pods), "level")
    labels = grid.labels.take(series)
    fact = labels["resource"] + " " + labels["fact"] if of_resource else labels["fact"]
    frame = pd.DataFrame(
        {
            "pod_uid": pods.about["uid"].to_numpy()[rows],
            "container": labels["container"].to_numpy(),
            "fact": fact.to_numpy(),
            "value": grid.values[series, 0],
        }
    )
    frame = frame[(frame["container"] != "") & frame["value"].notna()]
    return frame.groupby([*KEY, "fact"])["value"].max().unstack()


def _day_long(grid: Grid, pods: Pods) -> Grid:
    """The day's one value in each of its hours, as pods are tied by the hours they were there."""
    import numpy as np

    return Grid(grid.labels, np.repeat(grid.values, pods.presence.shape[1], axis=1))


def _column(found: pd.DataFrame, fact: str, known: Any) -> pd.Series[float]:
    import pandas as pd

    if fact not in found:
        return pd.Series(float("nan"), index=known)
    return found[fact].reindex(known)
