"""A load balancer that several Services or Ingresses share: an asset of each, an even part each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.builtin.metrics.common.grid import by, codes_of

if TYPE_CHECKING:
    import pandas as pd

    from burn.builtin.metrics.common.grid import Matrix


def balancers(owned: pd.DataFrame, there: Matrix) -> tuple[pd.DataFrame, Matrix]:
    """Inventory rows of balancers, and their presence.

    In each hour a balancer was there as long as the one of its owners that was there longest;
    that is cut by how long each was there: evenly, when all were there all the time.

    Args:
        owned: one row per balancer and owner: provider_id, owner_kind, namespace, owner_name.
        there: presence of each owner, row × hour.
    """
    import numpy as np

    codes, keys = codes_of(owned, ["provider_id"])
    there = np.nan_to_num(there)
    longest, together = (by(codes, there, len(keys), how) for how in ("max", "sum"))
    part = np.divide(longest, together, out=np.zeros_like(longest), where=together > 0)
    owner = owned["namespace"] + "/" + owned["owner_name"]
    shared = owned.duplicated("provider_id", keep=False)
    asset = "load_balancer/" + owned["provider_id"]
    rows = owned.assign(
        asset_id=asset.where(~shared, asset + "/" + owner), kind="load_balancer", name=owner
    )
    return rows, there * np.nan_to_num(part)[codes]
