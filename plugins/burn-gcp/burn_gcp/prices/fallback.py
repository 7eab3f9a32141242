"""The last resort: list prices of us-central1 by component, dated, and the cluster's own mean.

Both are labelled wherever they are used.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "fallback (2026-02, us-central1)"
MEAN = "fallback: mean core-hour of the cluster's other nodes"


@cache
def table() -> dict[str, float]:
    """The shipped prices by component."""
    text = files("burn_gcp.prices").joinpath("fallback_prices.csv").read_text(encoding="utf-8")
    rows = (line.split(",") for line in text.splitlines()[1:] if line)
    return {name: float(rate) for name, rate in rows}


def mean_core(unpriced: pd.DataFrame, price: pd.Series[float]) -> pd.Series[float]:
    """Price per core-hour of machines that nobody knows: what the others' cost, all in."""
    machine = (unpriced["service"] == "machine") & (unpriced["cores"] > 0)
    cores = (unpriced["hours"] * unpriced["cores"]).where(machine & price.notna())
    total = (price * unpriced["quantity"]).where(cores.notna()).sum()
    mean = total / cores.sum() if cores.sum() > 0 else float("nan")
    each = unpriced["quantity"].where(unpriced["quantity"] > 0)
    return (mean * unpriced["hours"] * unpriced["cores"] / each).where(machine)
