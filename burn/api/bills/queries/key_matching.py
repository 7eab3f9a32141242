"""Matching by resource id after the query, when the keys are too many for the engine's text."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see sql.py)
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from burn.api.bills.queries.rows import BY_ID, COSTS, KEYS

if TYPE_CHECKING:
    import pyarrow as pa

_SUMS = tuple("x_public_cost" if cost == "public_cost" else cost for cost in COSTS)


def match_late(result: pa.Table, keys: Sequence[tuple[str, str]]) -> pa.Table:
    """Rows of known keys become the cluster's; the other outside rows lose resource and SKU.

    Args:
        result: a `bill_query` with `detail`, whose outside rows still carry their resource.
        keys: resource key and kind.
    """
    import duckdb
    import pyarrow as pa

    known = pa.table(
        {
            "resource_key": pa.array([key for key, _ in keys], pa.string()),
            "kind": pa.array([kind for _, kind in keys], pa.string()),
        }
    )
    found = "known.kind IS NOT NULL"
    inside = f"(in_cluster OR {found})"
    final = (
        "CASE WHEN known.kind = 'node_disk' AND x_cost_class = 'volume' THEN 'node_disk' "
        "WHEN known.kind = 'asset' AND x_cost_class = 'node_disk' THEN 'volume' "
        "WHEN known.kind = 'asset' AND x_cost_class = 'marketplace' "
        "AND charge_category = 'Usage' THEN 'license' "
        "ELSE x_cost_class END"
    )
    named = {
        "resource_key": f"CASE WHEN {inside} THEN resource_key ELSE '' END",
        "in_cluster": inside,
        "match_method": f"CASE WHEN {found} THEN '{BY_ID}' ELSE match_method END",
        "x_cost_class": final,
        "sku": f"CASE WHEN {inside} THEN sku ELSE '' END",
    }
    keys_of_rows = [*KEYS, *(name for name in ("x_hours",) if name in result.column_names)]
    items = ", ".join(f"{named.get(name, f'rows.{name}')} AS {name}" for name in keys_of_rows)
    numbers = ", ".join(str(at + 1) for at in range(len(keys_of_rows)))
    texts = [name for name in ("resource_name", "x_tied_to") if name in result.column_names]
    kept = ", ".join(f"MAX(CASE WHEN {inside} THEN {name} END) AS {name}" for name in texts)
    sums = ", ".join(f"SUM(CAST({name} AS DECIMAL(38, 12))) AS {name}" for name in _SUMS)
    amount = f"CASE WHEN ({final}) = 'node_disk' THEN 0 ELSE CAST(quantity AS DECIMAL(38, 12)) END"
    with duckdb.connect() as db:
        db.register("rows", result)
        db.register("known", known)
        return db.sql(
            f"SELECT {items}, {kept}, {sums}, "
            f"SUM({amount}) AS quantity, "
            "CAST(SUM(CAST(x_lines AS BIGINT)) AS BIGINT) AS x_lines FROM rows "
            f"LEFT JOIN known USING (resource_key) GROUP BY {numbers}"
        ).to_arrow_table()
