"""The step `spot`: on-demand nodes that become spot nodes, for workloads that stand losing one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from burn.api.money import count
from burn.planning.nodes import to_spot
from burn.planning.pools import PoolOf
from burn.planning.step import Row, row

if TYPE_CHECKING:
    import pandas as pd

    from burn.planning.asked import PlanRequest

_UNPRICED = 1e-6
"""What weighs a node whose discount nobody knows: after all that are known, the dearest first."""
_NAMES = 4


def onto_spot(
    of: PoolOf, families: pd.DataFrame | None, asked: PlanRequest
) -> tuple[list[Row], PoolOf]:
    """A row for each family of the pool's nodes that can be spot nodes, and the pool without them.

    A node that a commitment touches stays as it is: both would be paid until the commitment ends.
    What the bill does not price is there, and its `now` is null; what lists ask is in `x_listed`.

    Args:
        of: a pool after the steps before.
        families: by family, `discount`, `nodes` and `gone` of the frame `spot`; None: nothing may.
        asked: what the plan is made from.
    """
    import numpy as np

    if families is None or not of.ready or of.about.empty:
        return [], of
    about = of.about
    discount = about["family"].map(families["discount"]).to_numpy(dtype=np.float64)
    cost = about["cost"].fillna(0.0).to_numpy(dtype=np.float64)
    open_ = (
        of.pool.movable
        & (about["capacity_type"] == "on_demand").to_numpy()
        & (about["committed"] == 0).to_numpy()
        & (about["family"] != "").to_numpy()
    )
    saving = cost * discount
    worth = np.where(np.isnan(saving), cost * _UNPRICED, saving)
    taken = to_spot(of.pool, np.where(open_, worth, 0.0))
    if not taken:
        return [], of
    mine = about.assign(saving=saving, discount=discount).iloc[taken]
    mine = mine.join(asked.spot_lists(mine))
    rows = []
    for family, nodes in mine.groupby("family", sort=True):
        facts = families.reindex([family]).iloc[0]
        unpriced = math.isnan(facts["discount"])
        listed = float((nodes["cost"] * nodes["listed"]).sum(skipna=False))
        rows.append(
            row(
                "spot",
                f"{of.subject}, {family}",
                _why(of, nodes, str(family), facts),
                now=float(nodes["saving"].sum(skipna=False)),
                x_nodes=float(len(nodes)),
                x_to=f"{len(nodes)} {', '.join(sorted(nodes['machine'].unique()))} spot",
                x_listed=listed if unpriced else math.nan,
            )
        )
    return rows, of.without(taken)


def _why(of: PoolOf, nodes: pd.DataFrame, family: str, facts: Any) -> str:
    discount = facts["discount"]
    if not math.isnan(discount):
        paid = f"{family} spot was paid {discount:.0%} below on-demand on this bill"
    else:
        paid = f"what {family} spot costs is not known, as this bill has not both{_listed(nodes)}"
    seen, gone = (0 if math.isnan(facts[name]) else int(facts[name]) for name in ("nodes", "gone"))
    became = f"; {gone} of {count(seen, 'spot node')} seen went before the end" if seen else ""
    return (
        f"{len(nodes)} of {len(of.about)} nodes of pool {of.name}, for {_who(of)}; {paid}{became}"
    )


def _listed(nodes: pd.DataFrame) -> str:
    if nodes["listed"].isna().any():
        return ""
    least, most = nodes["listed"].min(), nodes["listed"].max()
    span = f"{least:.0%}" if f"{least:.0%}" == f"{most:.0%}" else f"{least:.0%} to {most:.0%}"
    return f"; {nodes['source'].iloc[0]} asks {span} less than on demand"


def _who(of: PoolOf) -> str:
    more = len(of.ready) - _NAMES
    return ", ".join(of.ready[:_NAMES]) + (f" and {more} more" if more > 0 else "")
