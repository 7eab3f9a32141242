"""A month of Google's detailed export as Parquet, as large as asked for: one cluster, a growing account.

python -m benchmarks.generate_gcp_bill LINES FOLDER [--distinct]

The cluster stays at 200 nodes and 400 volumes. Around it each resource runs all month, or with
--distinct every line names a resource of its own. Everything follows from a line's number.
"""

from __future__ import annotations

import sys
from pathlib import Path

HOURS = 744
CLUSTER, PROJECT, ZONE = "prod", "shop-prod", "us-central1-a"
NODES, VOLUMES = 200, 400
PART = 1_000_000


def node_names() -> list[str]:
    """Instances of the cluster's nodes."""
    return [f"gke-prod-{n:08x}" for n in range(NODES)]


def volume_names() -> list[str]:
    """Disks of the cluster's claims."""
    return [f"pvc-{n:08x}" for n in range(NODES, NODES + VOLUMES)]


# What a line is: a machine has two lines an hour. Rates are per unit and hour.
KINDS = """
    SELECT * REPLACE (rate::DOUBLE AS rate, units::DOUBLE AS units) FROM (VALUES
      ('core', 'Compute Engine', '2E27-4F75-95CD', 'N2 Instance Core running in Iowa', 'instance', 'hour', 8, 0.031611),
      ('ram', 'Compute Engine', 'E3C1-4F75-95CD', 'N2 Instance Ram running in Iowa', 'instance', 'gibibyte hour', 32, 0.004237),
      ('disk', 'Compute Engine', 'D973-5D65-BAB2', 'Storage PD Capacity', 'disks', 'gibibyte month', 0.134, 0.04),
      ('bucket', 'Cloud Storage', 'E5F0-6A5D-7BAD', 'Standard Storage US Multi-region', 'buckets', 'gibibyte month', 2, 0.026),
      ('query', 'BigQuery', '16B8-3DDA-9F10', 'Analysis (us-central1)', 'jobs', 'tebibyte', 0.1, 6.25),
      ('sql', 'Cloud SQL', '1D9C-7C5F-9A0B', 'Cloud SQL for PostgreSQL: Zonal - vCPU in Iowa', 'instances', 'hour', 4, 0.0413),
      ('egress', 'Networking', '9DE9-9092-B3BC', 'Network Inter Zone Data Transfer Out', 'instance', 'gibibyte', 3, 0.01),
      ('logs', 'Cloud Logging', '143F-A1B0-E0BE', 'Log Storage cost', 'buckets', 'gibibyte', 0.5, 0.5)
    ) AS kinds (kind, service, sku_id, sku, path, unit, units, rate)
"""

LINES = f"""
    SELECT i, i % {HOURS} AS h, i // {HOURS} AS s,
      CASE WHEN s < {2 * NODES} THEN s // 2 WHEN s < {2 * NODES + VOLUMES} THEN s - {NODES}
        ELSE {{number}} END AS r,
      s < {2 * NODES + VOLUMES} AS inside,
      CASE WHEN s < {2 * NODES} THEN ['core', 'ram'][s % 2 + 1] WHEN inside THEN 'disk'
        ELSE ['core', 'ram', 'core', 'ram', 'disk', 'bucket', 'query', 'sql', 'egress', 'logs'][s % 10 + 1]
      END AS kind,
      kind IN ('core', 'ram') AND r % 4 = 1 AS covered,
      kind IN ('core', 'ram') AND r % 4 = 0 AS spot,
      CASE WHEN inside THEN '{PROJECT}' ELSE 'team-' || (r % 40) END AS project,
      CASE WHEN r < {NODES} THEN format('gke-prod-{{{{:08x}}}}', r)
        WHEN inside THEN format('pvc-{{{{:08x}}}}', r) ELSE format('{{{{}}}}-{{{{:08x}}}}', kind, r) END AS name,
      timestamp '2026-10-01' + INTERVAL (h) HOUR AS starts,
    FROM range({{first}}, {{last}}) AS t (i)
"""

