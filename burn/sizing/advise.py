"""Advice by each rule, as the frame `sizes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import schemas
from burn.api.find import PLATFORM
from burn.api.money import count
from burn.sizing.days import KEY, WORKLOAD
from burn.sizing.presets import PRESETS, larger

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import SizesFrame, Thresholds

RUN_TO_END = ("Job", "CronJob")
"""Not sized: most of their life is a start-up, and the quantiles of a day say little of a run."""
THROTTLED = 0.05
"""Part of CFS periods from which on a CPU limit holds a container back."""
RESOURCES = ("cpu", "memory")
BEFORE = [f"{resource}_{what}" for resource in RESOURCES for what in ("request", "limit")]


def advise(days: pd.DataFrame, workloads: pd.DataFrame | None, limits: Thresholds) -> SizesFrame:
    """What each rule would have each container ask for.

    Where an autoscaler aims at a part of the request, `hpa_cpu_target_new` keeps target × request,
    so that it acts at the same use; burn's own rule then asks for no less than that use. KRR says
    nothing of such workloads.

    Args:
        days: see `burn.sizing.days.by_day`, of the whole window.
        workloads: of each, the last day known; None: autoscalers are not known.
        limits: `[findings]`.
    """
    import pandas as pd

    days = days[~days["workload_kind"].isin(RUN_TO_END) & ~days["namespace"].isin(PLATFORM)]
    if days.empty:
        return schemas.SIZES.empty()
    newest = days["day"].max()
    days = days.assign(age=(newest - days["day"]).dt.days)
    state = _state(days, workloads)
    parts = []
    for name, rule in PRESETS.items():
        found = rule(days, limits).join(state, how="inner").reset_index()
        parts.append(_rows(found, name))
    sizes = pd.concat(parts, ignore_index=True)
    return schemas.SIZES.validate(schemas.SIZES.fill(sizes), author="burn")


def _state(days: pd.DataFrame, workloads: pd.DataFrame | None) -> pd.DataFrame:
    """How each container is set now, and what the advice must heed."""
    import numpy as np
    import pandas as pd

    last = days.sort_values("day", kind="stable").groupby(KEY)
    state = last[[*BEFORE, "runtime"]].last()
    state["replicas"] = last["pods"].mean()
    for name in ("throttled", "cpu_max", "cpu_start", "memory_start", "heap_limit"):
        state[name] = last[name].max()
    state["oom_kills"] = last["oom_kills"].sum()
    state["pod_cpu_request"] = state["cpu_request"].groupby(level=WORKLOAD).transform("sum")
    for name in ("hpa_cpu_target", "hpa_memory_target"):
        target = pd.Series(np.nan, index=state.index)
        if workloads is not None:
            known = workloads.set_index(WORKLOAD)[name]
            pod = pd.MultiIndex.from_frame(state.reset_index()[WORKLOAD])
            target = pd.Series(known.reindex(pod).to_numpy(), index=state.index)
        state[name] = target
    return state


def _rows(found: pd.DataFrame, preset: str) -> pd.DataFrame:
    """One rule's rows of `sizes`."""
    for resource in RESOURCES:
        target = found[f"hpa_{resource}_target"]
        if preset == "burn":
            held = target * found[f"{resource}_request"]
            found[resource] = found[resource].where(~(held > found[resource]), held)
        if preset == "krr":
            found = found[target.isna()]
    cpu_limit, memory_limit = _limits(found, preset)
    found = found.assign(
        preset=preset,
        cpu_request_new=found["cpu"],
        memory_request_new=found["memory"],
        cpu_limit_new=cpu_limit,
        memory_limit_new=memory_limit,
    )
    found["hpa_cpu_target_new"] = _target(found) if preset == "burn" else float("nan")
    found["why"] = _why(found, preset)
    return found


def _limits(found: pd.DataFrame, preset: str) -> tuple[Any, Any]:
    """Limits to set; null leaves one as it is. No request may be above its limit."""
    if preset == "krr":  # no limit of CPU; of memory, the request
        return float("nan"), found["memory"]
    if preset == "vpa":  # keeps the proportion
        cpu, memory = (
            found[f"{name}_limit"] * found[name] / found[f"{name}_request"].where(lambda x: x > 0)
            for name in RESOURCES
        )
        return cpu, memory
    below = {name: found[f"{name}_limit"] < found[name] for name in RESOURCES}
    memory = found["memory"].where(below["memory"])
    if preset != "burn":
        return found["cpu"].where(below["cpu"]), memory
    peak = larger(found["cpu_max"], found["cpu_start"]) * 1.15
    tight = (found["throttled"] >= THROTTLED) & (found["cpu_limit"] < peak)
    return larger(peak, found["cpu"]).where(tight | below["cpu"]), memory


def _target(found: pd.DataFrame) -> Any:
    """An autoscaler looks at a pod's containers together: target × what they ask for stays.

    A container of which nothing is advised asks for what it does.
    """
    change = (found["cpu_request_new"] - found["cpu_request"]).fillna(0.0)
    before = found["pod_cpu_request"]
    after = before + change.groupby([found[name] for name in WORKLOAD]).transform("sum")
    return (found["hpa_cpu_target"] * before / after).where(before > 0)


def _why(found: pd.DataFrame, preset: str) -> list[str]:
    """A sentence's parts, by row."""
    out = []
    for row in found.to_dict("records"):
        said = [count(int(row["days"]), "day")]
        if row["oom_kills"] > 0:
            said.append(count(round(row["oom_kills"]), "OOM kill"))
        if row["cpu_start"] > 1.5 * row["cpu"]:
            said.append(f"starts up with {row['cpu_start']:.2g} cores")
        if row["hpa_cpu_target"] > 0:
            said.append(f"autoscaled at {row['hpa_cpu_target']:.0%} of CPU")
        if row["runtime"] and row["heap_limit"] > 0:
            said.append(f"{row['runtime']} heap up to {row['heap_limit']:.3g} GiB")
        if row["throttled"] >= THROTTLED:
            said.append(f"throttled in {row['throttled']:.0%} of periods")
        out.append("; ".join(said) if preset == "burn" else said[0])
    return out
