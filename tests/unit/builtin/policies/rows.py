"""Allocation rows by hand, for policies that look at nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd

from burn.api import AllocationFrame, ApplyRequest, Observation, schemas
from burn.builtin.policies.specs import POLICIES

MIDNIGHT = datetime(2026, 10, 1, tzinfo=UTC)
NOTHING_SEEN = Observation(
    inventory=schemas.INVENTORY.empty(),
    presence=schemas.PRESENCE.empty(),
    pods=schemas.PODS.empty(),
    usage=schemas.USAGE.empty(),
    mounts=schemas.MOUNTS.empty(),
)


def row(namespace: str, cost: float, **more: Any) -> dict[str, Any]:
    """A direct CPU cost of workload `app` on node `n1` unless told otherwise; `kind` tells."""
    nobody = not namespace
    return {
        "basis": "list",
        "day": MIDNIGHT,
        "asset_id": "node/n1",
        "cluster": "c",
        "namespace": namespace,
        "workload_kind": "" if nobody else "Deployment",
        "workload": "" if nobody else "app",
        "owner": "",
        "dimensions": "{}",
        "labels": "{}",
        "resource": "cpu",
        "kind": "idle" if nobody else "direct",
        "cost": cost,
    } | more


def overhead(driver: str, cost: float, **more: Any) -> dict[str, Any]:
    """Cost that belongs to no asset."""
    return row("", cost, asset_id="", resource=driver, kind="shared", **more)


def frame(*rows: dict[str, Any]) -> AllocationFrame:
    return schemas.ALLOCATION.validate(pd.DataFrame(list(rows)), author="test")


def asked(allocation: AllocationFrame, observed: Observation) -> ApplyRequest:
    return ApplyRequest(allocation=allocation, observed=observed)


def applied(policy: str, *rows: dict[str, Any], **settings: Any) -> pd.DataFrame:
    """What a built-in policy makes of the rows, validated and with its sum checked."""
    spec = {spec.name: spec for spec in POLICIES}[policy]
    before = frame(*rows)
    after = spec.make(spec.settings(**settings)).apply(asked(before, NOTHING_SEEN))
    checked = schemas.ALLOCATION.validate(after, author="test")
    assert abs(checked["cost"].sum() - before["cost"].sum()) < 1e-9
    return checked


def by(rows: pd.DataFrame, *keys: str) -> dict[Any, float]:
    """Cost by these columns, without zeros."""
    text = rows.astype(dict.fromkeys(keys, "str"))
    sums = text.groupby(list(keys) if len(keys) > 1 else keys[0])["cost"].sum()
    return {key: cost for key, cost in sums.items() if cost}
