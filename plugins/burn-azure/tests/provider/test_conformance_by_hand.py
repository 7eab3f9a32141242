"""The kit on a bill of nine charges, whose ledger a person can add up."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from burn.api import Scope, Window, schemas
from burn.testing import NO_CREDENTIALS, BillingProviderConformance, ProviderCase, files_below
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings

GROUP = "/subscriptions/s/resourceGroups/MC_shop_shop_eastus/providers"
NODE = f"{GROUP}/Microsoft.Compute/virtualMachines/aks-a"
HELD = "/providers/microsoft.capacity/reservationorders/o/reservations/r-1"
LINE = {
    "date": "", "subscriptionId": "s", "ResourceId": "", "resourceLocation": "eastus",
    "meterCategory": "", "meterSubCategory": "", "meterName": "", "unitOfMeasure": "1 Hour",
    "quantity": "0", "effectivePrice": "0", "PayGPrice": "0", "unitPrice": "0",
    "costInBillingCurrency": "0", "chargeType": "Usage", "pricingModel": "OnDemand",
    "publisherType": "Azure", "reservationId": "", "benefitId": "", "billingCurrency": "USD",
    "tags": "", "additionalInfo": "", "invoiceId": "1", "productName": "", "serviceFamily": "",
    "consumedService": "", "servicePeriodStartDate": "", "servicePeriodEndDate": "",
}  # fmt: skip


def line(day: int, category: str, meter: str, cost: str, **more: str) -> dict[str, str]:
    """A charge of one day."""
    named = {"meterCategory": category, "meterName": meter, "costInBillingCurrency": cost}
    return LINE | {"date": f"2026-10-{day:02}"} | named | more


HOURS = {
    "ResourceId": NODE, "meterSubCategory": "Dsv5", "quantity": "24", "PayGPrice": "0.10",
    "unitPrice": "0.09", "additionalInfo": '{"ServiceType": "Standard_D2s_v5"}',
}  # fmt: skip
BALANCER = {"ResourceId": f"{GROUP}/Microsoft.Network/loadBalancers/kubernetes"}
RULES = BALANCER | {"quantity": "24", "PayGPrice": "0.025", "unitPrice": "0.025"}
MORE_RULES = BALANCER | {"quantity": "48", "PayGPrice": "0.01", "unitPrice": "0.01"}
COVERED = HOURS | {"pricingModel": "Reservation", "benefitId": HELD}
PLAIN = (
    line(1, "Virtual Machines", "D2s v5", "2.16", **HOURS),
    line(1, "Bandwidth", "Standard Data Transfer Out", "0.50", ResourceId=NODE),
    line(1, "Storage", "LRS Data Stored", "3.00", ResourceId="/subscriptions/s/x/y"),
    line(1, "Load Balancer", "Standard Included LB Rules and Outbound Rules", "0.60", **RULES),
    line(1, "Load Balancer", "Standard Overage LB Rules and Outbound Rules", "0.48", **MORE_RULES),
    line(2, "", "", "0.70", chargeType="Tax"),
    line(4, "Storage", "LRS Data Stored", "9.00", ResourceId="/subscriptions/s/x/y"),
)
"""In both exports; the last is after the window, whose days are complete by it."""
ACTUAL = (
    *PLAIN,
    line(2, "Virtual Machines", "D2s v5", "0", **COVERED),
    line(2, "Virtual Machines", "D2s v5", "1.80", chargeType="Purchase", benefitId=HELD),
)
AMORTISED = (
    *PLAIN,
    line(2, "Virtual Machines", "D2s v5", "1.44", **COVERED),
    line(2, "Virtual Machines", "D2s v5", "0.36", chargeType="UnusedReservation", benefitId=HELD),
)
# The node: seen 20 h on the first day and 24 h on the second; billed 24 h on both, list price 0.10.
#   report     44 h × 0.10 = 4.40, the price as the bill teaches it
#   uptime     4 h × 0.10 = 0.40, billed and not seen
# The agreement takes 0.09 an hour: 2.16 instead of 2.40 on each day.
#   negotiated 2 × (2.16 − 2.40) = −0.48
# On the second day a reservation covers the hours at 1.44 instead of 2.16.
#   commitment 1.44 − 2.16 = −0.72
# Of its fee of 1.80 the rest is unused; all it covered was the cluster's.
#   unused_commitment 1.80 − 1.44 = 0.36
# Cash and amortised cost: (0 − 1.44) + (0 − 0.36) + (1.80 − 0) = 0.
# The balancer: two Services share it, each seen for 24 h on the first day; its own 24 h cost 0.025.
#   report     48 h × 0.025 = 1.20
#   uptime     (24 − 48) h × 0.025 = −0.60
# Two rules beyond the first five are 48 h, and none of the balancer's.
#   load_balancer_rules 48 h × 0.01 = 0.48
LEDGER = {
    "report": 5.60,
    "uptime": -0.20,
    "load_balancer_rules": 0.48,
    "negotiated": -0.48,
    "commitment": -0.72,
    "data_transfer": 0.50,
    "unused_commitment": 0.36,
    "outside": 3.00,
    "tax": 0.70,
}  # 9.24, as the actual export: 2.16 + 0.50 + 3.00 + 0.60 + 0.48 + 0.70 + 1.80


def inventory() -> pd.DataFrame:
    base = {
        "asset_id": f"node/azure://{NODE}", "kind": "node", "name": "aks-a",
        "provider_id": f"azure://{NODE}", "cluster": "shop", "region": "eastus",
        "zone": "", "instance_type": "Standard_D2s_v5", "cpu_cores": 2.0, "memory_gib": 8.0,
        "cpu_allocatable": 2.0, "memory_allocatable": 8.0, "capacity_type": "on_demand",
    }  # fmt: skip
    services = [
        {"asset_id": f"load_balancer/{address}", "kind": "load_balancer", "name": f"shop/{name}",
         "provider_id": address, "cluster": "shop", "region": "eastus"}
        for name, address in (("web", "20.1.2.3"), ("api", "20.1.2.4"))
    ]  # fmt: skip
    frame = pd.DataFrame(
        asset | {"day": pd.Timestamp(f"2026-10-0{day}", tz="UTC"), "hours": hours}
        for asset, day, hours in (
            (base, 1, 20.0),
            (base, 2, 24.0),
            *((s, 1, 24.0) for s in services),
        )
    )
    for column in schemas.INVENTORY.columns:
        empty = None if column.null else {"string": "", "bool": False}.get(column.kind, 0)
        known = frame[column.name] if column.name in frame else pd.Series(None, frame.index)
        frame[column.name] = known if empty is None else known.where(known.notna(), empty)
    return frame


def written(folder: Path) -> Path:
    folder.mkdir()
    for name, lines in (("actual", ACTUAL), ("amortized", AMORTISED)):
        with gzip.open(folder / f"{name}.csv.gz", "wt", newline="") as file:
            out = csv.DictWriter(file, list(LINE))
            out.writeheader()
            out.writerows(lines)
    return folder


class TestByHand(BillingProviderConformance):
    plugin = "azure"
    about = "actual and amortised cost, nine charges by hand"
    gaps = NO_CREDENTIALS

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> ProviderCase:
        root = tmp_path_factory.mktemp("hand")
        short = written(root / "short") / "actual.csv.gz"
        short.write_bytes(short.read_bytes()[: short.stat().st_size // 2])
        mine = AzureSettings(bill=str(written(root / "bill")), price_list="off")
        return ProviderCase(
            provider=AzureProvider(mine),
            inventory=schemas.INVENTORY.validate(inventory(), author="hand"),
            window=Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)),
            scope=Scope(cluster="shop"),
            truncated=lambda: AzureProvider(replace(mine, bill=str(short.parent))),
            files=files_below(root / "bill"),
            amount="costInBillingCurrency",
            again=lambda: AzureProvider(mine),
            ledger=LEDGER,
        )
