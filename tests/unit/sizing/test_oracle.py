"""The rules beside slow ones that go through every sample, one by one, as the tools do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.unit.sizing.worlds import one, row, sized

DAYS, SAMPLES, PODS = 14, 288, 3
Series = dict[tuple[str, int], list[float]]


def samples(seed: int) -> tuple[Series, Series]:
    """Cores and GiB by pod and day: a daily wave, a busy Monday, noise, and a pod that does more."""
    random = np.random.default_rng(seed)
    cpu: Series = {}
    memory: Series = {}
    for pod in range(PODS):
        for day in range(DAYS):
            wave = 1 + 0.5 * np.sin(np.linspace(0, 2 * math.pi, SAMPLES))
            busy = 2.0 if day % 7 == 3 else 1.0
            noise = random.lognormal(0, 0.3, SAMPLES)
            cpu["abc"[pod], day] = list(0.2 * (1 + pod) * wave * busy * noise)
            memory["abc"[pod], day] = list(1.0 + 0.2 * random.random(SAMPLES) * busy)
    return cpu, memory


def days_of(cpu: Series, memory: Series) -> list[dict[str, object]]:
    return [row(pod, day, cpu[pod, day], memory[pod, day]) for pod, day in cpu]


def slow_burn(cpu: Series) -> float:
    p99 = {}
    for day in range(DAYS):
        p99[day] = max(sorted(cpu[pod, day])[int(0.99 * (SAMPLES - 1))] for pod in "abc")
    whole = sum(0.5 ** ((DAYS - 1 - day) / 7) for day in p99)
    so_far = 0.0
    for day in sorted(p99, key=lambda one: p99[one]):
        so_far += 0.5 ** ((DAYS - 1 - day) / 7)
        if so_far >= 0.95 * whole:
            return p99[day] * 1.15
    raise AssertionError


def slow_krr(cpu: Series) -> float:
    tops = []
    for pod in "abc":
        every = sorted(value for day in range(DAYS) for value in cpu[pod, day])
        tops.append(every[math.ceil(0.95 * len(every)) - 1])
    return max(tops)


def slow_vpa(series: Series, first: float, *, peaks: bool) -> float:
    """A histogram with buckets of 5 %, each sample with its own weight, the end of p90's bucket."""
    buckets: dict[int, float] = {}
    for (_, day), values in series.items():
        if day < DAYS - 8:
            continue
        for at, value in enumerate([max(values)] if peaks else values):
            age = (DAYS - 1 - day) + (0 if peaks else 1 - at / SAMPLES)
            number = int(math.log(value / first * 0.05 + 1) / math.log(1.05))
            buckets[number] = buckets.get(number, 0.0) + 2.0**-age
    so_far, whole = 0.0, sum(buckets.values())
    for number in sorted(buckets):
        so_far += buckets[number]
        if so_far >= 0.9 * whole:
            return first * (1.05 ** (number + 1) - 1) / 0.05 * 1.15
    raise AssertionError


@pytest.mark.parametrize("seed", range(5))
def test_rules_agree_with_going_through_every_sample(seed: int) -> None:
    """Burn's exactly, but for how a quantile lies between two samples; the others from days, whose hours weigh alike."""
    cpu, memory = samples(seed)
    sizes = sized(days_of(cpu, memory))
    top = max(max(values) for values in memory.values())
    assert one(sizes)["cpu_request_new"] == pytest.approx(slow_burn(cpu), rel=0.02)
    assert one(sizes)["memory_request_new"] == pytest.approx(top * 1.15)
    krr = one(sizes, "krr")
    assert krr["cpu_request_new"] == pytest.approx(slow_krr(cpu), rel=0.08)
    assert krr["memory_request_new"] == krr["memory_limit_new"] == pytest.approx(top * 1.15)
    vpa = one(sizes, "vpa")
    assert vpa["cpu_request_new"] == pytest.approx(slow_vpa(cpu, 0.01, peaks=False), rel=0.15)
    mb10 = 1e7 / 2**30
    assert vpa["memory_request_new"] == pytest.approx(slow_vpa(memory, mb10, peaks=True), rel=0.051)
    last = [max(cpu[pod, day]) for pod in "abc" for day in (DAYS - 2, DAYS - 1)]
    assert one(sizes, "kubecost")["cpu_request_new"] == pytest.approx(max(last) / 0.7)


def test_kills_floors_and_limits_of_the_others() -> None:
    """KRR: 10m and 100 MB; VPA: 25m and 250 MiB a pod, here of two containers, a kill as a sample."""
    rows = [
        row("a", day, 0.001, 0.01, container, memory_limit=8.0)
        for day in range(DAYS)
        for container in ("main", "side")
    ]
    sizes = sized(rows)
    krr, vpa, kubecost = (one(sizes, name) for name in ("krr", "vpa", "kubecost"))
    assert (krr["cpu_request_new"], krr["memory_request_new"]) == (0.01, pytest.approx(1e8 / 2**30))
    assert vpa["memory_request_new"] == pytest.approx(125 / 1024)
    assert vpa["cpu_request_new"] == pytest.approx(max(0.0115, 0.0125))
    assert vpa["memory_limit_new"] == pytest.approx(8 * vpa["memory_request_new"] / 4)
    assert (kubecost["cpu_request_new"], kubecost["memory_request_new"]) == (0.01, 20 / 1024)
    killed = [{**one_row, "oom_kills": 1.0} for one_row in rows]
    bumped = one(sized(killed), "vpa")["memory_request_new"]
    assert 4 * 1.2 * 1.15 <= bumped <= 4 * 1.2 * 1.15 * 1.05 * 1.001


def test_mixtures_of_steady_days_are_exact() -> None:
    """One day of 14 at 1.5 cores is 7 % of all: the 95th percentile is 1.5, the 90th is not."""
    rows = [row("a", day, 1.5 if day == 0 else 0.3, 1.0) for day in range(DAYS)]
    assert one(sized(rows), "krr")["cpu_request_new"] == pytest.approx(1.5)
    rows = [row("a", day, 1.5 if day == DAYS - 9 else 0.3, 1.0) for day in range(DAYS)]
    assert one(sized(rows), "vpa")["cpu_request_new"] < 0.3 * 1.15 * 1.06
