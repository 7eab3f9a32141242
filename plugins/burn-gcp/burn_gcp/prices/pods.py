"""Nodes that are billed by their pods' requests: the rates of the pods' class, and the day's price.

A node's unit is a core-hour that pods asked for. Its price has the memory and GPUs that they asked
for in it, so it differs from node to node and day to day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn_gcp.bill.charges.pods import PREFIX, pod_key

if TYPE_CHECKING:
    import pandas as pd

UNIT = "vCPU-hours"
ASKED = {"core": "cpu_requested", "ram": "memory_requested", "gpu": "gpu_requested"}
SIZES = {"core": "cpu_cores", "ram": "memory_gib", "gpu": "gpu_count"}
NOBODY = "none: no billed pod"
BILL = "bill"


def component_of_pods(unpriced: pd.DataFrame, part: str) -> pd.Series[str]:
    """What a class's rate is called, see `burn_gcp.bill.charges.pods`; null for other assets."""
    name = f"{PREFIX} " + unpriced["pod_class"] + f" {part}"
    return name.str.replace(r"\s+", " ", regex=True)


def pod_prices(
    unpriced: pd.DataFrame, parts: dict[str, pd.DataFrame], detail: pd.DataFrame | None
) -> pd.DataFrame:
    """Price and weights of the rows that are billed by pod; null elsewhere.

    Args:
        unpriced: see `burn_gcp.prices.unpriced`.
        parts: rate and source of core, ram and gpu, for what the cluster's lines do not teach.
        detail: the bill's lines of the cluster.

    Returns:
        Columns rate, source; core, ram, gpu: weights that cut the node's cost as the bill has it.
    """
    import pandas as pd

    asked = {part: unpriced[column].fillna(0.0) for part, column in ASKED.items()}
    cores = asked["core"].where(asked["core"] > 0)
    out = pd.DataFrame(index=unpriced.index)
    price = pd.Series(0.0, index=unpriced.index)
    source = parts["core"]["source"]
    for part, amount in asked.items():
        rates = _rates(unpriced, part, detail)
        listed = rates["list_cost"].fillna(parts[part]["rate"])
        price += (listed * amount / cores).where(amount > 0, 0.0)
        paid = rates["effective_cost"].fillna(listed).fillna(0.0)
        size = unpriced[SIZES[part]]
        out[part] = paid * amount / size.where(size > 0)
        if part == "core":
            source = source.mask(rates["list_cost"].notna(), BILL)
    out["rate"] = price.where(cores.notna(), 0.0)
    out["source"] = source.where(cores.notna(), NOBODY)
    return out.where(unpriced["service"] == "autopilot")


def _rates(unpriced: pd.DataFrame, part: str, detail: pd.DataFrame | None) -> pd.DataFrame:
    """List and effective cost per unit of a class's lines: of the day, else of the window."""
    import pandas as pd

    names = ["list_cost", "effective_cost"]
    key = pod_key(unpriced["pod_class"], part, spot=unpriced["capacity_type"] == "spot")
    asked = pd.DataFrame({"resource_key": key, "day": unpriced["day"]})
    if detail is None:
        return pd.DataFrame(float("nan"), index=unpriced.index, columns=names)
    lines = detail[(detail["x_cost_class"] == "node") & detail["resource_key"].isin(key.dropna())]

    def rate(by: list[str]) -> pd.DataFrame:
        sums = lines.groupby(by)[[*names, "usage"]].sum()
        sums = sums[(sums["usage"] > 0) & (sums["list_cost"] > 0)]
        found = sums[names].div(sums["usage"], axis=0).reset_index()
        return asked[by].merge(found, on=by, how="left")[names].set_axis(unpriced.index)

    return rate(["resource_key", "day"]).fillna(rate(["resource_key"]))
