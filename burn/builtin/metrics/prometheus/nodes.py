"""Nodes: one asset per provider id, so that a name used twice is two machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics import gpu, node_labels
from burn.builtin.metrics.prometheus.grid import Grid, by, codes_of, text
from burn.builtin.metrics.prometheus.names import spellings

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.prometheus.grid import Matrix
    from burn.builtin.metrics.prometheus.scrapes import Clocks

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


def nodes_of(found: Grid, labels: Grid, sizes: Grid, clocks: Clocks) -> Nodes:
    """Put a day's nodes together.

    Args:
        found: counts of kube_node_info.
        labels: counts of kube_node_labels.
        sizes: capacity and allocatable by resource.
        clocks: what a count is worth.
    """
    import pandas as pd

    codes, keys = codes_of(found.labels, ["node", "provider_id"])
    presence = clocks.presence(found, codes, len(keys))
    named = keys["provider_id"].where(keys["provider_id"] != "", keys["node"])
    keys = keys.assign(asset_id="node/" + named)
    said = _labels(keys["node"], presence, labels)
    about = pd.concat([keys, node_labels.describe(said), said[list(gpu.NODE_LABELS)]], axis=1)
    return Nodes(about, presence, _sizes(keys["node"], presence, sizes))


def _pairs(node: pd.Series[str], labels: pd.DataFrame) -> tuple[Any, Any]:
    """Rows of the asset and of the series that have the same node name."""
    import numpy as np
    import pandas as pd

    left = pd.DataFrame({"node": node, "asset": np.arange(len(node))})
    right = pd.DataFrame({"node": labels["node"], "series": np.arange(len(labels))})
    pairs = left.merge(right, on="node")
    return pairs["asset"].to_numpy(), pairs["series"].to_numpy()


def _labels(node: pd.Series[str], presence: Matrix, labels: Grid) -> pd.DataFrame:
    """The labels each asset had longest; `""` where it had none."""
    import numpy as np
    import pandas as pd

    asset, series = _pairs(node, labels.labels)
    weight = (np.nan_to_num(labels.values[series]) * (presence[asset] > 0)).sum(axis=1)
    order = np.argsort(weight, kind="stable")
    chosen = pd.Series(series[order], index=asset[order])
    chosen = chosen[~chosen.index.duplicated(keep="last")].reindex(range(len(node)), fill_value=-1)
    rows = labels.labels.reindex(chosen.to_numpy(), fill_value="").reset_index(drop=True)
    out = {}
    for key in node_labels.KEYS:
        value = pd.Series("", index=rows.index, dtype="str")
        for name in spellings("label", key):
            value = value.where(value != "", rows[name].fillna(""))
        out[key] = value
    return pd.DataFrame(out)


def _sizes(node: pd.Series[str], presence: Matrix, sizes: Grid) -> pd.DataFrame:
    """Capacity and allocatable of each asset, averaged over its hours."""
    import numpy as np

    asset, series = _pairs(node, sizes.labels)
    values = sizes.values[series]
    weight = np.where(np.isnan(values), 0.0, presence[asset])
    total = weight.sum(axis=1)
    mean = np.divide(
        (np.nan_to_num(values) * weight).sum(axis=1),
        total,
        out=np.zeros(len(total)),
        where=total > 0,
    )
    long = sizes.labels[["resource", "kind"]].take(series).assign(asset=asset, value=mean)
    wide = long.groupby(["asset", "resource", "kind"])["value"].max().unstack("kind")
    wide = wide.reindex(columns=["capacity", "allocatable"])
    wide["allocatable"] = wide["allocatable"].fillna(wide["capacity"])
    return wide.fillna(0.0).reset_index()


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
