"""Burn's rule, by hand: each number here was worked out on paper from the rule as it is documented."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.unit.sizing.worlds import one, row, scaled, sized


def week(
    cpu: float = 0.4, memory: float = 1.0, days: int = 7, **more: object
) -> list[dict[str, object]]:
    return [row("a", number, cpu, memory, **more) for number in range(days)]


def test_steady_use_and_headroom() -> None:
    """0.4 cores and 1 GiB, with 15 % on top."""
    found = one(sized(week()))
    assert (found["cpu_request_new"], found["memory_request_new"]) == pytest.approx((0.46, 1.15))
    assert found["days"] == 7


def test_less_than_a_week_is_silent() -> None:
    sizes = sized(week(days=6))
    assert "burn" not in set(sizes["preset"])
    assert "krr" in set(sizes["preset"])


def test_days_before_whole_weeks_do_not_count() -> None:
    """Of ten days the newest seven: the peak of the first day is of a weekday that would count twice."""
    rows = [row("a", number, 3.0 if number == 0 else 0.4, 1.0) for number in range(10)]
    assert one(sized(rows))["cpu_request_new"] == pytest.approx(0.46)


def test_the_busiest_replica_counts() -> None:
    rows = [*week(), *(row("b", number, 0.6, 2.0) for number in range(7))]
    found = one(sized(rows))
    assert (found["cpu_request_new"], found["memory_request_new"]) == pytest.approx((0.69, 2.3))
    assert found["replicas"] == 2


@pytest.mark.parametrize(("at", "expected"), [(0, 0.46), (13, 1.15)])
def test_an_old_peak_fades_and_a_new_one_does_not(at: int, expected: float) -> None:
    """28 days. Half a week's life: a day 27 days ago weighs 2^-3.86 of about 10.1: 0.7 % of all, and
    is left out with the top 5 %; one 14 days ago weighs 2.5 % and goes, one of last night 9.9 %."""
    rows = [row("a", n, 1.0 if n == at * 2 + (at > 0) else 0.4, 1.0) for n in range(28)]
    assert one(sized(rows))["cpu_request_new"] == pytest.approx(expected)


def test_memory_never_fades() -> None:
    rows = [row("a", n, 0.4, 3.0 if n == 0 else 1.0) for n in range(28)]
    assert one(sized(rows))["memory_request_new"] == pytest.approx(3.45)


def test_a_kill_raises_memory_above_the_limit_it_died_at() -> None:
    """Killed at 2 GiB, before a sample saw more than 1: 2 × 1.25, and the limit with it."""
    rows = week(memory_limit=2.0, memory_request=2.0)
    rows[3]["oom_kills"] = 1.0
    found = one(sized(rows))
    assert found["memory_request_new"] == found["memory_limit_new"] == pytest.approx(2.5)
    assert "1 OOM kill" in found["why"]


def test_a_start_up_peak_raises_a_tight_limit_and_not_the_request() -> None:
    rows = week(cpu_start=3.0, cpu_limit=1.0, throttled=0.2)
    found = one(sized(rows))
    assert found["cpu_request_new"] == pytest.approx(0.46)
    assert found["cpu_limit_new"] == pytest.approx(3.45)
    assert "starts up with 3 cores" in found["why"]


def test_a_limit_that_holds_nobody_back_stays() -> None:
    assert pd.isna(one(sized(week(cpu_limit=1.0, throttled=0.0)))["cpu_limit_new"])


def test_an_autoscaler_acts_at_the_same_use() -> None:
    """60 % of 1 core is 0.6: asked for 0.46 the pod would be scaled out; so 0.6, at 100 %."""
    found = one(sized(week(), scaled(0.6)))
    assert found["cpu_request_new"] == pytest.approx(0.6)
    assert found["hpa_cpu_target_new"] * found["cpu_request_new"] == pytest.approx(0.6)
    low = one(sized(week(), scaled(0.3)))
    assert low["cpu_request_new"] == pytest.approx(0.46)
    assert low["hpa_cpu_target_new"] == pytest.approx(0.3 / 0.46)


@pytest.mark.parametrize("days", [6, 7])
def test_an_autoscaler_sees_containers_of_which_nothing_is_advised(days: int) -> None:
    """1 + 1 cores at 30 %; main is to ask for 0.46, its sidecar is too young or not measured: 0.6 / 1.46."""
    unknown = {f"cpu_{name}": float("nan") for name in ("p50", "p90", "p95", "p99", "max")}
    beside = [row("a", n, 0.4, 1.0, container="side", **unknown) for n in range(7 - days, 7)]
    found = one(sized([*week(), *beside], scaled(0.3)))
    assert found["cpu_request_new"] == pytest.approx(0.46)
    assert found["hpa_cpu_target_new"] == pytest.approx(0.6 / 1.46)


def test_a_heap_that_may_fill_counts() -> None:
    """-Xmx 2 GiB though 1 GiB was seen: 2 × 1.25; GOMEMLIMIT 2 GiB: 2 × 1.1."""
    jvm = one(sized(week(runtime="jvm", heap_limit=2.0)))
    go = one(sized(week(runtime="go", heap_limit=2.0)))
    assert (jvm["memory_request_new"], go["memory_request_new"]) == pytest.approx((2.5, 2.2))


def test_floors() -> None:
    found = one(sized(week(cpu=0.001, memory=0.001)))
    assert (found["cpu_request_new"], found["memory_request_new"]) == (0.01, 32 / 1024)


def test_what_runs_to_its_end_is_not_sized() -> None:
    assert sized(week(), kind="CronJob").empty


def test_what_was_not_measured_is_not_sized() -> None:
    rows = [
        {**one_row, **{f"cpu_{name}": float("nan") for name in ("p50", "p90", "p95", "p99", "max")}}
        for one_row in week()
    ]
    found = one(sized(rows))
    assert pd.isna(found["cpu_request_new"])
    assert found["memory_request_new"] == pytest.approx(1.15)
