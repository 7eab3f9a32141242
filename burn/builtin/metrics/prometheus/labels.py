"""Pod labels for ownership rules: pod label, pod annotation, namespace label, namespace annotation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from burn.builtin.metrics.grid import Grid, codes_of, text
from burn.builtin.metrics.prometheus import queries
from burn.builtin.metrics.prometheus.names import all_spellings, spellings

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.prometheus.fetch import Fetch
    from burn.builtin.metrics.prometheus.pods import Pods

_KINDS = (("label", "labels"), ("annotation", "annotations"))


def labels_of(fetch: Fetch, pods: Pods, keys: tuple[str, ...]) -> pd.Series[str]:
    """JSON object of the wanted keys each pod has, in the order of `pods.about`.

    Args:
        fetch: four queries if any key is wanted, else none.
        pods: the day's pods.
        keys: as Kubernetes writes them.
    """
    import pandas as pd

    found = pd.DataFrame("", index=range(len(pods.about)), columns=list(keys), dtype="str")
    for entity, names in (("pod", ("namespace", "pod", "uid")), ("namespace", ("namespace",))):
        for prefix, plural in _KINDS if keys else ():
            wanted = all_spellings(prefix, keys)
            grid = fetch.grid(queries.labels(f"kube_{entity}_{plural}", names, wanted))
            for key in keys:
                value = _value(grid, spellings(prefix, key), entity, pods)
                found[key] = found[key].where(found[key] != "", value)
    if len(found) == 0:
        return pd.Series([], dtype="str")
    codes, combinations = codes_of(found, list(keys)) if keys else ([0] * len(found), found[:1])
    texts = [
        json.dumps({k: v for k, v in sorted(row.items()) if v}, ensure_ascii=False)
        for row in combinations.to_dict("records")
    ] or ["{}"]
    return pd.Series(pd.array(texts, dtype="str").take(codes))


def _value(grid: Grid, spelled: tuple[str, ...], entity: str, pods: Pods) -> pd.Series[str]:
    """Per pod, the value seen longest on this day; `""` where there was none."""
    import numpy as np
    import pandas as pd

    value = pd.Series("", index=grid.labels.index, dtype="str")
    for name in spelled:
        value = value.where(value != "", grid.labels[name])
    kept = grid.keep(value != "")
    words = value[value != ""].to_numpy()
    if entity == "namespace":
        chosen = pd.DataFrame(
            {"key": kept.labels["namespace"], "value": words, "seen": kept.values[:, 0]}
        ).sort_values(["seen", "value"], kind="stable")
        last = chosen.drop_duplicates("key", keep="last").set_index("key")["value"]
        return text(pods.about["namespace"].map(last))
    width = pods.presence.shape[1]
    rows, series, _ = pods.attach(Grid(kept.labels, np.repeat(kept.values, width, axis=1)), "level")
    chosen = pd.DataFrame({"key": rows, "value": words[series], "seen": kept.values[series, 0]})
    last = (
        chosen.sort_values(["seen", "value"], kind="stable")
        .drop_duplicates("key", keep="last")
        .set_index("key")["value"]
    )
    return text(last.reindex(range(len(pods.about))))
