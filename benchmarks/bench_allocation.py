"""How long, and how much memory, a day of allocation takes; 5,000 nodes and 150,000 pods.

    python benchmarks/bench_allocation.py --nodes 5000 --pods 150000 --days 2

The yardstick is one bare DuckDB GROUP BY of the same pod-hours to workload × node, in the same
process: what has to be paid to look at the data at all.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import duckdb  # noqa: TID253
import numpy as np  # noqa: TID253
import pandas as pd  # noqa: TID253

from burn.api import AllocationPolicySpec, Observation, Window, schemas
from burn.builtin.policies.specs import POLICIES
from burn.events import Silent
from burn.ledger.costs import Costs
from burn.plan import Chosen
from burn.stages.allocate import allocate

T = TypeVar("T")
HOURS = 24
START = datetime(2026, 10, 1, tzinfo=UTC)
CHAIN = ("share-max", "idle-by-node", "shared-weighted", "owners")


def text(codes: np.ndarray, categories: list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(categories))


def observe(
    nodes: int, pods: int, workloads: int, day: datetime, *, categories: bool
) -> Observation:
    """One day: every pod runs all day on one node, 30 pods on a node."""
    random = np.random.default_rng(7)
    node_ids = [f"node/aws:///us-east-1a/i-{n:017x}" for n in range(nodes)]
    pod_ids = [f"{p:08x}-aaaa-bbbb-cccc-{p:012x}" for p in range(pods)]
    midnight = pd.Timestamp(day)
    hours = pd.date_range(midnight, periods=HOURS, freq="h")
    inventory = pd.DataFrame(
        {
            "asset_id": node_ids,
            "day": midnight,
            "kind": "node",
            "cluster": "prod",
            "name": node_ids,
            "cpu_cores": 16.0,
            "cpu_allocatable": 15.5,
            "memory_gib": 64.0,
            "memory_allocatable": 60.0,
            "hours": 24.0,
        }
    )
    for column in schemas.INVENTORY.columns:
        if column.name not in inventory:
            inventory[column.name] = "" if column.kind == "string" else 0.0
    presence = pd.DataFrame(
        {
            "asset_id": text(np.repeat(np.arange(nodes), HOURS), node_ids),
            "hour": np.tile(hours, nodes),
            "hours": 1.0,
        }
    )
    workload = random.integers(0, workloads, pods)
    namespaces = [f"team-{n}" for n in range(200)] + ["kube-system"]
    frame = pd.DataFrame(
        {
            "pod_uid": pod_ids,
            "day": midnight,
            "cluster": "prod",
            "namespace": text(workload % len(namespaces), namespaces),
            "pod": pod_ids,
            "workload_kind": "Deployment",
            "workload": text(workload, [f"app-{n}" for n in range(workloads)]),
            "labels": text(workload % 50, [f'{{"team":"team-{n}"}}' for n in range(50)]),
        }
    )
    rows = pods * HOURS
    usage = pd.DataFrame(
        {
            "pod_uid": text(np.repeat(np.arange(pods), HOURS), pod_ids),
            "asset_id": text(np.repeat(np.arange(pods) % nodes, HOURS), node_ids),
            "hour": np.tile(hours, pods),
            "hours": 1.0,
            "cpu_request": 0.4,
            "cpu_used": random.exponential(0.3, rows),
            "memory_request": 1.5,
            "memory_used": random.exponential(1.0, rows),
        }
    )
    for column in schemas.USAGE.columns:
        if column.name not in usage:
            usage[column.name] = 0.0
    if not categories:
        usage = usage.astype({"pod_uid": "str", "asset_id": "str"})
    return Observation(
        inventory=schemas.INVENTORY.validate(inventory, author="bench"),
        presence=schemas.PRESENCE.validate(presence, author="bench"),
        pods=schemas.PODS.validate(frame, author="bench"),
        usage=usage[schemas.USAGE.names],
        mounts=schemas.MOUNTS.empty(),
    )


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    began, cpu = time.perf_counter(), time.process_time()
    made = work()
    seconds = time.perf_counter() - began
    cpu = time.process_time() - cpu
    print(f"{name:<34} {seconds:8.2f} s   cpu {cpu:6.2f} s   peak {peak():6.2f} GiB")
    return made, seconds


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def yardstick(day: Observation) -> pd.DataFrame:
    usage, pods = day.usage[["pod_uid", "asset_id", "cpu_request", "cpu_used"]], day.pods  # noqa: F841
    return duckdb.sql(
        """SELECT asset_id, namespace, workload, sum(greatest(cpu_request, cpu_used))
           FROM usage JOIN pods USING (pod_uid) GROUP BY ALL"""
    ).df()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=5_000)
    parser.add_argument("--pods", type=int, default=150_000)
    parser.add_argument("--workloads", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--strings", action="store_true", help="plain text instead of categories")
    args = parser.parse_args()

    days = [Window(START + timedelta(n), START + timedelta(n + 1)) for n in range(args.days)]
    seen, _ = timed(
        "observe (made up, not burn's time)",
        lambda: observe(args.nodes, args.pods, args.workloads, START, categories=not args.strings),
    )
    size = seen.usage.memory_usage(deep=True).sum() / 1024**3
    print(f"{'usage frame':<34} {len(seen.usage):,} rows, {size:.2f} GiB")
    by_day = pd.concat([seen.inventory.assign(day=pd.Timestamp(d.start)) for d in days])
    prices = schemas.PRICES.validate(
        by_day[["asset_id", "day"]].assign(
            quantity=24.0,
            unit="hours",
            unit_price=0.8,
            list_cost=19.2,
            currency="USD",
            price_source="bench",
            cpu_rate=np.nan,
            memory_rate=np.nan,
            gpu_rate=np.nan,
        ),
        author="bench",
    )
    bases = ("list", "effective")
    assets = prices[["asset_id", "day"]].assign(cost=19.2)
    shared = pd.DataFrame({"day": [pd.Timestamp(d.start) for d in days], "driver": "control_plane"})
    costs = Costs(
        assets=pd.concat([assets.assign(basis=basis) for basis in bases]),
        shared=pd.concat([shared.assign(basis=basis, cost=2.4) for basis in bases]),
    )
    specs: dict[str, AllocationPolicySpec] = {spec.name: spec for spec in POLICIES}

    def run(names: tuple[str, ...]) -> pd.DataFrame:
        chain = [Chosen(n, "burn-core", specs[n].make(specs[n].settings())) for n in names]
        return allocate(chain, bases, costs, prices, lambda _: seen, days, Silent(), None, by_day)

    _, bare = timed("yardstick: DuckDB GROUP BY, a day", lambda: yardstick(seen))
    for names in (CHAIN[:1], CHAIN):
        out, seconds = timed(" > ".join(names)[:34], lambda names=names: run(names))
        a_day = seconds / args.days
        total = out.groupby("basis", observed=True)["cost"].sum().round(6).to_dict()
        print(f"{'':<34} {a_day:8.2f} s a day, {a_day / bare:.1f} × yardstick, {len(out):,} rows")
        print(f"{'':<34} {total}")


if __name__ == "__main__":
    main()
