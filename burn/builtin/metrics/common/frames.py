"""From matrices to the frames, sorted by their keys so that two runs agree to the byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from burn.api import (
    ContainersFrame,
    InventoryFrame,
    MountsFrame,
    PodsFrame,
    PresenceFrame,
    Schema,
    UsageFrame,
    Window,
    WorkloadsFrame,
    schemas,
)
from burn.builtin.metrics.common.grid import text

if TYPE_CHECKING:
    from typing import Any, TypeVar

    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix

    F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Day:
    """The day and cluster that the frames are about."""

    window: Window
    cluster: str
    author: str

    def assets(
        self, parts: list[tuple[pd.DataFrame, Matrix]], spaces: pd.Series[str]
    ) -> tuple[InventoryFrame, PresenceFrame]:
        """Inventory and presence from each kind's rows; absent columns are empty or 0.

        Args:
            parts: rows and their presence, a kind each; of nodes, with labels of their own.
            spaces: namespace → JSON object of its labels.
        """
        import numpy as np
        import pandas as pd

        about = pd.concat([rows for rows, _ in parts], ignore_index=True)
        there = np.concatenate([matrix for _, matrix in parts])
        about["hours"] = there.sum(axis=1)
        about, there = about[about["hours"] > 0].reset_index(drop=True), there[there.any(axis=1)]
        for column in schemas.INVENTORY.columns:
            if column.optional:
                continue
            empty: Any = "" if column.kind == "string" else 0.0
            if column.name in about:
                about[column.name] = _filled(about[column.name], empty)
            else:
                about[column.name] = empty
        about["region"] = _region(about)
        labels = spaces[spaces != "{}"]
        own = about.get("labels")
        if len(labels):
            around = about["namespace"].map(labels)
            about["labels"] = around if own is None else own.where(own.notna(), around)
        about["cluster"] = self.cluster
        about["day"] = self._midnight()
        asset, hour = np.nonzero(there)
        presence = pd.DataFrame(
            {
                "asset_id": about["asset_id"].to_numpy()[asset],
                "hour": self._hours()[hour],
                "hours": there[asset, hour],
            }
        )
        return self._valid(schemas.INVENTORY, about), self._valid(schemas.PRESENCE, presence)

    def pods(self, about: pd.DataFrame, owners: pd.DataFrame, labels: pd.Series[str]) -> PodsFrame:
        """Who each pod is: `about` has uid, namespace, pod; `owners` has kind, name.

        `about` may have the hours in which a pod's own bytes were counted, `network_hours`.
        """
        import pandas as pd

        frame = pd.DataFrame(
            {
                "pod_uid": about["uid"],
                "day": self._midnight(),
                "cluster": self.cluster,
                "namespace": about["namespace"],
                "pod": about["pod"],
                "workload_kind": owners["kind"],
                "workload": owners["name"],
                "labels": labels,
            }
        )
        if "network_hours" in about:
            frame["x_network_hours"] = about["network_hours"]
        return self._valid(schemas.PODS, frame)

    def usage(self, usage: pd.DataFrame) -> UsageFrame:
        """Pod × node × hour."""
        return self._valid(schemas.USAGE, usage)

    def mounts(self, mounts: pd.DataFrame) -> MountsFrame:
        """Pod × volume."""
        return self._valid(schemas.MOUNTS, mounts.assign(day=self._midnight()))

    def containers(self, rows: pd.DataFrame | None) -> ContainersFrame | None:
        """Pod × container, where the source tells."""
        if rows is None:
            return None
        return self._valid(schemas.CONTAINERS, rows.assign(day=self._midnight()))

    def workloads(self, rows: pd.DataFrame | None) -> WorkloadsFrame | None:
        """Workloads that have pods on the day, where the source tells."""
        if rows is None:
            return None
        return self._valid(schemas.WORKLOADS, rows.assign(day=self._midnight()))

    def _valid(self, schema: Schema[F], frame: pd.DataFrame) -> F:
        given = [
            column.name for column in schema.columns if column.name in frame or not column.optional
        ]
        ordered = frame[given].sort_values(list(schema.key), kind="stable")
        return schema.validate(ordered, author=self.author)

    def _midnight(self) -> pd.Timestamp:
        import pandas as pd

        return pd.Timestamp(self.window.start.replace(hour=0)).as_unit("us")

    def _hours(self) -> pd.DatetimeIndex:
        import pandas as pd

        step = timedelta(hours=1)
        return pd.date_range(self.window.start, periods=self.window.hours, freq=step, unit="us")


def _region(about: pd.DataFrame) -> pd.Series[str]:
    """Volumes and balancers are where the nodes are, when all nodes are in one region."""
    regions = about.loc[about["kind"] == "node", "region"].unique()
    only = str(regions[0]) if len(regions) == 1 else ""
    return about["region"].where(about["region"] != "", only)


def _filled(values: pd.Series[Any], empty: Any) -> pd.Series[Any]:
    return text(values) if empty == "" else values.fillna(empty)


def sole_pods(usage: pd.DataFrame) -> pd.Series[str]:
    """Asset → uid, for nodes on which one pod only was seen."""
    pairs = usage[["asset_id", "pod_uid"]].drop_duplicates()
    return pairs.drop_duplicates("asset_id", keep=False).set_index("asset_id")["pod_uid"]
