"""A month of Azure's actual and amortised exports, as large as asked for.

python -m benchmarks.generate_azure_bill LINES FOLDER parquet|csv.gz

Each of the two exports has about LINES lines, a day each. The cluster stays at 200 nodes in four
scale sets and 400 disks; the rest are other subscriptions' resources, half of them living for the
month and half for a single day, so that distinct resource ids grow with the lines. Everything
follows from a line's number, so the same call writes the same bill.
"""

from __future__ import annotations

import sys
from pathlib import Path

MONTH = (2026, 10)
DAYS = 31
CLUSTER = "prod"
NODES, VOLUMES, SETS = 200, 400, 4
PART = 1_000_000
SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f00000"
RESERVATION = "aaaaaaaa-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/MC_shop_prod_eastus"
COMPUTE = f"{GROUP}/providers/Microsoft.Compute"


def node_ids() -> list[str]:
    """ARM ids of the cluster's nodes, as Kubernetes has them."""
    sets = f"{COMPUTE}/virtualMachineScaleSets/aks-pool{{}}-38291044-vmss/virtualMachines/{{}}"
    return [sets.format(n % SETS, n) for n in range(NODES)]


def volume_ids() -> list[str]:
    """ARM ids of the cluster's disks."""
    return [f"{COMPUTE}/disks/pvc-{n:08d}" for n in range(NODES, NODES + VOLUMES)]


# What resource number r is. Rates are per unit of quantity; `amount` is a day's.
KINDS = """
    SELECT * REPLACE (rate::DOUBLE AS rate, amount::DOUBLE AS amount) FROM (VALUES
      ('node', 'Virtual Machines', 'Dsv5 Series', 'D8s v5', '1 Hour', 'Compute', 'Microsoft.Compute', 0.384, 24),
      ('volume', 'Storage', 'Premium SSD Managed Disks', 'P10 LRS Disk', '1/Month', 'Storage', 'Microsoft.Compute', 19.71, 0.032258),
      ('vm', 'Virtual Machines', 'Fsv2 Series', 'F4s v2', '1 Hour', 'Compute', 'Microsoft.Compute', 0.169, 24),
      ('traffic', 'Bandwidth', 'Inter-Region', 'Intra Continent Data Transfer Out', '1 GB', 'Networking', 'Microsoft.Network', 0.02, 11.7),
      ('blob', 'Storage', 'Tiered Block Blob', 'Hot LRS Data Stored', '1 GB/Month', 'Storage', 'Microsoft.Storage', 0.0208, 3.1),
      ('database', 'SQL Database', 'General Purpose', 'vCore', '1 Hour', 'Databases', 'Microsoft.Sql', 0.25, 24),
      ('function', 'Functions', 'Functions', 'Standard Execution Time', '10 GB Seconds', 'Compute', 'Microsoft.Web', 0.000016, 4321),
      ('address', 'Virtual Network', 'IP Addresses', 'Standard IPv4 Static Public IP', '1 Hour', 'Networking', 'Microsoft.Network', 0.005, 24)
    ) AS kinds (kind, category, subcategory, meter, unit, family, provider, rate, amount)
"""

LINES = f"""
    SELECT i, i % {DAYS} AS d, i // {DAYS} AS whole,
      CASE WHEN whole < {NODES + VOLUMES} OR whole % 2 = 0 THEN whole ELSE 1000000000 + i END AS r,
      CASE WHEN r < {NODES} THEN 'node' WHEN r < {NODES + VOLUMES} THEN 'volume'
        ELSE ['vm', 'vm', 'volume', 'blob', 'database', 'function', 'traffic', 'address'][r % 8 + 1]
      END AS kind,
      kind IN ('node', 'vm') AND r % 4 = 1 AS covered,
      kind = 'node' AND r % 4 = 0 AS spot,
      r < {NODES + VOLUMES} AS mine,
      lpad((r % 20)::VARCHAR, 5, '0') AS account,
    FROM range({{first}}, {{last}}) AS t (i)
"""

