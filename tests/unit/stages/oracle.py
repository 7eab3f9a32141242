"""The truth, found the slow way: walk the log of events and pay each second as it passes.

Nothing here knows hours, shares of days, or burn's frames. Seconds between two events are alike,
so they are paid in one go; `every` walks them one by one, to prove that this changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from tests.unit.stages.builders import DAY, HOUR, Asset, Run, World

# The stated rule: what a core, a GiB and a GPU weigh in a node's price.
WEIGHTS = {"cpu": 0.031611, "memory": 0.004237, "gpu": 0.95}


def truth(world: World, start: int = 0, end: int = DAY, *, every: bool = False) -> dict[str, float]:
    """Who pays what in [start, end): workloads by name, else idle, system, shared."""
    paid: dict[str, float] = defaultdict(float)
    for second, length in _steps(world, start, end, every):
        day = second // DAY
        paid["shared"] += world.shared * length / HOUR
        running = [run for run in world.runs if run.start <= second < run.end]
        for asset in world.assets:
            if asset.start <= second < asset.end:
                money = asset.price(day) * length / HOUR
                if asset.kind == "node":
                    mine = [run for run in running if run.node == asset.name]
                    _pay_node(paid, asset, mine, money)
                elif asset.kind == "volume":
                    mine = [run for run in running if asset.name in run.mounts]
                    _pay_volume(paid, asset, mine, money)
                else:
                    paid[asset.owner if asset.namespace else "idle"] += money
    return {name: cost for name, cost in paid.items() if abs(cost) > 1e-9}


def _steps(world: World, start: int, end: int, every: bool) -> list[tuple[int, int]]:
    if every:
        return [(second, 1) for second in range(start, end)]
    events = {start, end, *range(start - start % DAY + DAY, end, DAY)}
    for thing in (*world.assets, *world.runs):
        events |= {thing.start, thing.end}
    inside = sorted(second for second in events if start <= second <= end)
    return [(a, b - a) for a, b in pairwise(inside)]


def _pay_node(paid: dict[str, float], node: Asset, pods: list[Run], money: float) -> None:
    sizes = {"cpu": node.cpu, "memory": node.memory, "gpu": (node.gpus, node.gpus)}
    weight = {name: WEIGHTS[name] * size[0] for name, size in sizes.items()}
    for name, (capacity, allocatable) in sizes.items():
        if not capacity:
            continue
        left = price = money * weight[name] / sum(weight.values())
        held = [_held(pod, name) for pod in pods]
        squeeze = min(1.0, allocatable / sum(held)) if sum(held) else 1.0
        for pod, amount in zip(pods, held, strict=True):
            share = price * amount * squeeze / capacity
            paid[pod.workload or pod.uid] += share
            left -= share
        system = price * (capacity - allocatable) / capacity
        paid["system"] += system
        paid["idle"] += left - system


def _held(pod: Run, resource: str) -> float:
    if resource == "cpu":
        return max(pod.cpu, pod.cpu_used)
    return max(pod.memory, pod.memory_used) if resource == "memory" else pod.gpu


def _pay_volume(paid: dict[str, float], volume: Asset, pods: list[Run], money: float) -> None:
    for pod in pods:
        paid[pod.workload or pod.uid] += money / len(pods)
    if not pods:
        paid[volume.owner if volume.namespace else "idle"] += money
