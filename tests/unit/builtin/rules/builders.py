"""Small worlds for findings: observed days, bills and ledgers made by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from burn import findings
from burn.api import Coverage, Finding, Observation, schemas
from burn.api.vocabulary import OBSERVABLE
from burn.findings import FindRequest, Thresholds, combine
from tests.lab.chosen import own_rules
from tests.unit.view import builders

START = datetime(2026, 10, 1, tzinfo=UTC)


def frame(schema: Any, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows of a schema; what is not said is empty, 0, false, or null where null is allowed."""
    empty = {"string": "", "float": 0.0, "int": 0, "bool": False, "timestamp": START}
    base = {c.name: math.nan if c.null else empty[c.kind] for c in schema.columns}
    made = pd.DataFrame([base | row for row in rows], columns=schema.names)
    if made.empty:
        return schema.empty()
    return schema.validate(made, author="test")


def bill(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    base = {"in_cluster": True, "charge_category": "Usage", "x_lines": 1, "billing_currency": "USD"}
    return frame(schemas.BILL, [base | row for row in rows])


def node(name: str, day: int = 0, **more: Any) -> dict[str, Any]:
    base = {
        "asset_id": f"node/{name}",
        "day": START + timedelta(days=day),
        "kind": "node",
        "name": name,
        "owner_name": "pool",
        "arch": "amd64",
        "zone": "z-a",
        "cpu_allocatable": 4.0,
        "memory_allocatable": 16.0,
        "hours": 24.0,
    }
    return base | more


def pod(uid: str, workload: str, day: int = 0, **more: Any) -> dict[str, Any]:
    base = {
        "pod_uid": uid,
        "day": START + timedelta(days=day),
        "namespace": "shop",
        "pod": uid,
        "workload_kind": "Deployment",
        "workload": workload,
        "labels": "{}",
    }
    return base | more


def use(uid: str, on: str, hour: int, day: int = 0, **more: Any) -> dict[str, Any]:
    base = {
        "pod_uid": uid,
        "asset_id": f"node/{on}",
        "hour": START + timedelta(days=day, hours=hour),
        "hours": 1.0,
    }
    return base | more


def observation(
    nodes: Sequence[dict[str, Any]],
    pods: Sequence[dict[str, Any]],
    usage: Sequence[dict[str, Any]],
    mounts: Sequence[dict[str, Any]] = (),
) -> Observation:
    return Observation(
        inventory=frame(schemas.INVENTORY, nodes),
        presence=schemas.PRESENCE.empty(),
        pods=frame(schemas.PODS, pods),
        usage=frame(schemas.USAGE, usage),
        mounts=frame(schemas.MOUNTS, mounts),
    )


def inputs(**parts: Any) -> FindRequest:
    """Inputs where everything not given is empty, of metrics that could have shown all."""
    known: dict[str, Any] = {
        "ledger": builders.ledger(parts.pop("ledger", [])),
        "bill": bill(parts.pop("bill", [])),
        "prices": builders.prices(parts.pop("prices", [])),
        "allocation": builders.allocation(parts.pop("allocation", [])),
        "usage": combine(parts.pop("digests", [])),
        "hours": 730,
        "thresholds": Thresholds(),
        "coverage": Coverage(sees=dict.fromkeys(OBSERVABLE, True)),
    }
    return FindRequest(**(known | parts))


OWN = own_rules()


def find(request: FindRequest) -> tuple[Finding, ...]:
    """What burn's own rules find."""
    return findings.find(request, OWN)
