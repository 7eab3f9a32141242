"""The shop in August and September 2026: October's, less what came since. What `burn diff` has to name.

Until the end of September Kubernetes was in standard support, the agreement gave 5 % instead of 7 %,
and search had 300 GiB volumes all month; the recommendations and their GPU node came on 16 September.
August had no data jobs at night, so no spot nodes for them. What containers use was not told yet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from tests.lab.shop import shop
from tests.lab.shop_account import BOOT, DAY, HOUR
from tests.lab.things import Discounts, Interval, Node, Volume, World

GPU_CAME = 15 * DAY
"""Seconds into September."""


def august() -> World:
    """Before the GPU node and the nightly jobs."""
    return _earlier(8, 31, without=("load-test", "gpu", "nightly"))


def september() -> World:
    """With the GPU node of the 16th."""
    world = _earlier(9, 30, without=("load-test",))
    nodes = tuple(_since(node) if node.pool == "gpu" else node for node in world.nodes)
    came = {node.name: node.seen for node in nodes if node.pool == "gpu"}
    pods = tuple(
        replace(pod, alive=(max(pod.alive[0], seen[0] + BOOT), pod.alive[1]))
        if (seen := came.get(pod.node))
        else pod
        for pod in world.pods
    )
    return replace(world, nodes=nodes, pods=pods)


def _earlier(month: int, days: int, *, without: tuple[str, ...]) -> World:
    """October's world in a month of so many days, without some pools of nodes and their pods."""
    world = shop()
    end = days * DAY
    nodes = tuple(n for n in world.nodes if n.pool not in without and n.seen and n.billed[0] < end)
    names = {node.name for node in nodes}
    pods = tuple(pod for pod in world.pods if pod.node in names and pod.alive[0] < end)
    return replace(
        world,
        start=datetime(2026, month, 1, tzinfo=UTC),
        hours=days * DAY // HOUR,
        nodes=nodes,
        pods=tuple(replace(pod, alive=_until(pod.alive, end)) for pod in pods),
        volumes=tuple(_small(volume, end) for volume in world.volumes),
        balancers=tuple(
            replace(one, billed=_until(one.billed, end), seen=one.seen and _until(one.seen, end))
            for one in world.balancers
        ),
        discounts=Discounts(edp=Decimal("0.05"), style="both"),
        extended_support=False,
        workloads=(),
    )


def _since(node: Node) -> Node:
    assert node.seen
    return replace(node, billed=(GPU_CAME, node.billed[1]), seen=(GPU_CAME + BOOT, node.seen[1]))


def _small(volume: Volume, end: int) -> Volume:
    """As it was first, all month."""
    seen = volume.seen and _until(volume.seen, end)
    return replace(volume, sizes=((0, end, volume.sizes[0][2]),), seen=seen)


def _until(interval: Interval, end: int) -> Interval:
    return interval[0], min(interval[1], end)
