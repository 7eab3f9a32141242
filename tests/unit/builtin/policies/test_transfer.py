"""What traffic cost goes by bytes of the day, against sums made row by row in fractions."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from burn.api import Observation, schemas
from burn.builtin.policies.specs import POLICIES
from burn.testing.tiny import _fill as filled
from tests.unit.builtin.policies.rows import MIDNIGHT, asked, frame, overhead, row

POLICY = next(spec for spec in POLICIES if spec.name == "transfer-by-bytes")
DAYS = (MIDNIGHT, MIDNIGHT + timedelta(days=1))
Bytes = dict[tuple[Any, str, str], tuple[float, float]]
"""GiB sent and received by day, node and pod; a pod is its own workload in namespace `ns-POD`."""


def network(node: str, cost: float, **more: Any) -> dict[str, Any]:
    """What traffic cost a node, as the chain starts."""
    return row("", cost, asset_id=f"node/{node}", resource="network", kind="unallocated", **more)


def seen(moved: Bytes) -> Observation:
    """Each pod's bytes in two hours of its day, as hours are what sources give."""
    nodes = sorted({(day, node) for day, node, _ in moved})
    pods = sorted({(day, pod) for day, _, pod in moved})
    usage = [
        {"pod_uid": pod, "asset_id": f"node/{node}", "hour": day + timedelta(hours=hour)}
        | {"hours": 1.0, "network_transmit": sent * part, "network_receive": received * part}
        for (day, node, pod), (sent, received) in moved.items()
        for hour, part in ((3, 0.25), (19, 0.75))
    ]
    about = {"cluster": "c", "workload_kind": "Deployment", "labels": "{}"}
    assets = [
        {"asset_id": f"node/{node}", "day": day, "kind": "node", "name": node, "cluster": "c"}
        for day, node in nodes
    ]
    named = [
        {"pod_uid": pod, "day": day, "pod": pod, "namespace": f"ns-{pod}", "workload": pod} | about
        for day, pod in pods
    ]
    return Observation(
        inventory=schemas.INVENTORY.validate(filled(assets, schemas.INVENTORY), author="test"),
        presence=schemas.PRESENCE.empty(),
        pods=schemas.PODS.validate(filled(named, schemas.PODS), author="test"),
        usage=schemas.USAGE.validate(filled(usage, schemas.USAGE), author="test"),
        mounts=schemas.MOUNTS.empty(),
    )


def applied(observed: Observation, *rows: dict[str, Any]) -> pd.DataFrame:
    made = POLICY.make(POLICY.settings()).apply(asked(frame(*rows), observed))
    return schemas.ALLOCATION.validate(made, author="test")


def costs(rows: pd.DataFrame) -> dict[tuple[Any, ...], float]:
    """By basis, day, asset, resource and namespace; without what is nothing."""
    keys = ["basis", "day", "asset_id", "resource", "namespace"]
    text = rows.astype({key: "str" for key in keys if key != "day"})
    return {key: cost for key, cost in text.groupby(keys)["cost"].sum().items() if cost}


@pytest.mark.parametrize("seed", range(20))
def test_each_row_by_itself(seed: int) -> None:
    dice = random.Random(seed)
    moved: Bytes = {
        (day, node, f"p{pod}"): (dice.choice([0.0, 1.5, 7.0]), dice.choice([0.0, 2.5]))
        for day in DAYS
        for node in ("a", "b", "c")
        for pod in range(4)
        if dice.random() < 0.6
    }
    start: list[dict[str, Any]] = []
    for basis in ("list", "effective"):
        for day in DAYS:
            at = {"basis": basis, "day": day}
            for node in ("a", "b", "c"):
                start += [
                    row("", dice.uniform(1, 9), asset_id=f"node/{node}", resource=of, **at)
                    | {"kind": "unallocated"}
                    for of in ("cpu", "memory")
                ]
                start.append(network(node, dice.uniform(0, 5), **at))
            start += [overhead("nat", 4.25, **at), overhead("data_transfer", 2.75, **at)]
            start.append(overhead("control_plane", 2.4, **at))
    wanted: defaultdict[tuple[Any, ...], Fraction] = defaultdict(Fraction)
    for one in start:
        day, basis, cost = one["day"], one["basis"], Fraction(one["cost"])
        key = (basis, day, one["asset_id"], one["resource"])
        node = one["asset_id"].removeprefix("node/")
        # Who may take it, with its bytes.
        takers: list[tuple[str, Fraction]] = []
        for (on, where, pod), (sent, received) in moved.items():
            if on != day or one["resource"] not in ("network", "nat", "data_transfer"):
                continue
            if node and where != node:
                continue
            both = one["resource"] == "nat"
            takers.append((f"ns-{pod}", Fraction(sent) + (Fraction(received) if both else 0)))
        total = sum(size for _, size in takers)
        if total:
            for who, size in takers:
                wanted[(*key, who)] += cost * size / total
        elif one["resource"] == "network":
            mine = [
                other
                for other in start
                if (other["basis"], other["day"], other["asset_id"]) == key[:3]
                and other["resource"] in ("cpu", "memory")
            ]
            price = sum(Fraction(other["cost"]) for other in mine)
            for other in mine:
                part = Fraction(other["cost"]) / price
                wanted[(*key[:3], other["resource"], "")] += cost * part
        else:
            wanted[(*key, "")] += cost
    found = costs(applied(seen(moved), *start))
    assert found == pytest.approx({k: float(v) for k, v in wanted.items() if v}, abs=1e-9)


def test_a_node_that_has_nothing_but_traffic_keeps_it() -> None:
    found = applied(seen({(DAYS[0], "a", "p"): (0.0, 5.0)}), network("a", 3.0))
    assert costs(found) == {("list", DAYS[0], "node/a", "network", ""): 3.0}


def test_it_gives_the_same_after_a_share_policy() -> None:
    """Cost that has owners already takes back what no pod sent, each its part."""
    rows = [row("shop", 6.0, asset_id="node/a"), row("", 2.0, asset_id="node/a")]
    found = costs(applied(seen({(DAYS[0], "a", "p"): (0.0, 0.0)}), *rows, network("a", 4.0)))
    assert {key[-1]: cost for key, cost in found.items()} == {"shop": 9.0, "": 3.0}