# A customer agreement's columns in its own case; dates are text, as its CSVs have them.
COLUMNS = f"""
    'T000123456' AS invoiceId, '' AS previousInvoiceId, '8611537' AS billingAccountId,
    'Contoso' AS billingAccountName, 'AAAA-BBBB-CCC-DDD' AS billingProfileId,
    'Engineering' AS billingProfileName, 'EEEE-FFFF-GGG-HHH' AS invoiceSectionId,
    'Shop' AS invoiceSectionName, 'Microsoft' AS resellerName, '' AS resellerMpnId, '' AS costCenter,
    '10/31/2026' AS billingPeriodEndDate, '10/01/2026' AS billingPeriodStartDate,
    strftime(date '2026-10-01' + d::INT, '%m/%d/%Y') AS servicePeriodEndDate,
    strftime(date '2026-10-01' + d::INT, '%m/%d/%Y') AS servicePeriodStartDate,
    strftime(date '2026-10-01' + d::INT, '%m/%d/%Y') AS date,
    family AS serviceFamily, 'DZH318Z0BQ36' AS productOrderId, 'Azure plan' AS productOrderName,
    provider AS consumedService, md5(kind) AS meterId, meter AS meterName, category AS meterCategory,
    subcategory AS meterSubCategory, 'US East' AS meterRegion, 'DZH318Z0BQ36008P' AS ProductId,
    category || ' - ' || subcategory || ' - ' || meter || ' - US East' AS ProductName,
    CASE WHEN mine THEN '{SUBSCRIPTION}' ELSE '5d2f81c4-77aa-4b11-9a3e-0c54f1f' || account END
      AS SubscriptionId,
    'sub-' || account AS subscriptionName, 'Azure' AS publisherType, '' AS publisherId,
    'Microsoft' AS publisherName, 'rg-' || (r % 997) AS resourceGroupName,
    CASE WHEN r < {NODES} THEN '{COMPUTE}/virtualMachineScaleSets/aks-pool' || (r % {SETS}) || '-38291044-vmss'
      WHEN mine THEN '{COMPUTE}/disks/pvc-' || lpad(r::VARCHAR, 8, '0')
      ELSE '/subscriptions/5d2f81c4-77aa-4b11-9a3e-0c54f1f' || account || '/resourceGroups/rg-'
        || (r % 997) || '/providers/' || provider || '/'
        || CASE kind WHEN 'vm' THEN 'virtualMachines' WHEN 'volume' THEN 'disks' ELSE kind END
        || '/' || kind || '-' || r END AS ResourceId,
    'eastus' AS resourceLocation, 'EastUS' AS location,
    rate * CASE WHEN spot THEN 0.3 WHEN NOT covered THEN 0.95 WHEN amortized THEN 0.62 ELSE 0 END
      AS effectivePrice,
    amount AS quantity, unit AS unitOfMeasure, 'Usage' AS chargeType, 'USD' AS billingCurrency,
    'USD' AS pricingCurrency, amount * effectivePrice AS costInBillingCurrency,
    costInBillingCurrency AS costInPricingCurrency, costInBillingCurrency AS costInUsd,
    rate * CASE WHEN spot THEN 0.3 ELSE 1 END AS PayGPrice, amount * PayGPrice AS paygCostInBillingCurrency, paygCostInBillingCurrency AS paygCostInUsd,
    1 AS exchangeRatePricingToBilling, '10/01/2026' AS exchangeRateDate, 'true' AS isAzureCreditEligible,
    '' AS serviceInfo1, '' AS serviceInfo2,
    CASE WHEN kind IN ('node', 'vm') THEN '{{"UsageType":"ComputeHR","ImageType":"Canonical","ServiceType":"Standard_'
      || replace(meter, ' ', '_') || '","VMName":"'
      || CASE WHEN mine THEN 'aks-pool' || (r % {SETS}) || '-38291044-vmss_' || r ELSE kind || '-' || r END
      || '","VCPUs":8}}' ELSE '' END AS additionalInfo,
    CASE WHEN mine THEN '{{"aks-managed-cluster-name":"{CLUSTER}","aks-managed-poolName":"pool' || (r % {SETS}) || '"}}'
      ELSE '{{"team":"team-' || (r % 40) || '","env":"prod"}}' END AS tags,
    'UsageBased' AS frequency, '' AS term,
    CASE WHEN covered THEN '{RESERVATION}' ELSE '' END AS reservationId,
    CASE WHEN covered THEN 'three years' ELSE '' END AS reservationName, reservationName AS benefitName,
    CASE WHEN covered THEN 'Reservation' WHEN spot THEN 'Spot' ELSE 'OnDemand' END AS pricingModel,
    rate * CASE WHEN spot THEN 0.3 ELSE 0.95 END AS unitPrice, '' AS costAllocationRuleName,
    CASE WHEN covered THEN '/providers/Microsoft.Capacity/reservationOrders/o/reservations/{RESERVATION}'
      ELSE '' END AS benefitId,
    '' AS provider
"""


def generate(lines: int, folder: Path, form: str) -> Path:
    """Write both exports in files of a million lines, as Azure partitions them."""
    import duckdb

    how = "FORMAT parquet, COMPRESSION snappy"
    how = how if form == "parquet" else "FORMAT csv, HEADER, COMPRESSION gzip"
    for dataset in ("actual", "amortized"):
        target = folder / dataset / "20261001-20261031"
        target.mkdir(parents=True, exist_ok=True)
        for part, first in enumerate(range(0, lines, PART)):
            rows = LINES.format(first=first, last=min(first + PART, lines))
            spread = f"{dataset == 'amortized'} AS amortized"
            duckdb.sql(
                f"COPY (WITH rows AS ({rows}), kinds AS ({KINDS}) SELECT {COLUMNS} "
                f"FROM (SELECT *, {spread} FROM rows JOIN kinds USING (kind))) "
                f"TO '{target}/part_{part}_0001.{form}' ({how})"
            )
        bought = "Purchase" if dataset == "actual" else "UnusedReservation"
        one = LINES.format(first=NODES * DAYS, last=(NODES + 1) * DAYS)
        cost = (
            f"{DAYS} * 100.0 AS costInBillingCurrency, '{bought}' AS chargeType, '' AS ResourceId"
        )
        held = f"'{RESERVATION}' AS reservationId, 'Reservation' AS pricingModel"
        duckdb.sql(
            f"COPY (WITH rows AS ({one}), kinds AS ({KINDS}) SELECT * REPLACE ({cost}, {held}) FROM "
            f"(SELECT {COLUMNS} FROM (SELECT *, false AS amortized FROM rows JOIN kinds USING (kind)))) "
            f"TO '{target}/part_{part + 1}_0001.{form}' ({how})"
        )
    return folder


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    print("{}")
