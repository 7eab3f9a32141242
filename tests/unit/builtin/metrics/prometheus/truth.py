"""The oracle: walks the event log second by second. Shares no formula with the code under test."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.builtin.metrics.prometheus.world import Pod

SECONDS = 86400


@dataclass
class Held:
    """What a pod held over the day."""

    hours: float = 0.0
    by_hour: dict[int, float] = field(default_factory=dict)
    amounts: dict[str, float] = field(default_factory=dict)
    """Resource → unit-hours."""


def seconds_of(start: float, end: float) -> float:
    """Hours of the day that a thing was there."""
    return sum(1 for second in range(SECONDS) if start <= second < end) / 3600


def held(pod: Pod) -> Held:
    """Second by second: is it there, and what does the scheduler count for it?"""
    out = Held()
    for second in range(max(0, int(pod.start)), min(SECONDS, int(pod.end) + 1)):
        if not pod.alive(second):
            continue
        hour = second // 3600
        out.by_hour[hour] = out.by_hour.get(hour, 0.0) + 1 / 3600
        out.hours += 1 / 3600
        for resource, amount in scheduled(pod, second).items():
            out.amounts[resource] = out.amounts.get(resource, 0.0) + amount / 3600
    return out


def scheduled(pod: Pod, second: float) -> dict[str, float]:
    """The request the scheduler holds for a pod at one second."""
    asks = pod.asks(second)
    resources = {r for part in (*asks.values(), *pod.init.values(), pod.overhead) for r in part}
    total = {}
    for resource in resources:
        running = sum(asked.get(resource, 0) for asked in asks.values())
        biggest = 0.0
        for name, asked in pod.init.items():
            if name in pod.sidecars:
                running += asked.get(resource, 0)
            elif asked.get(resource, 0) > biggest:
                biggest = asked[resource]
        total[resource] = (running if running > biggest else biggest) + pod.overhead.get(
            resource, 0
        )
    return total
