"""How long, and how much memory, a day of allocation takes; 5,000 nodes and 150,000 pods.

    python benchmarks/bench_allocation.py --nodes 5000 --pods 150000 --days 2

Days are made up in a process of their own, stored as `burn collect` stores them, and read back one
at a time. The yardstick is one bare DuckDB GROUP BY of a stored day to workload × node, in the
same process: what it costs to look at the data at all.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import duckdb  # noqa: TID253
import numpy as np  # noqa: TID253
import pandas as pd  # noqa: TID253

from burn.api import Observation, Scope, Window, schemas
from burn.builtin.policies.specs import POLICIES
from burn.events import Silent
from burn.ledger.costs import Costs
from burn.plan import Chosen
from burn.snapshot import read_day, write_day
from burn.stages.allocate import allocate

T = TypeVar("T")
HOURS = 24
START = datetime(2026, 10, 1, tzinfo=UTC)
CHAIN = ("share-max", "idle-by-node", "shared-weighted", "owners")


def names(nodes: int) -> list[str]:
    return [f"node/cloud:///zone-a/i-{n:017x}" for n in range(nodes)]


def text(codes: np.ndarray, categories: list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(categories))


def observe(nodes: int, pods: int, workloads: int, day: datetime) -> Observation:
    """One day: every pod runs all day on one node, 30 pods on a node."""
    random = np.random.default_rng(7)
    node_ids = names(nodes)
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
    return Observation(
        inventory=schemas.INVENTORY.validate(inventory, author="bench"),
        presence=schemas.PRESENCE.validate(presence, author="bench"),
        pods=schemas.PODS.validate(frame, author="bench"),
        usage=usage[schemas.USAGE.names],
        mounts=schemas.MOUNTS.empty(),
    )


def prepare(root: Path, args: argparse.Namespace) -> None:
    for day in days_of(args):
        seen = observe(args.nodes, args.pods, args.workloads, day.start)
        write_day(root, Scope(), day, seen)


def days_of(args: argparse.Namespace) -> list[Window]:
    return [Window(START + timedelta(n), START + timedelta(n + 1)) for n in range(args.days)]


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    began, cpu = time.perf_counter(), time.process_time()
    made = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{name:<36} {seconds:7.2f} s   cpu {cpu:7.2f} s   peak {peak:5.2f} GiB")
    return made, cpu


def yardstick(root: Path) -> int:
    usage, pods = (next(root.rglob(f"{name}.parquet")) for name in ("usage", "pods"))
    return len(
        duckdb.sql(
            f"""SELECT asset_id, namespace, workload, sum(greatest(cpu_request, cpu_used))
                FROM '{usage}' JOIN '{pods}' USING (pod_uid) GROUP BY ALL"""
        ).df()
    )


def measure(root: Path, args: argparse.Namespace) -> None:
    days = days_of(args)
    midnights = [pd.Timestamp(day.start) for day in days]
    _, bare = timed("yardstick: GROUP BY of one day", lambda: yardstick(root))
    inventory = pd.concat([read_day(root, None, day).inventory for day in days])
    prices = inventory[["asset_id", "day"]].assign(
        quantity=24.0, unit="hours", unit_price=0.8, list_cost=19.2, currency="USD",
        price_source="bench", cpu_rate=np.nan, memory_rate=np.nan, gpu_rate=np.nan,
    )  # fmt: skip
    assets = prices[["asset_id", "day"]].assign(cost=19.2)
    shared = pd.DataFrame({"day": midnights, "driver": "control_plane", "cost": 2.4})
    bases = ("list", "effective")
    costs = Costs(
        assets=pd.concat([assets.assign(basis=basis) for basis in bases]),
        shared=pd.concat([shared.assign(basis=basis) for basis in bases]),
    )
    specs = {spec.name: spec for spec in POLICIES}

    def run(policies: tuple[str, ...]) -> pd.DataFrame:
        chain = [Chosen(n, "burn-core", specs[n].make(specs[n].settings())) for n in policies]
        read = partial(read_day, root, None)
        return allocate(chain, bases, costs, prices, read, days, Silent(), None, inventory)

    _, reading = timed(
        "reading the days", lambda: [len(read_day(root, None, d).usage) for d in days]
    )
    for policies in (CHAIN[:1], CHAIN):
        out, cpu = timed(f"{' > '.join(policies)[:36]}", lambda policies=policies: run(policies))
        own = (cpu - reading) / args.days
        print(f"{'':<36} {own:7.2f} s of cpu a day without reading, {own / bare:.1f} × yardstick")
        sums = out.groupby("basis", observed=True)["cost"].sum().round(6).to_dict()
        print(f"{'':<36} {len(out):,} rows, {sums}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=5_000)
    parser.add_argument("--pods", type=int, default=150_000)
    parser.add_argument("--workloads", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.prepare:
        prepare(args.prepare, args)
        return
    with tempfile.TemporaryDirectory(prefix="burn-bench-") as folder:
        again = [sys.executable, __file__, *sys.argv[1:], "--prepare", folder]
        subprocess.run(again, check=True)
        measure(Path(folder), args)


if __name__ == "__main__":
    main()
