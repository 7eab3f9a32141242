"""Pod labels for ownership rules: pod label, pod annotation, namespace label, namespace annotation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from burn.builtin.metrics.common.grid import Grid, codes_of, text
from burn.builtin.metrics.prometheus.queries import kube_state_metrics
from burn.builtin.metrics.prometheus.queries.label_names import all_spellings, spellings

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.prometheus.api.fetch import Fetch
    from burn.builtin.metrics.prometheus.objects.pods import Pods

_KINDS = (("label", "labels"), ("annotation", "annotations"))


def labels_of(
    fetch: Fetch, pods: Pods, keys: tuple[str, ...]
) -> tuple[pd.Series[str], pd.Series[str]]:
    """JSON objects of the wanted keys: of each pod, as `pods.about`; of each namespace, by name.

    A pod has its namespace's where it has none of its own.

    Args:
        fetch: four queries if any key is wanted, else none.
        pods: the day's pods.
        keys: as Kubernetes writes them.
    """
    import pandas as pd

    own = pd.DataFrame("", index=range(len(pods.about)), columns=list(keys), dtype="str")
    spaces = pd.DataFrame("", index=pd.Index([], dtype="str"), columns=list(keys), dtype="str")
    for prefix, plural in _KINDS if keys else ():
        wanted = all_spellings(prefix, keys)
        grid = fetch.grid(
            kube_state_metrics.labels(f"kube_pod_{plural}", ("namespace", "pod", "uid"), wanted)
        )
        around = fetch.grid(
            kube_state_metrics.labels(f"kube_namespace_{plural}", ("namespace",), wanted)
        )
        names = spaces.index.union(pd.Index(around.labels["namespace"]).unique())
        spaces = spaces.reindex(names, fill_value="")
        for key in keys:
            value = _of_pods(*_said(grid, spellings(prefix, key)), pods)
            own[key] = own[key].where(own[key] != "", value)
            value = _of_spaces(*_said(around, spellings(prefix, key)))
            value = text(value.reindex(spaces.index))
            spaces[key] = spaces[key].where(spaces[key] != "", value)
    for key in keys:
        value = text(pods.about["namespace"].map(spaces[key]))
        own[key] = own[key].where(own[key] != "", value)
    return _objects(own), _objects(spaces)


def _objects(found: pd.DataFrame) -> pd.Series[str]:
    """Each row as a JSON object of what is not empty, keys sorted."""
    import pandas as pd

    if len(found) == 0:
        return pd.Series([], index=found.index, dtype="str")
    keys = list(found.columns)
    codes, combinations = codes_of(found, keys) if keys else ([0] * len(found), found[:1])
    texts = [
        json.dumps({k: v for k, v in sorted(row.items()) if v}, ensure_ascii=False)
        for row in combinations.to_dict("records")
    ] or ["{}"]
    return pd.Series(pd.array(texts, dtype="str").take(codes), index=found.index)


def _said(grid: Grid, spelled: tuple[str, ...]) -> tuple[Grid, Any]:
    """The series that have the label in any of its spellings, and its values."""
    import pandas as pd

    value = pd.Series("", index=grid.labels.index, dtype="str")
    for name in spelled:
        value = value.where(value != "", grid.labels[name])
    return grid.keep(value != ""), value[value != ""].to_numpy()


def _of_spaces(kept: Grid, words: Any) -> pd.Series[str]:
    """Per namespace, the value seen longest on this day."""
    return _longest(kept.labels["namespace"], words, kept.values[:, 0])


def _of_pods(kept: Grid, words: Any, pods: Pods) -> pd.Series[str]:
    """Per pod, the value seen longest on this day; `""` where there was none."""
    import numpy as np

    width = pods.presence.shape[1]
    rows, series, _ = pods.attach(Grid(kept.labels, np.repeat(kept.values, width, axis=1)), "level")
    last = _longest(rows, words[series], kept.values[series, 0])
    return text(last.reindex(range(len(pods.about))))


def _longest(keys: Any, words: Any, seen: Any) -> pd.Series[str]:
    import pandas as pd

    chosen = pd.DataFrame({"key": keys, "value": words, "seen": seen})
    chosen = chosen.sort_values(["seen", "value"], kind="stable")
    return chosen.drop_duplicates("key", keep="last").set_index("key")["value"]
