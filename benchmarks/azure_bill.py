"""One process that reads generated Azure exports: as burn's bill stage does, or by bare GROUP BYs.

python -m benchmarks.azure_bill burn|bare FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.generate_azure_bill import CLUSTER, MONTH, node_ids, volume_ids
from burn.api import IdentifyRequest

# What burn's walk needs of each line: by these columns, these sums.
GROUPS = (
    *("SubscriptionId", "meterCategory", "chargeType", "pricingModel", "resourceLocation"),
    *("reservationId", "publisherType", "billingCurrency"),
)
IN_CLUSTER = ("ResourceId", "meterSubCategory", "meterName", "vm")
SUMS = (
    *("quantity", "costInBillingCurrency", "paygCostInBillingCurrency"),
    *("PayGPrice * quantity", "unitPrice * quantity"),
)


def burn(folder: Path) -> dict[str, Any]:
    """The whole bill stage: read, classify, tie to the cluster, aggregate, validate, count twice."""
    import pandas as pd

    from burn.api import Scope, Window, schemas
    from burn.plugin.chosen import Chosen
    from burn.stages.bill import fetch_bill
    from burn.work.events import Silent
    from burn_azure.provider import AzureProvider
    from burn_azure.settings import AzureSettings

    seen = [("node", "azure://" + key) for key in node_ids()]
    seen += [("volume", key) for key in volume_ids()]
    inventory = pd.DataFrame(seen, columns=["kind", "provider_id"])
    inventory["asset_id"] = inventory["kind"] + "/" + inventory["provider_id"]
    for column in schemas.INVENTORY.columns:
        if column.name not in inventory:
            inventory[column.name] = "" if column.kind == "string" else 0.0
    inventory["day"] = pd.Timestamp(*MONTH, 1, tz="UTC")
    provider = AzureProvider(AzureSettings(bill=str(folder), price_list="off"))
    chosen = Chosen("azure", "burn-azure", provider)
    identities = provider.identify(
        IdentifyRequest(inventory=schemas.INVENTORY.validate(inventory, author="benchmark"))
    )
    scope, window = Scope(cluster=CLUSTER), Window.month(*MONTH)
    found = fetch_bill(chosen, scope, window, identities, Silent())
    return {"rows": len(found.rows), "billed": f"{found.control.billed:.2f}"}


def bare(folder: Path) -> dict[str, Any]:
    """What any tool must at least do: a GROUP BY of each export, to a frame, at burn's grain."""
    import duckdb

    ids = ", ".join(f"('{key.lower()}')" for key in (*node_ids(), *volume_ids()))
    vm = """regexp_extract(additionalInfo, '"VMName":"[^"]*_([0-9]+)"', 1)"""
    vm = f"coalesce({vm}, '')"
    columns = [
        "strptime(date, '%m/%d/%Y') AS day",
        *GROUPS,
        *(f"CASE WHEN id IS NOT NULL THEN {name} END AS {name}" for name in IN_CLUSTER),
    ]
    sums = [
        f"SUM(CAST({name} AS DECIMAL(38, 12))) AS s{at}" for at, name in enumerate(SUMS[:3])
    ] + [
        f"SUM(CAST({a} AS DOUBLE) * CAST({b} AS DOUBLE)) AS s_{a}"
        for a, b in (name.split(" * ") for name in SUMS[3:])
    ]
    found = []
    for dataset in ("actual", "amortized"):
        files = sorted(folder.glob(f"{dataset}/**/*_0001.*"))
        read = (
            "read_parquet({})"
            if files[0].suffix == ".parquet"
            else "read_csv({}, all_varchar = true)"
        )
        found.append(
            duckdb.sql(
                f"SELECT {', '.join([*columns, *sums])}, COUNT(*) AS lines FROM (SELECT *, {vm} AS vm, lower(ResourceId) "
                f"|| CASE WHEN vm = '' THEN '' ELSE '/virtualmachines/' || vm END AS key "
                f"FROM {read.format([str(f) for f in files])}) "
                f"LEFT JOIN (VALUES {ids}) AS ids (id) ON key = id GROUP BY ALL"
            ).df()
        )
    billed = found[0]["s1"].astype(float).sum()
    return {"rows": sum(map(len, found)), "billed": f"{billed:.2f}"}


if __name__ == "__main__":
    kind, folder = sys.argv[1:]
    print(json.dumps({"burn": burn, "bare": bare}[kind](Path(folder))))
