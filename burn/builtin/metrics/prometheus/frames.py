"""From matrices to the five frames, sorted by their keys so that two runs agree to the byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from burn.api import (
    InventoryFrame,
    MountsFrame,
    PodsFrame,
    PresenceFrame,
    Schema,
    UsageFrame,
    Window,
    schemas,
)
from burn.builtin.metrics.prometheus.grid import text

if TYPE_CHECKING:
    from typing import Any, TypeVar

    import pandas as pd

    from burn.builtin.metrics.prometheus.grid import Matrix
    from burn.builtin.metrics.prometheus.pods import Pods

    F = TypeVar("F")

AUTHOR = "burn's prometheus source"


@dataclass(frozen=True, slots=True)
class Day:
    """The day and cluster that the frames are about."""

    window: Window
    cluster: str

    def assets(
        self, parts: list[tuple[pd.DataFrame, Matrix]]
    ) -> tuple[InventoryFrame, PresenceFrame]:
        """Inventory and presence from each kind's rows; absent columns are empty or 0."""
        import numpy as np
        import pandas as pd

        about = pd.concat([rows for rows, _ in parts], ignore_index=True)
        there = np.concatenate([matrix for _, matrix in parts])
        about["hours"] = there.sum(axis=1)
        about, there = about[about["hours"] > 0].reset_index(drop=True), there[there.any(axis=1)]
        for column in schemas.INVENTORY.columns:
            empty: Any = "" if column.kind == "string" else 0.0
            if column.name in about:
                about[column.name] = _filled(about[column.name], empty)
            else:
                about[column.name] = empty
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
        return _valid(schemas.INVENTORY, about), _valid(schemas.PRESENCE, presence)

    def pods(self, pods: Pods, owners: pd.DataFrame, labels: pd.Series[str]) -> PodsFrame:
        """Who each pod is."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "pod_uid": pods.about["uid"],
                "day": self._midnight(),
                "cluster": self.cluster,
                "namespace": pods.about["namespace"],
                "pod": pods.about["pod"],
                "workload_kind": owners["kind"],
                "workload": owners["name"],
                "labels": labels,
            }
        )
        return _valid(schemas.PODS, frame)

    def usage(self, usage: pd.DataFrame) -> UsageFrame:
        """Pod × node × hour."""
        return _valid(schemas.USAGE, usage)

    def mounts(self, mounts: pd.DataFrame) -> MountsFrame:
        """Pod × volume."""
        return _valid(schemas.MOUNTS, mounts.assign(day=self._midnight()))

    def _midnight(self) -> pd.Timestamp:
        import pandas as pd

        return pd.Timestamp(self.window.start.replace(hour=0)).as_unit("us")

    def _hours(self) -> pd.DatetimeIndex:
        import pandas as pd

        step = timedelta(hours=1)
        return pd.date_range(self.window.start, periods=self.window.hours, freq=step, unit="us")


def _filled(values: pd.Series[Any], empty: Any) -> pd.Series[Any]:
    return text(values) if empty == "" else values.fillna(empty)


def sole_pods(usage: pd.DataFrame) -> pd.Series[str]:
    """Asset → uid, for nodes on which one pod only was seen."""
    pairs = usage[["asset_id", "pod_uid"]].drop_duplicates()
    return pairs.drop_duplicates("asset_id", keep=False).set_index("asset_id")["pod_uid"]


def _valid(schema: Schema[F], frame: pd.DataFrame) -> F:
    ordered = frame[schema.names].sort_values(list(schema.key), kind="stable")
    return schema.validate(ordered, author=AUTHOR)
