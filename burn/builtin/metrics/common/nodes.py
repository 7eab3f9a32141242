"""Nodes of one day, whichever source saw them, and their inventory rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common import gpu
from burn.builtin.metrics.common.grid import by, codes_of, text

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix

GIB = 2.0**30


@dataclass(frozen=True, slots=True)
class Nodes:
    """One row per asset: `asset_id`, `node`, `provider_id`, and what its labels say.

    Attributes:
        about: inventory columns and gpu.NODE_LABELS.
        presence: asset × hour.
        sizes: asset row, resource, `capacity` and `allocatable`, averaged over its hours.
    """

    about: pd.DataFrame
    presence: Matrix
    sizes: pd.DataFrame

    def at(self, node: pd.Series[str]) -> Matrix:
        """Asset row per node name and hour; -1 where no such node was there.

        Where a name passed from one machine to the next within an hour, the one there longer.
        """
        import numpy as np
        import pandas as pd

        codes, keys = codes_of(self.about, ["node"])
        best = by(codes, self.presence, len(keys), "max")
        hours = np.broadcast_to(np.arange(self.presence.shape[1]), self.presence.shape)
        rows = np.full((len(keys) + 1, self.presence.shape[1]), -1, dtype=np.int64)
        there = (self.presence > 0) & (self.presence == best[codes])
        asset = np.broadcast_to(np.arange(len(codes))[:, None], self.presence.shape)
        rows[np.broadcast_to(codes[:, None], there.shape)[there], hours[there]] = asset[there]
        index = pd.Series(np.arange(len(keys)), index=keys["node"])
        return np.asarray(rows[node.map(index).fillna(len(keys)).to_numpy(dtype=np.int64)])

    def passed_on(self) -> list[str]:
        """Names that two machines had within one hour."""
        there = (self.presence > 0).astype("float64")
        codes, keys = codes_of(self.about, ["node"])
        twice = (by(codes, there, len(keys), "sum") > 1).any(axis=1)
        return [str(name) for name in keys["node"].to_numpy()[twice]]


def inventory(nodes: Nodes, sole_pod: pd.Series[str]) -> pd.DataFrame:
    """Inventory columns of nodes, but for cluster, day and hours.

    Args:
        nodes: the day's nodes.
        sole_pod: asset_id → uid of the only pod seen on it.
    """
    import numpy as np

    about = nodes.about
    sizes = nodes.sizes.set_index(["asset", "resource"])

    def size(resource: str, column: str) -> Any:
        if resource not in sizes.index.get_level_values("resource"):
            return np.zeros(len(about))
        return (
            sizes.xs(resource, level="resource")[column]
            .reindex(range(len(about)), fill_value=0.0)
            .to_numpy()
        )

    out = about.drop(columns=list(gpu.NODE_LABELS)).rename(columns={"node": "name"})
    return out.assign(
        kind="node",
        cpu_cores=size("cpu", "capacity"),
        cpu_allocatable=size("cpu", "allocatable"),
        memory_gib=size("memory", "capacity") / GIB,
        memory_allocatable=size("memory", "allocatable") / GIB,
        gpu_count=_devices(nodes),
        storage_gib=0.0,
        namespace="",
        pod_uid=text(about["asset_id"].map(sole_pod)),
    )


def _devices(nodes: Nodes) -> Any:
    """Physical devices: what the label says, else what capacity is worth."""
    import numpy as np
    import pandas as pd

    rows = gpu_resources(nodes)
    worth = pd.Series(gpu.physical(rows).to_numpy(), index=rows["asset"])
    nvidia = rows["resource"].str.startswith("nvidia").to_numpy()
    count = pd.to_numeric(nodes.about["nvidia.com/gpu.count"], errors="coerce")
    instance = pd.to_numeric(nodes.about["nvidia.com/gpu.slices.gi"], errors="coerce").fillna(0)
    # With MIG's `single` strategy the label counts instances, not devices.
    labelled = count.where(instance == 0)
    size = range(len(nodes.about))
    ours = worth[nvidia].groupby(level=0).sum().reindex(size, fill_value=0.0)
    theirs = worth[~nvidia].groupby(level=0).sum().reindex(size, fill_value=0.0)
    counted = pd.Series(np.ceil(ours - 1e-9))
    return (labelled.where(labelled > 0, counted) + theirs).to_numpy(dtype=np.float64)


def gpu_resources(nodes: Nodes) -> pd.DataFrame:
    """Device resources per asset with the node's labels, as `gpu.fractions` wants them."""
    devices = nodes.sizes[gpu.is_device(nodes.sizes["resource"])]
    said = nodes.about[list(gpu.NODE_LABELS)]
    return devices.join(said, on="asset").reset_index(drop=True)
