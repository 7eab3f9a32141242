"""Between which nodes a pod may move."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

POOL = ("owner_name", "arch", "zone", "os", "capacity_type")
"""Columns of the inventory; the first three must be known."""


def pool_names(inventory: pd.DataFrame) -> pd.Series[str]:
    """Of each row, the pool in which the node's pods may move; empty when that is not known.

    Selectors, taints and tolerations are a node pool's; an image is of an architecture and a
    system; a disk is in a zone; and what may be interrupted is not what may not.
    """
    told = inventory[list(POOL)].astype("str")
    text = told[POOL[0]].str.cat(told[list(POOL[1:])], sep=", ")
    known = (told[list(POOL[:3])] != "").all(axis="columns") & (inventory["kind"] == "node")
    return text.where(known, "").str.replace(r"(, )+$", "", regex=True)
