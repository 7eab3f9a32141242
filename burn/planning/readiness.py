"""Which workloads may run on nodes that can be taken away at a few minutes' notice, and why not.

What nobody says is said as unknown, and never taken for ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api.find import PLATFORM, WITH_NODE, WORKLOAD
from burn.api.known import known
from burn.planning.nodes import BOUND

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from burn.api import WorkloadsFrame

    Mask = npt.NDArray[np.bool_] | pd.Series[bool]

_NUMBERS = (
    *("replicas", "hpa_min", "disruptions_allowed"),
    *("x_priority", "x_start_seconds", "x_stop_seconds"),
)
_TEXTS = ("priority_class", "local_volumes")

LABEL = "burn/spot"
"""Of pods: `true` or `false` is their owner's word; kept where `run.label_keys` names it."""
CRITICAL = ("system-cluster-critical", "system-node-critical")
SYSTEM = 2e9
"""Priorities from here on are kept for what the cluster itself needs."""
BATCH = ("Job", "CronJob")
NOTICE, SHORTEST = 120.0, 30.0
"""Seconds between the word that a spot node goes and its end: the most that a cloud gives, and the least."""
SLOW = 300.0
"""Seconds until a pod is ready from which on a loss is felt for long."""


def readiness(
    seen: pd.DataFrame, facts: WorkloadsFrame | None, *, gpus: bool, claims: bool
) -> pd.DataFrame:
    """A verdict a workload, with what speaks for it, against it, and what is not known.

    Args:
        seen: see `burn.planning.traits`.
        facts: how each workload was run on the last day known; None: nobody says.
        gpus: whether the metrics show what pods ask for.
        claims: whether they show which volumes pods mount, all of the window; `facts` may know it of now.

    Returns:
        `WORKLOAD`, verdict, pro, against, unknown; the last three are sentences' parts, joined by `; `.
    """
    import numpy as np

    rows = _known(seen, facts)
    kind, least = rows["workload_kind"], _least(rows)
    local, allowed = rows["local_volumes"], rows["disruptions_allowed"]
    data, rank = (known(rows, fact) for fact in ("local_volumes", "priority"))
    mounts = known(rows, "claims") | claims
    start, stop = rows["x_start_seconds"], rows["x_stop_seconds"]
    critical = rows["priority_class"].isin(CRITICAL) | (rows["x_priority"] >= SYSTEM)
    with_node = kind.isin(WITH_NODE).to_numpy()
    bare = kind.isin(BOUND).to_numpy()
    batch = kind.isin(BATCH).to_numpy()
    served = ~with_node & ~bare & ~batch
    set_ = (kind == "StatefulSet").to_numpy()
    one, several = (least < 2).to_numpy() & served, (least >= 2).to_numpy() & served

    against = _joined(
        rows,
        (bare, "a bare pod, which nobody makes again"),
        (one & set_, "stateful, and one replica"),
        (one & ~set_, "one replica, so that nothing serves while it moves"),
        (rows["gpu"].to_numpy(), "holds a GPU"),
        (
            (rows["zonal"] == "yes").to_numpy(),
            "its disk is in one zone, and it waits for a node there",
        ),
        (local.str.contains("hostPath"), "keeps data on its node (hostPath)"),
        (local.str.contains('"local"'), "its disk is its node's own"),
        (allowed == 0, "its disruption budget lets none go"),
        (critical, "critical to the system"),
        (rows["namespace"].isin(PLATFORM) & ~critical, "an add-on of the cluster itself"),
        (
            stop > NOTICE,
            stop.map(lambda seconds: f"may take {seconds:.0f} s to stop, longer than any notice"),
        ),
        ((rows["said"] == "false").to_numpy(), f"its label {LABEL} says no"),
    )
    unknown = _joined(
        rows,
        ((kind == "").to_numpy(), "what makes it again"),
        (least.isna().to_numpy() & served, "replicas"),
        (~data & ~rank, "local data and priority"),
        (~data & rank, "local data"),
        (data & ~rank & ~critical, "priority"),
        (
            served & allowed.isna() & ~known(rows, "budgets"),
            "disruption budgets",
        ),
        (
            served & rows["hpa_min"].isna() & ~known(rows, "autoscalers"),
            "autoscalers",
        ),
        (np.full(len(rows), not gpus), "GPUs"),
        (~mounts, "disks"),
        ((rows["zonal"] == "unknown") & mounts, "in which zones its disks are"),
        (
            (stop > SHORTEST) & (stop <= NOTICE),
            stop.map(lambda seconds: f"whether it has the {seconds:.0f} s it may take to stop"),
        ),
        (
            served & (start > SLOW),
            start.map(
                lambda seconds: f"whether it stands the {seconds:.0f} s a pod takes to be ready"
            ),
        ),
        (batch, "whether it may begin again"),
        (set_ & ~one, "whether its members stand losing one at short notice"),
        (local.str.contains("emptyDir").to_numpy(), "whether its emptyDir may be lost"),
    )
    yes = (rows["said"] == "true").to_numpy()
    pro = _joined(
        rows,
        (yes, f"its label {LABEL} says yes"),
        (several, least.map(lambda count: f"{count:.0f} replicas or more")),
        ((allowed > 0).to_numpy(), allowed.map(lambda count: f"its budget lets {count:.0f} go")),
        (
            data & local.isin(["", "[]", '["memory"]']),
            "no data on its node",
        ),
        (
            served & (start <= SLOW),
            start.map(lambda seconds: f"ready {seconds:.0f} s after it is placed"),
        ),
    )
    verdict = np.select(
        [with_node, bare, yes, against != "", unknown != ""],
        ["with its node", "not ready", "ready", "not ready", "unknown"],
        "ready",
    )
    out = rows[list(WORKLOAD)].assign(verdict=verdict, pro=pro, against=against, unknown=unknown)
    words = ["pro", "against", "unknown"]
    out.loc[with_node, words] = ["", "it comes and goes with its node", ""]
    return out


def _known(seen: pd.DataFrame, facts: WorkloadsFrame | None) -> pd.DataFrame:
    """What was seen with what is known of it; what no row says is null, or an empty text."""
    from burn.api import schemas

    about = schemas.WORKLOADS.empty() if facts is None else facts
    about = about[[*WORKLOAD, *_NUMBERS, *_TEXTS, "spec_known", "x_known"]].astype(
        dict.fromkeys(WORKLOAD, "str")
    )
    about = about.drop_duplicates(list(WORKLOAD), keep="last")
    rows = seen.merge(about, how="left", on=list(WORKLOAD))
    texts = {name: rows[name].astype("object").fillna("").astype("str") for name in _TEXTS}
    return rows.assign(**texts)


def _least(rows: pd.DataFrame) -> pd.Series[float]:
    """Replicas that there are at the least: an autoscaler may go down to fewer than are there now."""
    return (
        rows[["replicas", "hpa_min"]]
        .min(axis="columns", skipna=True)
        .where(rows["replicas"].notna())
    )


def _joined(rows: pd.DataFrame, *parts: tuple[Mask, Any]) -> Any:
    """Of each row, the texts whose mask is true, joined."""
    import numpy as np

    out = np.full(len(rows), "", dtype=object)
    for condition, text in parts:
        mask = np.asarray(condition, dtype=bool)  # of no rows, pandas makes objects
        said = np.broadcast_to(np.asarray(text, dtype=object), len(rows))
        out[mask] = [
            f"{old}; {new}" if old else new for old, new in zip(out[mask], said[mask], strict=True)
        ]
    return out
