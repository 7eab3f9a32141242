"""Pods by uid: when each held its place on a node, and which pod a series without uid means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from burn.builtin.metrics.common.grid import Grid, by, codes_of, rows_where

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.prometheus.presence.scrapes import Clocks

_ABOUT = [
    *("namespace", "pod", "node", "created_by_kind", "created_by_name"),
    *("host_network", "priority_class"),
]


@dataclass(frozen=True, slots=True)
class Pods:
    """One row per uid, and its presence per hour."""

    about: pd.DataFrame
    presence: Matrix

    def attach(self, grid: Grid, kind: Literal["amount", "level"]) -> tuple[Any, Any, Matrix]:
        """Tie series to pods: by uid where there is one, else by name and time.

        A StatefulSet's pods come again under the same name. An hour that two of them share is
        split by how long each was there (amounts), or given to both (levels, such as a request).

        Returns:
            Row of `about`, row of `grid`, and the values, one line per pair of the two.
        """
        import numpy as np
        import pandas as pd

        labels = grid.labels
        uids = pd.Series(np.arange(len(self.about)), index=self.about["uid"])
        # A cgroup path writes a uid with `_`; no uid of Kubernetes has one.
        found = labels["uid"].str.replace("_", "-").map(uids)
        known = found.notna().to_numpy()
        mine = pd.DataFrame(
            {
                "namespace": labels["namespace"][~known],
                "pod": labels["pod"][~known],
                "series": np.flatnonzero(~known),
            }
        )
        names = self.about[["namespace", "pod"]].assign(
            row=np.arange(len(self.about)), nameless=self.about["uid"].str.contains("/")
        )
        pairs = mine.merge(names, on=["namespace", "pod"])
        # A uid that is not in `about` is of a pod without a node: its name may mean another pod.
        stranger = (labels["uid"] != "").to_numpy()[pairs["series"]] & ~pairs["nameless"]
        pairs = pairs[~stranger]
        rows = np.concatenate([found[known].to_numpy(dtype=np.int64), pairs["row"]]).astype(
            np.int64
        )
        series = np.concatenate([np.flatnonzero(known), pairs["series"]]).astype(np.int64)
        values = grid.values[series]
        named = slice(int(known.sum()), None)
        here = self.presence[rows[named]]
        if kind == "amount":
            total = by(pairs["series"], here, len(labels), "sum")[series[named]]
            share = np.divide(here, total, out=np.zeros_like(here), where=np.nan_to_num(total) > 0)
        else:
            share = np.where(here > 0, 1.0, np.nan)
        values[named] = values[named] * share
        return rows, series, values

    def amounts(self, grid: Grid) -> Matrix:
        """Sum of amounts per pod and hour; 0 where there are none."""
        import numpy as np

        rows, _, values = self.attach(grid, "amount")
        return np.nan_to_num(by(rows, values, len(self.about), "sum"))

    def levels(self, grid: Grid) -> Matrix:
        """Largest level per pod and hour; NaN where there is none."""
        rows, _, values = self.attach(grid, "level")
        return by(rows, values, len(self.about), "max")


def pods_of(found: Grid, ended: Grid, clocks: Clocks) -> Pods:
    """Pods bound to a node, from binding to completion.

    A bound Pending pod holds its request; a pod that Succeeded or Failed holds nothing.

    Args:
        found: counts of kube_pod_info.
        ended: counts of samples in a final phase.
        clocks: what a count is worth.
    """
    import numpy as np

    labels = found.labels.copy()
    nameless = labels["uid"] == ""
    labels["uid"] = labels["uid"].where(~nameless, labels["namespace"] + "/" + labels["pod"])
    codes, keys = codes_of(labels, ["uid"])
    seen = labels.assign(count=-np.nansum(found.values, axis=1)).sort_values("count", kind="stable")
    about = keys.merge(seen.drop_duplicates("uid")[["uid", *_ABOUT]], on="uid", how="left")
    there = Pods(about, clocks.presence(found, codes, len(keys)))
    rows, series, values = there.attach(ended, "amount")
    done = clocks.presence(Grid(ended.labels.take(series), values), rows, len(keys))
    presence = np.clip(there.presence - done, 0, None)
    presence[presence < 1e-9] = 0.0
    lived = presence.any(axis=1)
    return Pods(rows_where(about, lived), presence[lived])
