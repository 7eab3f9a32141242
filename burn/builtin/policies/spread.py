"""Spreads cost that nobody carries over those who carry some already, by weight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

DAY = ["basis", "day"]
"""What cost never leaves."""
EMPTY = {"labels": "{}", "dimensions": "{}"}
"""What is not an empty text where nothing is known."""
WHO = ["cluster", "namespace", "workload_kind", "workload", "owner", "dimensions", "labels"]


def pooled(rows: pd.DataFrame, keys: Iterable[str]) -> pd.DataFrame:
    """Cost summed by the keys; the columns that are left out are dropped."""
    groups = rows.groupby(list(keys), observed=True, sort=False)
    return groups["cost"].sum().reset_index()


def weights(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Who carries cost directly, and how much: columns WHO, `by` and `weight`; never negative."""
    paying = rows[(rows["kind"] == "direct") & (rows["namespace"] != "") & (rows["cost"] > 0)]
    keys = list(dict.fromkeys([*WHO, *by]))
    # By asset they are as many as before: summing them would change nothing.
    sums = paying[[*keys, "cost"]] if "asset_id" in by else pooled(paying, keys)
    return sums.rename(columns={"cost": "weight"})


def spread(
    pool: pd.DataFrame, carriers: pd.DataFrame, on: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut each row of the pool over the carriers that agree with it in `on`.

    Args:
        pool: rows with `cost`.
        carriers: columns WHO, `on` and `weight`; all weights positive.
        on: columns in both, DAY among them.

    Returns:
        The cut rows (the pool's columns, WHO taken from the carriers), and the pool's rows
        that nobody can carry.
    """
    on = list(on)
    whole = carriers.groupby(on, observed=True)["weight"].transform("sum")
    sides = carriers[list(dict.fromkeys([*on, *WHO]))].assign(part=carriers["weight"] / whole)
    mine = pool.drop(columns=[name for name in WHO if name in pool.columns and name not in on])
    cut = mine.merge(sides, on=on)
    cut["cost"] *= cut.pop("part")
    return cut, pool[~among(pool, carriers, on)]


def among(rows: pd.DataFrame, others: pd.DataFrame, on: Sequence[str]) -> NDArray[np.bool_]:
    """Which rows agree with any of the others in `on`."""
    import numpy as np

    keys = list(on)
    both = rows[keys].merge(others[keys].drop_duplicates(), on=keys, how="left", indicator=True)
    return np.asarray(both["_merge"] == "both", dtype=bool)


def completed(rows: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The columns of an allocation; what a pool dropped is empty."""
    missing = {name: EMPTY.get(name, "") for name in columns if name not in rows}
    return rows.assign(**missing)[list(columns)]
