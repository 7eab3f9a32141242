"""A machine that is on no bill yet and of no known family is priced by the cluster's other nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MEAN = "fallback: mean core-hour of the cluster's other nodes"


def same_type(wanted: pd.DataFrame, price: pd.Series[float]) -> pd.Series[float]:
    """Price per unit of machines without one, from machines of their type, GPUs and region.

    Args:
        wanted: see `burn_gcp.prices.wanted`.
        price: per unit, learned from the bill; null: none yet.
    """
    kind = ["instance_type", "gpu_count", "region"]
    mine = (wanted["service"] == "machine") & (wanted["quantity"] > 0) & (wanted["hours"] > 0)
    # Units differ: one is billed by its chips, its like, on no bill, is counted in cores.
    each = (wanted["quantity"] / wanted["hours"]).where(mine)
    hourly = (price * each).groupby([wanted[name] for name in kind]).transform("mean")
    return (hourly / each).where(wanted["instance_type"] != "")


def mean_core(wanted: pd.DataFrame, price: pd.Series[float]) -> pd.Series[float]:
    """Price per core-hour of machines that nobody knows: what the others' cost, all in."""
    machine = (wanted["service"] == "machine") & (wanted["cores"] > 0)
    cores = (wanted["hours"] * wanted["cores"]).where(machine & price.notna())
    total = (price * wanted["quantity"]).where(cores.notna()).sum()
    mean = total / cores.sum() if cores.sum() > 0 else float("nan")
    each = wanted["quantity"].where(wanted["quantity"] > 0)
    return (mean * wanted["hours"] * wanted["cores"] / each).where(machine)
