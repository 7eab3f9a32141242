"""The last resort: list prices of us-east-1 by family, dated, and labelled wherever they are used.

`rate` is per hour of one `large` (EC2), per vCPU- or GiB-hour (Fargate), per GiB-month (EBS), per
hour (balancers). EC2 rates grow with the size, by the normalization factor that AWS documents for
size-flexible reservations; `gpu_rate` comes on top for each device. Only families whose every
size (but metal, which is left out) fits that to 1 % are listed; of G4dn, whose larger sizes do not, each
size is (`ec2_size`).
Source: prices generated from the AWS Price List on 2026-02-09 for us-east-1 (Linux, shared).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from burn.api.default_ratios import CORE_HOUR, GIB_HOUR
from burn_aws.prices.rates import Rates

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "fallback (2026-02, us-east-1)"
ASSUMED = "fallback (2026-02, us-east-1, gp3 assumed)"
BY_SIZE = "fallback (2026-02, us-east-1, by cores and memory: unknown type)"
WINDOWS_VCPU_HOUR = 0.046
"""What a Windows licence adds per vCPU."""
_FACTORS = {"nano": 0.25, "micro": 0.5, "small": 1.0, "medium": 2.0, "large": 4.0, "xlarge": 8.0}


@cache
def table() -> pd.DataFrame:
    """The shipped prices, by service and product."""
    import pandas as pd

    with files("burn_aws.prices").joinpath("fallback_prices.csv").open("rb") as source:
        return pd.read_csv(source).set_index(["service", "product"])


def fallback(unpriced: pd.DataFrame) -> Rates:
    """Rates for each row, NaN where the table has none."""
    ec2 = unpriced["service"] == "ec2"
    parts = [
        _instances(unpriced[ec2]),
        _fargate(unpriced[unpriced["service"] == "fargate"]),
        _disks(unpriced[unpriced["service"] == "ebs"]),
        _balancers(unpriced[unpriced["service"] == "balancer"]),
    ]
    return Rates.concat(parts).reindex(unpriced.index)


def by_size(unpriced: pd.DataFrame) -> Rates:
    """A guess for instances that nothing else prices: by their cores and memory, without GPUs.

    New families, Outposts and instances under names that burn does not know must not stop a run.
    """
    price = unpriced["cpu_cores"] * CORE_HOUR + unpriced["memory_gib"] * GIB_HOUR
    known = (unpriced["service"] == "ec2") & (price > 0)
    return Rates.of(unpriced.index, price.where(known), BY_SIZE, gpu=0.0)


def size_factor(size: str) -> float | None:
    """AWS's normalization factor of a size: large 4, xlarge 8, 2xlarge 16, …; None for metal."""
    if found := re.fullmatch(r"(\d+)xlarge", size):
        return 8.0 * int(found[1])
    return _FACTORS.get(size)


def _instances(unpriced: pd.DataFrame) -> Rates:
    named = unpriced["product"].astype("str").str.extract(r"^(?P<family>.+)\.(?P<size>[^.]+)$")
    family, size = named["family"], named["size"].fillna("")
    factor = size.map({s: size_factor(s) for s in size.unique()}).astype("float64")
    known = table().loc["ec2"]
    sized = unpriced["product"].astype("str")
    of_size = table().loc["ec2_size"]
    whole, device = (sized.map(of_size[n]).astype("float64") for n in ("rate", "gpu_rate"))
    gpu = family.map(known["gpu_rate"]).astype("float64").fillna(device)
    devices = (gpu * unpriced["gpu_count"]).fillna(0.0)
    large = family.map(known["rate"]).astype("float64").fillna((whole - devices) / factor * 4)
    windows = (unpriced["os"] == "windows") * WINDOWS_VCPU_HOUR * factor / 2
    price = large * factor / 4 + windows + devices
    # A GPU's own rate is known here; the rest is shared by the default ratio of core and memory.
    rest = large / (2 * CORE_HOUR + 8 * GIB_HOUR)
    has_gpu = gpu.notna()
    return Rates.of(
        unpriced.index,
        price,
        SOURCE,
        cpu=(CORE_HOUR * rest).where(has_gpu),
        memory=(GIB_HOUR * rest).where(has_gpu),
        gpu=gpu,
    )


def _fargate(unpriced: pd.DataFrame) -> Rates:
    core, memory = (float(table().loc[("fargate", p), "rate"]) for p in ("vcpu", "gib"))  # type: ignore[arg-type]
    price = core + memory * unpriced["memory_gib"] / unpriced["cpu_cores"]
    known = unpriced["os"] == "linux"
    return Rates.of(unpriced.index, price.where(known), SOURCE, cpu=core, memory=memory)


def _disks(unpriced: pd.DataFrame) -> Rates:
    unknown = unpriced["product"] == ""
    kind = unpriced["product"].where(~unknown, "gp3")  # the EBS CSI driver's default type
    price = kind.map(table().loc["ebs"]["rate"]).astype("float64") / unpriced["month_hours"]
    rates = Rates.of(unpriced.index, price, SOURCE)
    rates.frame.loc[unknown, "source"] = ASSUMED
    return rates


def _balancers(unpriced: pd.DataFrame) -> Rates:
    rate = unpriced["product"].map(table().loc["balancer"]["rate"]).astype("float64")
    return Rates.of(unpriced.index, rate, SOURCE)
