"""One process that reads a generated bill: as burn's bill stage does, or by a bare GROUP BY.

python -m benchmarks.bill burn|bare FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.generate_bill import CLUSTER, MONTH, node_ids, volume_ids

# What burn's walk needs of each line: by these columns, these sums.
GROUPS = (
    *("line_item_usage_account_id", "line_item_product_code", "line_item_line_item_type"),
    *("product_region_code", "line_item_currency_code"),
    *("savings_plan_savings_plan_a_r_n", "reservation_reservation_a_r_n"),
)
IN_CLUSTER = ("line_item_resource_id", "line_item_usage_type", "line_item_operation")
SUMS = (
    *("line_item_usage_amount", "line_item_unblended_cost", "line_item_net_unblended_cost"),
    *("pricing_public_on_demand_cost", "savings_plan_savings_plan_effective_cost"),
    *("savings_plan_net_savings_plan_effective_cost", "reservation_effective_cost"),
)


def burn(folder: Path) -> dict[str, Any]:
    """The whole bill stage: read, classify, tie to the cluster, aggregate, validate, count twice."""
    import pandas as pd

    from burn.api import Scope, Window, schemas
    from burn.plugin.chosen import Chosen
    from burn.stages.bill import fetch_bill
    from burn.work.events import Silent
    from burn_aws.provider import AwsProvider
    from burn_aws.settings import AwsSettings

    keys = [("node", key) for key in node_ids()] + [("volume", key) for key in volume_ids()]
    identities = schemas.IDENTITY.validate(
        pd.DataFrame(
            {
                "asset_id": [f"{kind}/{key}" for kind, key in keys],
                "resource_key": [key for _, key in keys],
                "method": "provider id",
            }
        ),
        author="benchmark",
    )
    provider = AwsProvider(AwsSettings(bill=str(folder), price_list="off"))
    chosen = Chosen("aws", "burn-aws", provider)
    scope, window = Scope(cluster=CLUSTER), Window.month(*MONTH)
    found = fetch_bill(chosen, scope, window, identities, Silent())
    return {"rows": len(found.rows), "billed": f"{found.control.billed:.2f}"}


def bare(folder: Path) -> dict[str, Any]:
    """What any tool must at least do: one GROUP BY, to a frame, at the grain of burn's result."""
    import duckdb

    ids = ", ".join(f"('{key}')" for key in (*node_ids(), *volume_ids()))
    columns = [
        "CAST(line_item_usage_start_date AS DATE) AS day",
        *GROUPS,
        *(f"CASE WHEN id IS NOT NULL THEN {name} END AS {name}" for name in IN_CLUSTER),
    ]
    sums = [f"SUM(CAST({name} AS DECIMAL(38, 12))) AS {name}" for name in SUMS]
    rows = duckdb.sql(
        f"SELECT {', '.join([*columns, *sums])}, COUNT(*) AS lines "
        f"FROM read_parquet('{folder}/**/*.parquet') "
        f"LEFT JOIN (VALUES {ids}) AS ids (id) ON line_item_resource_id = id GROUP BY ALL"
    ).df()
    billed = rows["line_item_net_unblended_cost"].astype(float).sum()
    return {"rows": len(rows), "billed": f"{billed:.2f}"}


if __name__ == "__main__":
    kind, folder = sys.argv[1:]
    print(json.dumps({"burn": burn, "bare": bare}[kind](Path(folder))))
