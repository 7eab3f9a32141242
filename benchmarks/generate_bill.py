"""A month of CUR 2.0 as Parquet, as large as asked for: one cluster in a growing account.

python -m benchmarks.generate_bill LINES FOLDER

The cluster stays at 200 nodes and 400 volumes; the account around it grows. Everything follows
from a line's number, so the same call writes the same bill.
"""

from __future__ import annotations

import sys
from pathlib import Path

MONTH = (2026, 10)
HOURS = 744
CLUSTER = "prod"
NODES, VOLUMES = 200, 400
PART = 1_000_000
ACCOUNT = "111122223333"
PLAN = f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/aaaaaaaa-0000-4000-8000-000000000001"


def node_ids() -> list[str]:
    """Instance ids of the cluster's nodes."""
    return [f"i-{n:017x}" for n in range(NODES)]


def volume_ids() -> list[str]:
    """Ids of the cluster's volumes."""
    return [f"vol-{n:017x}" for n in range(NODES, NODES + VOLUMES)]


# What resource number r is: one row a kind. Rates are per hour; `plan` says how it is priced.
KINDS = """
    SELECT * REPLACE (rate::DOUBLE AS rate) FROM (VALUES
      ('node', 'AmazonEC2', 'Amazon Elastic Compute Cloud', 'BoxUsage:m6i.2xlarge', 'RunInstances', 'i-', 0.384),
      ('volume', 'AmazonEC2', 'Amazon Elastic Compute Cloud', 'EBS:VolumeUsage.gp3', 'CreateVolume-Gp3', 'vol-', 0.011),
      ('vm', 'AmazonEC2', 'Amazon Elastic Compute Cloud', 'BoxUsage:c6i.xlarge', 'RunInstances', 'i-', 0.17),
      ('traffic', 'AmazonEC2', 'Amazon Elastic Compute Cloud', 'DataTransfer-Regional-Bytes', 'InterZone-Out', 'i-', 0.02),
      ('bucket', 'AmazonS3', 'Amazon Simple Storage Service', 'TimedStorage-ByteHrs', 'StandardStorage', 'bucket-', 0.003),
      ('database', 'AmazonRDS', 'Amazon Relational Database Service', 'InstanceUsage:db.r6g.large', 'CreateDBInstance:0021', 'arn:aws:rds:us-east-1:111122223333:db:db-', 0.24),
      ('function', 'AWSLambda', 'AWS Lambda', 'Lambda-GB-Second', 'Invoke', 'arn:aws:lambda:us-east-1:111122223333:function:fn-', 0.004)
    ) AS kinds (kind, product, service, usage_type, operation, prefix, rate)
"""

LINES = f"""
    SELECT i, i % {HOURS} AS h, i // {HOURS} AS r,
      CASE WHEN r < {NODES} THEN 'node' WHEN r < {NODES + VOLUMES} THEN 'volume'
        ELSE ['vm', 'vm', 'vm', 'volume', 'bucket', 'database', 'function', 'traffic'][r % 8 + 1]
      END AS kind,
      kind IN ('node', 'vm') AND r % 4 = 1 AS covered,
      kind = 'node' AND r % 4 = 0 AS spot,
      timestamp '2026-10-01' + INTERVAL (h) HOUR AS starts,
    FROM range({{first}}, {{last}}) AS t (i)
"""

# A covered line comes with its negation; together they are two of the lines asked for.
COLUMNS = f"""
    md5(i::VARCHAR || negated) AS identity_line_item_id,
    strftime(starts, '%Y-%m-%dT%H:%M:%SZ/') || strftime(starts + INTERVAL 1 HOUR, '%Y-%m-%dT%H:%M:%SZ') AS identity_time_interval,
    timestamp '2026-10-01' AS bill_billing_period_start_date,
    timestamp '2026-11-01' AS bill_billing_period_end_date,
    'Anniversary' AS bill_bill_type, 'AWS' AS bill_billing_entity, '' AS bill_invoice_id,
    '{ACCOUNT}' AS bill_payer_account_id,
    CASE WHEN r < {NODES + VOLUMES} THEN '{ACCOUNT}' ELSE '11112222' || lpad((r % 20)::VARCHAR, 4, '0') END
      AS line_item_usage_account_id,
    CASE WHEN negated = 1 THEN 'SavingsPlanNegation' WHEN covered THEN 'SavingsPlanCoveredUsage'
      ELSE 'Usage' END AS line_item_line_item_type,
    starts AS line_item_usage_start_date, starts + INTERVAL 1 HOUR AS line_item_usage_end_date,
    product AS line_item_product_code,
    CASE WHEN spot THEN replace(usage_type, 'BoxUsage', 'SpotUsage') ELSE usage_type END
      AS line_item_usage_type,
    operation AS line_item_operation,
    CASE WHEN negated = 0 THEN prefix || lpad(format('{{:x}}', r), 17, '0') END AS line_item_resource_id,
    CASE WHEN kind = 'volume' THEN 100.0 / {HOURS} ELSE 1.0 END AS line_item_usage_amount,
    'USD' AS line_item_currency_code,
    rate * CASE WHEN spot THEN 0.4 ELSE 1 END * (1 - 2 * negated) AS line_item_unblended_cost,
    line_item_unblended_cost * CASE WHEN covered THEN 1 ELSE 0.95 END AS line_item_net_unblended_cost,
    '' AS line_item_line_item_description, '' AS line_item_tax_type,
    CASE WHEN negated = 0 THEN rate END AS pricing_public_on_demand_cost,
    CASE WHEN covered AND negated = 0 THEN rate * 0.7 ELSE 0::DOUBLE END AS savings_plan_savings_plan_effective_cost,
    savings_plan_savings_plan_effective_cost AS savings_plan_net_savings_plan_effective_cost,
    CASE WHEN covered THEN '{PLAN}' END AS savings_plan_savings_plan_a_r_n,
    0::DOUBLE AS savings_plan_total_commitment_to_date, 0::DOUBLE AS savings_plan_used_commitment,
    0::DOUBLE AS reservation_effective_cost, NULL::VARCHAR AS reservation_reservation_a_r_n,
    product AS product_servicecode, 'us-east-1' AS product_region_code,
    map {{'product_name': service, 'instance_type': split_part(usage_type, ':', 2), 'operating_system': 'Linux',
      'tenancy': 'Shared'}} AS product,
    CASE WHEN r < {NODES + VOLUMES} THEN map {{'user_kubernetes_io_cluster_{CLUSTER}': 'owned'}}
      ELSE map {{'user_team': 'team-' || (r % 40)}} END AS resource_tags
"""


def generate(lines: int, folder: Path) -> Path:
    """Write the bill's files of a million lines each."""
    import duckdb

    target = folder / "data" / "BILLING_PERIOD=2026-10"
    target.mkdir(parents=True, exist_ok=True)
    for part, first in enumerate(range(0, lines, PART)):
        rows = LINES.format(first=first, last=min(first + PART, lines))
        duckdb.sql(
            f"COPY (WITH rows AS ({rows}), kinds AS ({KINDS}) "
            f"SELECT {COLUMNS} FROM rows JOIN kinds USING (kind), "
            f"LATERAL (SELECT unnest(CASE WHEN covered AND i % 2 = 1 THEN [0, 1] WHEN covered THEN [] "
            f"ELSE [0] END) AS negated)) "
            f"TO '{target}/part-{part:04}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    return folder


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
    print("{}")