COLUMNS = f"""
    '010101-F0FFF0-10AB10' AS billing_account_id,
    struct_pack(id := left(sku_id, 4), description := service) AS service,
    struct_pack(id := sku_id, description := CASE WHEN spot THEN 'Spot Preemptible ' ELSE '' END || sku) AS sku,
    timezone('UTC', starts) AS usage_start_time, timezone('UTC', starts + INTERVAL 1 HOUR) AS usage_end_time,
    struct_pack(id := project, number := md5(project)[:12], name := project,
      labels := [struct_pack(key := 'env', value := 'prod')], ancestry_numbers := '/1001/2002/') AS project,
    CASE WHEN inside THEN [struct_pack(key := 'goog-k8s-cluster-location', value := 'us-central1'),
        struct_pack(key := 'goog-k8s-cluster-name', value := '{CLUSTER}'),
        struct_pack(key := 'goog-k8s-node-pool-name', value := 'pool-1')]
      ELSE [struct_pack(key := 'team', value := project), struct_pack(key := 'cost-center', value := 'c' || (r % 9))]
      END AS labels,
    [struct_pack(key := 'compute.googleapis.com/cores', value := '8')] AS system_labels,
    struct_pack(location := 'us-central1', country := 'US', region := 'us-central1', zone := '{ZONE}') AS location,
    timezone('UTC', starts + INTERVAL 5 HOUR) AS export_time,
    round(units * (1 - i * 7919 % 1000 / 1e5), 6) AS used, used * rate * CASE WHEN spot THEN 0.3 ELSE 1 END AS cost, 'USD' AS currency, 1.0::DOUBLE AS currency_conversion_rate,
    struct_pack(amount := used * 3600, unit := 'seconds', amount_in_pricing_units := used, pricing_unit := unit) AS usage,
    CASE WHEN covered THEN [struct_pack(name := 'Committed Usage Discount: CPU', full_name := '', id := 'cud',
        type := 'COMMITTED_USAGE_DISCOUNT', amount := -cost)]
      WHEN service = 'Compute Engine' AND h > 371 THEN [struct_pack(name := 'Sustained Usage Discount', full_name := '', id := 'sud',
        type := 'SUSTAINED_USAGE_DISCOUNT', amount := -0.2 * cost)]
      WHEN i % 11 = 0 THEN [struct_pack(name := 'Spending based discount', full_name := '', id := 'sbd',
        type := 'SPENDING_BASED_DISCOUNT', amount := -0.05 * cost),
        struct_pack(name := 'Promotion', full_name := '', id := 'p', type := 'PROMOTION', amount := -0.01 * cost)]
      ELSE [] END AS credits,
    struct_pack(month := '202610', publisher_type := 'GOOGLE') AS invoice, 'regular' AS cost_type,
    struct_pack(id := NULL::VARCHAR, description := NULL::VARCHAR, mode := NULL::VARCHAR, type := NULL::VARCHAR) AS adjustment_info,
    struct_pack(name := name, global_name := '//compute.googleapis.com/projects/' || project || '/zones/{ZONE}/' || path || '/'
      || CASE WHEN path = 'instance' THEN (hash(name) // 10)::VARCHAR ELSE name END) AS resource,
    struct_pack(effective_price := rate, unit := unit) AS price, cost AS cost_at_list, cost AS cost_at_list_consumption_model,
    struct_pack(id := '7754', description := 'Default') AS consumption_model, 'Google Cloud' AS seller_name,
    struct_pack(instance_id := NULL::VARCHAR) AS subscription, [] :: STRUCT(key VARCHAR, value VARCHAR)[] AS tags
"""


def generate(lines: int, folder: Path, distinct: bool = False) -> Path:
    """Write the bill's files of a million lines each."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    number = "i" if distinct else "s // 2 * 2 + s // 10"
    for part, first in enumerate(range(0, lines, PART)):
        rows = LINES.format(first=first, last=min(first + PART, lines), number=number)
        duckdb.sql(
            f"COPY (WITH rows AS ({rows}), kinds AS ({KINDS}) SELECT * EXCLUDE used FROM (SELECT {COLUMNS} FROM rows JOIN kinds USING (kind) "
            f"ORDER BY i * 2654435761 % 4294967296)) "
            f"TO '{folder}/export-{part:012}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    return folder


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]), "--distinct" in sys.argv)
    print("{}")
