"""One process that works through days of a large cluster: as burn does, or by a bare GROUP BY.

python -m benchmarks.pods make FOLDER DAYS
python -m benchmarks.pods bare FOLDER DAYS
python -m benchmarks.pods burn FOLDER DAYS [JOBS]

burn does what a run over a snapshot does between its two looks at the bill: collect, allocate, and
what findings need of each day.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn import snapshot
from burn.api import Scope, Window, schemas
from burn.plugin.chosen import Chosen
from burn.work.events import Silent

if TYPE_CHECKING:
    from burn.api import PriceFrame
    from burn.ledger.costs import Costs

NODES, PODS, WORKLOADS = 5_000, 150_000, 10_000
START = datetime(2026, 10, 1, tzinfo=UTC)
SCOPE = Scope(cluster="prod", label_keys=("team",))
CHAIN = ("share-max", "idle-by-node", "shared-weighted", "owners")


def days_of(count: int) -> list[Window]:
    """The first days of the month."""
    return [Window(START + timedelta(n), START + timedelta(n + 1)) for n in range(count)]


def make(folder: Path, days: int) -> dict[str, Any]:
    """Write the days as `burn collect` does."""
    from benchmarks.generate_cluster import observe

    for day in days_of(days):
        snapshot.write_day(folder, SCOPE, day, observe(NODES, PODS, WORKLOADS, day.start))
    return {"days": days}


def burn(folder: Path, days: int, jobs: int = 0) -> dict[str, Any]:
    """Collect and allocate: a price of 0.80 an hour for each node, through the whole chain."""
    from burn.builtin.metrics.snapshot.source import SnapshotSettings, SnapshotSource
    from burn.builtin.policies.specs import POLICIES
    from burn.findings import digest
    from burn.stages.allocate import Allocator, ToAllocate, allocate
    from burn.stages.collect import collect
    from burn.validation.observed import Observed
    from burn.work.batches import batches
    from burn.work.jobs import jobs as processes

    windows = days_of(days)
    made = SnapshotSource(SnapshotSettings(path=str(folder)))
    source = Chosen("snapshot", "burn-core", made, stored=True)
    window = Window(windows[0].start, windows[-1].end)
    collected = collect(source, SCOPE, window, Silent(), None)
    prices, costs = _priced(collected.inventory)
    specs = {spec.name: spec for spec in POLICIES}
    chain = [Chosen(n, "burn-core", specs[n].make(specs[n].settings())) for n in CHAIN]
    made = allocate(
        Allocator(chain, Observed(source, SCOPE), summarise=digest),
        ToAllocate(
            bases=("list", "effective"),
            costs=costs,
            prices=prices,
            inventory=collected.inventory,
        ),
        batches(windows, collected.rows),
        Silent(),
        processes(jobs, sum(collected.rows), max(collected.rows)),
    )
    return {
        "rows": len(made.allocation),
        "digests": sum(map(len, made.digests)),
        "cost": f"{made.allocation['cost'].sum() / 2:.2f}",
    }


def _priced(inventory: Any) -> tuple[PriceFrame, Costs]:
    import pandas as pd

    from burn.ledger.costs import Costs

    prices = inventory[["asset_id", "day"]].assign(
        quantity=24.0,
        unit="hours",
        unit_price=0.8,
        list_cost=19.2,
        currency="USD",
        price_source="benchmark",
        cpu_rate=float("nan"),
        memory_rate=float("nan"),
        gpu_rate=float("nan"),
    )
    assets = prices[["asset_id", "day"]].assign(cost=19.2)
    both = [assets.assign(basis=basis) for basis in ("list", "effective")]
    shared = pd.DataFrame(columns=["basis", "day", "driver", "cost"]).astype(
        {"day": prices["day"].dtype, "cost": "float64"}
    )
    return schemas.PRICES.validate(prices, author="benchmark"), Costs(pd.concat(both), shared)


def bare(folder: Path, days: int) -> dict[str, Any]:
    """What any tool must at least do: the larger of request and use, by day, node and workload."""
    import duckdb

    wanted = [f"{folder}/cluster=prod/day={day.start:%Y-%m-%d}" for day in days_of(days)]
    usage, pods = ([f"{day}/{name}.parquet" for day in wanted] for name in ("usage", "pods"))
    rows = duckdb.sql(
        f"""SELECT day, asset_id, namespace, workload,
              SUM(GREATEST(cpu_request, cpu_used)) AS cpu,
              SUM(GREATEST(memory_request, memory_used)) AS memory
            FROM read_parquet({usage}, hive_partitioning = false) u
            JOIN read_parquet({pods}, hive_partitioning = false) p
              ON u.pod_uid = p.pod_uid AND u.hour::DATE = p.day::DATE
            GROUP BY ALL"""
    ).df()
    return {"rows": len(rows)}


if __name__ == "__main__":
    kind, place, *numbers = sys.argv[1:]
    side: Any = {"make": make, "burn": burn, "bare": bare}[kind]
    print(json.dumps(side(Path(place), *map(int, numbers))))
