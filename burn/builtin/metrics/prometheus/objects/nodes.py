"""Nodes from kube-state-metrics: one asset per provider id; a name used twice is two machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common import gpu, node_labels
from burn.builtin.metrics.common.grid import Grid, codes_of
from burn.builtin.metrics.common.nodes import Nodes
from burn.builtin.metrics.prometheus.queries.label_names import spellings

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix
    from burn.builtin.metrics.prometheus.presence.scrapes import Clocks


def nodes_of(
    found: Grid, labels: Grid, sizes: Grid, clocks: Clocks, kept: Sequence[str] = ()
) -> Nodes:
    """Put a day's nodes together.

    Args:
        found: counts of kube_node_info.
        labels: counts of kube_node_labels.
        sizes: capacity and allocatable by resource.
        clocks: what a count is worth.
        kept: labels to keep.
    """
    import pandas as pd

    codes, keys = codes_of(found.labels, ["node", "provider_id"])
    presence = clocks.presence(found, codes, len(keys))
    named = keys["provider_id"].where(keys["provider_id"] != "", keys["node"])
    keys = keys.assign(asset_id="node/" + named)
    said = _labels(keys["node"], presence, labels, (*node_labels.KEYS, *kept))
    about = pd.concat([keys, node_labels.describe(said), said[list(gpu.NODE_LABELS)]], axis=1)
    about["labels"] = node_labels.objects(said, kept)
    return Nodes(about, presence, _sizes(keys["node"], presence, sizes))


def _pairs(node: pd.Series[str], labels: pd.DataFrame) -> tuple[Any, Any]:
    """Rows of the asset and of the series that have the same node name."""
    import numpy as np
    import pandas as pd

    left = pd.DataFrame({"node": node, "asset": np.arange(len(node))})
    right = pd.DataFrame({"node": labels["node"], "series": np.arange(len(labels))})
    pairs = left.merge(right, on="node")
    return pairs["asset"].to_numpy(), pairs["series"].to_numpy()


def _labels(
    node: pd.Series[str], presence: Matrix, labels: Grid, wanted: Sequence[str]
) -> pd.DataFrame:
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
    for key in wanted:
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
