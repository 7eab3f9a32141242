"""The step `nodes`: those of a pool that can go while the others hold its busiest hours."""

from __future__ import annotations

from burn.planning.nodes import surplus
from burn.planning.pools import PoolOf
from burn.planning.step import Row, row


def fewer(of: PoolOf) -> tuple[list[Row], PoolOf]:
    """A row a node that goes, and the pool without them."""
    gone = surplus(of.pool)
    rows = []
    for one in of.about.iloc[gone].to_dict("records"):
        cost, part = one["cost"], one["committed"]
        why = f"{one['name']} of pool {of.name}: the others hold its busiest hours"
        rows.append(
            row(
                "nodes",
                one["asset_id"],
                why,
                now=cost * (1 - part),
                later=cost * part,
                x_nodes=1.0,
            )
        )
    return rows, of.without(gone)
