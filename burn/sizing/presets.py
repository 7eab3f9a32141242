"""Rules by which requests are sized. Burn's own, and what other tools would say by their published rules.

Each takes days of one row per container (`burn.sizing.days`) in which `age` counts days back from the
newest, and gives one row per container: requests in cores and GiB, null where the rule is silent.

Other tools read raw samples; here their quantiles come from the days' (`burn.sizing.mix`), without
the first ten minutes of a container as far as CPU goes. The differences are in
docs/explanation/right-sizing.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from burn.api.containers import QUANTILES
from burn.sizing.days import KEY
from burn.sizing.mix import mixed

if TYPE_CHECKING:
    import pandas as pd

    from burn.api import Thresholds

MIB = 1 / 1024
"""GiB."""
_MB = 1e6 / 2**30


def burn(days: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Burn's rule, over whole weeks.

    CPU: the 99th percentile of a day, of the busiest replica and after the start-up; of the days the
    value that 95 % of their weight do not exceed, where a day weighs half as much as one
    `size_half_life` days newer. Memory: the highest sample of any replica and day, as what is missing
    once kills; after a kill, not less than the limit it died at and a fourth; never less than the
    heap that the runtime may fill. Both with `size_headroom` on top.
    """
    import numpy as np

    days = _whole_weeks(days)
    grow = 1 + limits.size_headroom
    weight = 0.5 ** (days["age"] / limits.size_half_life)
    cpu = _weighted(days, "cpu_p99", weight, 0.95) * grow
    by = days.groupby(KEY)
    memory = by["memory_max"].max() * grow
    died_at = days["memory_limit"].fillna(days["memory_request"]).where(days["oom_kills"] > 0)
    killed = died_at.groupby([days[name] for name in KEY]).max() * AFTER_KILL
    heap = by["heap_limit"].max()
    beside = np.where(by["runtime"].max() == "jvm", BESIDE_HEAP, BESIDE_GO)
    memory = memory.where(memory.isna(), larger(larger(memory, killed), heap * beside))
    return _sized(cpu.clip(lower=0.01), memory.clip(lower=32 * MIB), _days(days), 7)


AFTER_KILL = 1.25
BESIDE_HEAP, BESIDE_GO = 1.25, 1.1
"""A container needs, beside the heap that its runtime may fill, a part of it: JVM; Go."""


def krr(days: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:  # noqa: ARG001
    """KRR's strategy `simple`: 14 days, p95 of CPU, the highest of memory and 15 %."""
    days = days[days["age"] < 14]
    columns = [f"cpu_{name}" for name in QUANTILES]
    cpu = _mixture(days, columns, days["hours"], QUANTILES["p95"])
    memory = days.groupby(KEY)["memory_max"].max() * 1.15
    return _sized(cpu.clip(lower=0.01), memory.clip(lower=100 * _MB), _days(days), 1)


def vpa(days: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:  # noqa: ARG001
    """The Vertical Pod Autoscaler's target: 8 days of daily half-life, p90, 15 %, a minimum a pod."""
    days = days[days["age"] < 8]
    weight = 0.5 ** days["age"]
    columns = [f"pool_cpu_{name}" for name in QUANTILES]
    cpu = _bucket_end(_mixture(days, columns, days["hours"] * weight, 0.9), 0.01)
    bumped = larger(days["memory_request"] * 1.2, days["memory_request"] + 100 * MIB)
    peaks = days.assign(
        peak=larger(days["memory_max"], bumped.where(days["oom_kills"] > 0)), weight=weight
    )
    memory = _bucket_end(_weighted(peaks, "peak", weight, 0.9), 10 * _MB)
    pod = [name for name in KEY if name != "container"]
    beside = cpu.groupby(level=pod).transform("size")
    cpu = larger(cpu * 1.15, 0.025 / beside).where(cpu.notna())
    memory = larger(memory * 1.15, 250 * MIB / beside).where(memory.notna())
    return _sized(cpu, memory, _days(days), 1)


def kubecost(days: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:  # noqa: ARG001
    """Kubecost's request sizing (v2): the highest of the last 2 days ÷ a target utilisation of 0.7."""
    days = days[days["age"] < 2]
    by = days.groupby(KEY)
    cpu, memory = by["cpu_max"].max() / 0.7, by["memory_max"].max() / 0.7
    return _sized(cpu.clip(lower=0.01), memory.clip(lower=20 * MIB), _days(days), 1)


PRESETS: dict[str, Callable[[pd.DataFrame, Thresholds], pd.DataFrame]] = {
    "burn": burn,
    "krr": krr,
    "vpa": vpa,
    "kubecost": kubecost,
}


def larger(a: pd.Series[float], b: pd.Series[float]) -> pd.Series[float]:
    """The larger of each two; of one that is null, the other."""
    import numpy as np
    import pandas as pd

    return pd.Series(np.fmax(a, b), index=a.index)


def _whole_weeks(days: pd.DataFrame) -> pd.DataFrame:
    """The newest days of each container that make whole weeks of the window: no weekday counts more."""
    span = int(days["age"].max()) + 1 if len(days) else 0
    return days[days["age"] < span // 7 * 7]


def _days(days: pd.DataFrame) -> pd.Series[int]:
    return days[days["memory_max"].notna()].groupby(KEY)["day"].nunique()


def _sized(
    cpu: pd.Series[float], memory: pd.Series[float], days: pd.Series[int], least: int
) -> pd.DataFrame:
    """Requests of what was measured on enough days."""
    import pandas as pd

    found = pd.DataFrame({"cpu": cpu, "memory": memory, "days": days})
    return found[found["days"] >= least]


def _weighted(
    days: pd.DataFrame, column: str, weight: pd.Series[float], level: float
) -> pd.Series[float]:
    """By container, the lowest value that days of `level` of all weight do not exceed."""
    rows = days.assign(weight=weight)[days[column].notna()].sort_values([*KEY, column])
    by = rows.groupby(KEY)["weight"]
    enough = by.cumsum() >= level * by.transform("sum") * (1 - 1e-12)
    return rows[enough].groupby(KEY)[column].min()


def _mixture(
    days: pd.DataFrame, columns: list[str], weight: pd.Series[float], level: float
) -> pd.Series[float]:
    """By container, a quantile of all days' samples together."""
    import pandas as pd

    rows = days.assign(weight=weight)[days[columns].notna().all(axis="columns") & (weight > 0)]
    by = rows.groupby(KEY, sort=True)
    keys = by.size().index
    found = mixed(
        rows[columns].to_numpy(float),
        rows["weight"].to_numpy(float),
        by.ngroup(),
        len(keys),
        [level],
    )
    return pd.Series(found[:, 0], index=keys)


def _bucket_end(values: pd.Series[float], first: float) -> Any:
    """The upper end of the histogram's bucket: each is 5 % wider than the one before."""
    import numpy as np

    number = np.floor(np.log1p(values * 0.05 / first) / np.log(1.05) + 1e-12)
    return first * (1.05 ** (number + 1) - 1) / 0.05
