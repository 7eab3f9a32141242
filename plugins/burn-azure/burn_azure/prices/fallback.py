"""The last resort: list prices of eastus by family, dated, and labelled wherever they are used.

`rate` is per vCPU-hour (Linux) of a family, per hour of a size with a GPU, per disk and month by tier,
per GiB-month, and per hour of a balancer. Rounded from Azure's public price pages; only for assets that nothing better prices.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "fallback (2026-08, eastus)"
_SIZE = re.compile(r"^standard_([a-z]+)(\d+)(?:-\d+)?([a-z]*)(_v\d+)?$", re.I)


@cache
def table() -> pd.DataFrame:
    """The shipped prices, by service and product."""
    import pandas as pd

    with files("burn_azure.prices").joinpath("fallback_prices.csv").open("rb") as source:
        return pd.read_csv(source, keep_default_na=False).set_index(["service", "product"])


def fallback(unpriced: pd.DataFrame) -> pd.Series[float]:
    """A unit price for each row, NaN where the table has none (Windows among them)."""
    import pandas as pd

    known = table()["rate"]
    keys = unpriced["product"].where(unpriced["service"] != "vm", "")
    vm = unpriced["service"] == "vm"
    families = {size: _family(size) for size in unpriced.loc[vm, "product"].unique()}
    family = unpriced["product"].map(lambda size: families.get(size, ("", 0))[0])
    cores = unpriced["product"].map(lambda size: families.get(size, ("", 0))[1]).astype("float64")
    keys = keys.where(~vm, family)
    pairs = pd.MultiIndex.from_arrays([unpriced["service"], keys])
    rate = pd.Series(known.reindex(pairs).to_numpy(), index=unpriced.index)
    monthly = unpriced["service"].isin(["disk", "disk_gib"])
    rate = rate.mask(monthly, rate / unpriced["month_hours"])
    whole = unpriced["product"].str.lower().map(known.loc["vm_size"]).astype("float64")
    rate = rate.mask(vm, (rate * cores).fillna(whole))
    return rate.where(~(vm & (unpriced["os"] == "windows")))


def _family(size: str) -> tuple[str, int]:
    """`Standard_D4s_v5` → ds_v5 and 4 cores; nothing for what is no plain size.

    Only families whose price grows with the cores are in the table as such: not B; some with a GPU
    are there by size.
    """
    found = _SIZE.match(size)
    if not found:
        return "", 0
    return (found[1] + found[3] + (found[4] or "")).lower(), int(found[2])
