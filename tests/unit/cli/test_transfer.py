"""`transfer-by-bytes` on the sample: against the ledger, which knows nothing of who sent what."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import Result

Burn = Callable[..., Result]


def test_traffic_goes_to_pods_and_no_cent_is_lost(burn: Burn) -> None:
    sample = ("run", "--provider", "aws", "--sample", "--quiet", "--no-keep", "--format", "json")
    made: list[dict[str, Any]] = [
        json.loads(burn(*sample, "--set", f"run.policies={chain}").stdout)
        for chain in ("share-max", "transfer-by-bytes,share-max", "share-max,transfer-by-bytes")
    ]
    sums: list[dict[tuple[str, str], float]] = []
    for report in made:
        by: defaultdict[tuple[str, str], float] = defaultdict(float)
        for row in report["allocation"]:
            by[row["basis"], row["day"]] += row["cost"]
        sums.append(dict(by))
    assert sums[1] == pytest.approx(sums[0], abs=1e-3)
    assert sums[2] == pytest.approx(sums[0], abs=1e-3)
    ledger = dict.fromkeys(("data_transfer", "nat"), 0.0)
    for row in made[1]["ledger"]:
        if row["driver"] in ledger:
            ledger[row["driver"]] += row["amount"]
    for report in made[1:]:
        given = defaultdict(float)
        for row in report["allocation"]:
            if row["basis"] == "effective" and row["namespace"]:
                given[row["resource"]] += row["cost"]
        assert given["network"] == pytest.approx(ledger["data_transfer"], abs=0.01)
        assert given["nat"] == pytest.approx(ledger["nat"], abs=0.01)
    # At list price there is no traffic to give.
    listed = [
        sorted(
            (r["namespace"], r["workload"], r["cost"])
            for r in m["allocation"]
            if r["basis"] == "list"
        )
        for m in made[:2]
    ]
    assert listed[0] == listed[1]
