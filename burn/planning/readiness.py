"""Which workloads may run on nodes that can be taken away at a few minutes' notice, and why not.

What nobody says is said as unknown, and never taken for ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api.find import WORKLOAD
from burn.planning.nodes import BOUND, WITH_NODE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from burn.api import WorkloadsFrame

    Mask = npt.NDArray[np.bool_]

LABEL = "burn/spot"
"""Of pods: `true` or `false` is their owner's word; kept where `run.label_keys` names it."""
CRITICAL = ("system-cluster-critical", "system-node-critical")
BATCH = ("Job", "CronJob")


def readiness(
    seen: pd.DataFrame, facts: WorkloadsFrame | None, *, gpus: bool, claims: bool
) -> pd.DataFrame:
    """A verdict a workload, with what speaks for it, against it, and what is not known.

    Args:
        seen: see `burn.planning.traits`.
        facts: how each workload was run on the last day known; None: nobody says.
        gpus: whether the metrics show what pods ask for.
        claims: whether they show which volumes pods mount.

    Returns:
        `WORKLOAD`, verdict, pro, against, unknown; the last three are sentences' parts, joined by `; `.
    """
    import numpy as np

    rows = _known(seen, facts)
    kind, least = rows["workload_kind"], _least(rows)
    spec = rows["spec_known"].to_numpy(dtype=bool)
    local = rows["local_volumes"]
    allowed = rows["disruptions_allowed"]
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
        (spec & local.str.contains("hostPath").to_numpy(), "keeps data on its node (hostPath)"),
        ((allowed == 0).to_numpy(), "its disruption budget lets none go"),
        (spec & rows["priority_class"].isin(CRITICAL).to_numpy(), "critical to the system"),
        ((rows["said"] == "false").to_numpy(), f"its label {LABEL} says no"),
    )
    unknown = _joined(
        rows,
        ((kind == "").to_numpy(), "what makes it again"),
        (least.isna().to_numpy() & served, "replicas"),
        (~spec, "local data and priority"),
        (served & np.bool_(not _told(facts, "disruptions_allowed")), "disruption budgets"),
        (served & np.bool_(not _told(facts, "hpa_min")), "autoscalers"),
        (np.full(len(rows), not gpus), "GPUs"),
        (np.full(len(rows), not claims), "disks"),
        ((rows["zonal"] == "unknown").to_numpy() & claims, "in which zones its disks are"),
        (batch, "whether it may begin again"),
        (set_ & ~one, "whether its members stand losing one at short notice"),
        (spec & local.str.contains("emptyDir").to_numpy(), "whether its emptyDir may be lost"),
    )
    yes = (rows["said"] == "true").to_numpy()
    pro = _joined(
        rows,
        (yes, f"its label {LABEL} says yes"),
        (several, least.map(lambda count: f"{count:.0f} replicas or more")),
        ((allowed > 0).to_numpy(), allowed.map(lambda count: f"its budget lets {count:.0f} go")),
        (spec & (local.str.strip("[]") == "").to_numpy(), "no data on its node"),
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
    """What was seen with what is known of it; what no row says is null, or unknown by `spec_known`."""
    numbers = ["replicas", "hpa_min", "disruptions_allowed"]
    texts = ["priority_class", "local_volumes"]
    if facts is None:
        rows = seen.assign(**dict.fromkeys(numbers, float("nan")), spec_known=False)
        return rows.assign(**dict.fromkeys(texts, "")).reset_index(drop=True)
    about = facts[[*WORKLOAD, *numbers, *texts, "spec_known"]].astype(
        dict.fromkeys(WORKLOAD, "str")
    )
    about = about.drop_duplicates(list(WORKLOAD), keep="last")
    rows = seen.merge(about, how="left", on=list(WORKLOAD))
    # A row that is missing says as little as one that does not know.
    told = rows["spec_known"].eq(True)
    return rows.assign(
        spec_known=told, **{name: rows[name].fillna("").astype("str") for name in texts}
    )


def _told(facts: WorkloadsFrame | None, name: str) -> bool:
    """Whether null means that a workload has none: the source told it of another."""
    return facts is not None and bool(facts[name].notna().any())


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
