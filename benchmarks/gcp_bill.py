"""One process that reads a generated Google Cloud bill: as burn's bill stage does, or by a bare GROUP BY.

python -m benchmarks.gcp_bill burn|bare FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.generate_gcp_bill import CLUSTER, PROJECT, ZONE, node_names, volume_names

# What burn's walk needs of each line: by these columns, these sums, and credits by type.
GROUPS = (
    *("project.id", "service.description", "location.region", "cost_type", "seller_name"),
    *("consumption_model.description", "adjustment_info.type", "usage.pricing_unit", "currency"),
)
SUMS = ("usage.amount_in_pricing_units", "cost", "cost_at_list", "cost_at_list_consumption_model")
CREDITS = (
    *("COMMITTED_USAGE_DISCOUNT", "SUSTAINED_USAGE_DISCOUNT", "SPENDING_BASED_DISCOUNT"),
    "PROMOTION",
)


def burn(folder: Path) -> dict[str, Any]:
    """The whole bill stage: read, classify, tie to the cluster, aggregate, validate, count twice."""
    import pandas as pd

    from burn.api import Scope, Window, schemas
    from burn.plugin.chosen import Chosen
    from burn.stages.bill import fetch_bill
    from burn.work.events import Silent
    from burn_gcp.provider import GcpProvider
    from burn_gcp.settings import GcpSettings

    keys = [(f"node/{name}", f"instance/{name}") for name in node_names()]
    keys += [(f"volume/{name}", f"disk/{name}") for name in volume_names()]
    identities = schemas.IDENTITY.validate(
        pd.DataFrame(
            {
                "asset_id": [asset for asset, _ in keys],
                "resource_key": [f"{PROJECT}/{ZONE}/{key}" for _, key in keys],
                "method": "provider id",
            }
        ),
        author="benchmark",
    )
    provider = GcpProvider(GcpSettings(bill=str(folder), price_list="off"))
    chosen = Chosen("gcp", "burn-gcp", provider)
    scope, window = Scope(cluster=CLUSTER), Window.month(2026, 10)
    found = fetch_bill(chosen, scope, window, identities, Silent())
    return {"rows": len(found.rows), "billed": f"{found.control.billed:.2f}"}


def bare(folder: Path) -> dict[str, Any]:
    """What any tool must at least do: one GROUP BY, to a frame, at the grain of burn's result."""
    import duckdb

    names = ", ".join(f"('{name}')" for name in (*node_names(), *volume_names()))
    columns = [
        "CAST(usage_start_time AS DATE) AS day",
        *(f"{name} AS {name.replace('.', '_')}" for name in GROUPS),
        "CASE WHEN name IS NOT NULL THEN name END AS resource_name",
        "CASE WHEN name IS NOT NULL THEN sku.description END AS sku_description",
    ]
    sums = [f"SUM(CAST({name} AS DECIMAL(38, 12))) AS {name.replace('.', '_')}" for name in SUMS]
    sums += [
        f"SUM(LIST_SUM([CAST(u.amount AS DECIMAL(38, 12)) FOR u IN credits IF u.type = '{kind}'])) AS {kind}"
        for kind in CREDITS
    ]
    rows = duckdb.sql(
        f"SELECT {', '.join([*columns, *sums])}, COUNT(*) AS lines "
        f"FROM read_parquet('{folder}/*.parquet') "
        f"LEFT JOIN (VALUES {names}) AS names (name) ON resource.name = name GROUP BY ALL"
    ).df()
    billed = rows[["cost", *CREDITS]].astype(float).sum().sum()
    return {"rows": len(rows), "billed": f"{billed:.2f}"}


if __name__ == "__main__":
    kind, folder = sys.argv[1:]
    print(json.dumps({"burn": burn, "bare": bare}[kind](Path(folder))))
