"""A day's containers and workloads, as one Prometheus shows them, beside what was written into it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from burn.api import Observation, ObserveRequest, Scope
from burn.builtin.metrics.prometheus.settings import PrometheusSettings
from burn.builtin.metrics.prometheus.source import PrometheusSource
from tests.servers.prometheus import available, backfill, serve
from tests.unit.builtin.metrics.prometheus.world import (
    DAY,
    GIB,
    T0,
    Node,
    Pod,
    Scrape,
    World,
    openmetrics,
)

pytestmark = [
    pytest.mark.prometheus,
    pytest.mark.skipif(not available(), reason="needs prometheus and promtool"),
]
H, STEP = 3600, 60
BORN = 6 * H
"""The pod `web-b` begins here; its first five minutes take 3 cores and 2 GiB."""
RESTARTED = 15 * H
OTHERS = (("shop", "api"), ("shop", "solo"), ("shop", "huge"), ("calm", "lone"))


def steady(at: float) -> float:
    """Cores of `web-a`: 0.2, and 0.8 in the two hours from noon; so 2 of 24 hours are high."""
    return 0.8 if 12 * H <= at < 14 * H else 0.2


def peaked(at: float) -> float:
    return 3.0 if BORN <= at < BORN + 300 else 0.1


def counter(rate: Callable[[float], float], start: float) -> Callable[[float], float]:
    total = {start: 0.0}

    def value(at: float) -> float:
        total.setdefault(at, total[max(t for t in total if t <= at)] + rate(at - STEP) * STEP)
        return total[at]

    return value


def series(
    name: str, labels: str, value: Callable[[float], float], start: float = -H, end: float = 25 * H
) -> Iterator[str]:
    at = start
    while at < end:
        yield f"{name}{{{labels}}} {value(at)!r} {T0 + at:.3f}"
        at += STEP


def shown() -> Iterator[str]:
    a = 'namespace="shop",pod="web-a",container="main"'
    b = 'namespace="shop",pod="web-b",container="main"'
    cpu, memory = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"
    yield from series(cpu, a, counter(steady, -H))
    yield from series(memory, a, lambda at: (1.5 if 12 * H <= at < 14 * H else 1.0) * GIB)
    yield from series(cpu, b, counter(peaked, BORN), BORN)
    yield from series(memory, b, lambda at: (2.0 if at < BORN + 300 else 0.5) * GIB, BORN)
    yield from series(
        "kube_pod_start_time", 'namespace="shop",pod="web-b",uid="b"', lambda _: T0 + BORN, BORN
    )
    state = "kube_pod_container_status_"
    ids = f'{a},uid="a"'
    yield from series(f"{state}restarts_total", ids, lambda at: 2.0 if at < RESTARTED else 4.0)
    yield from series(
        f"{state}last_terminated_reason", f'{ids},reason="OOMKilled"', lambda _: 1.0, RESTARTED
    )
    yield from series(f"{state}restarts_total", f'{b},uid="b"', lambda _: 0.0, BORN)
    yield from series("container_cpu_cfs_periods_total", a, lambda at: 10 * (at + H))
    yield from series("container_cpu_cfs_throttled_periods_total", a, lambda at: 2 * (at + H))
    for resource, size in (("cpu", 1.0), ("memory", 3 * GIB)):
        labels = f'{ids},resource="{resource}"'
        yield from series("kube_pod_container_resource_limits", labels, lambda _, s=size: s)
    for pool, size in (("old", 1 * GIB), ("eden", -1.0), ("survivor", 0.5 * GIB)):
        yield from series(
            "jvm_memory_max_bytes", f'{a},area="heap",id="{pool}"', lambda _, s=size: s
        )
    yield from series("go_gc_gomemlimit_bytes", b, lambda _: float(2**63 - 1), BORN)
    hpa = 'namespace="shop",horizontalpodautoscaler="web"'
    base = "kube_horizontalpodautoscaler_"
    target = 'scaletargetref_kind="Deployment",scaletargetref_name="web"'
    yield from series(f"{base}info", f"{hpa},{target}", lambda _: 1.0)
    yield from series(f"{base}spec_min_replicas", hpa, lambda _: 2.0)
    yield from series(f"{base}spec_max_replicas", hpa, lambda _: 8.0)
    aim = f'{hpa},metric_name="cpu",metric_target_type="utilization"'
    yield from series(f"{base}spec_target_metric", aim, lambda _: 60.0)
    other = f'{hpa},metric_name="memory",metric_target_type="average"'
    yield from series(f"{base}spec_target_metric", other, lambda _: 5e8)
    for budget, expected, allowed in (("web", 2.0, 0.0), ("other", 5.0, 1.0)):
        labels = f'namespace="shop",poddisruptionbudget="{budget}"'
        base = "kube_poddisruptionbudget_status_"
        yield from series(f"{base}expected_pods", labels, lambda _, v=expected: v)
        yield from series(f"{base}pod_disruptions_allowed", labels, lambda _, v=allowed: v)
    yield from workloads()


def workloads() -> Iterator[str]:
    """Of `shop` four Deployments and two budgets; of `calm` one Deployment and none."""
    for space, name, replicas in (
        ("shop", "web", 2.0),
        ("shop", "api", 4.0),
        ("shop", "solo", 1.0),
        ("shop", "huge", 9.0),
        ("calm", "lone", 3.0),
    ):
        labels = f'namespace="{space}",deployment="{name}"'
        yield from series(
            "kube_deployment_spec_replicas",
            labels,
            lambda at, n=replicas: n + 1 if at < 20 * H else n,
        )
        if name != "api":
            rolling = "kube_deployment_spec_strategy_rollingupdate_max_unavailable"
            yield from series(rolling, labels, lambda _: 1.0)
    # Ready in 42 s; later it was not for a while. The other pod got its node before the day.
    for uid, bound, ready in (("b", BORN, BORN + 42), ("a", -2 * 86400.0, -9 * H)):
        yield from series(
            "kube_pod_status_scheduled_time", f'uid="{uid}"', lambda _, at=bound: T0 + at, BORN
        )
        yield from series(
            "kube_pod_status_ready_time",
            f'uid="{uid}"',
            lambda at, first=ready: T0 + (first if at < 9 * H else 9 * H),
            BORN + 60,
        )
    for key in ("node.kubernetes.io/not-ready", "gpu"):
        labels = f'uid="b",key="{key}",operator="Exists",effect="NoSchedule"'
        yield from series("kube_pod_tolerations", labels, lambda _: 1.0, BORN)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    owner = ("ReplicaSet", "web-1")
    asks = {"main": {"cpu": 0.5, "memory": 2 * GIB}}
    world = World(
        nodes=[Node("n1")],
        pods=[
            Pod("a", "web-a", "n1", owner=owner, requests=asks),
            Pod("b", "web-b", "n1", start=BORN, owner=owner, requests={"main": {"cpu": 0.5}}),
            Pod("c", "bare", "n1"),
            *(
                Pod(name, f"{name}-1", "n1", namespace=space, owner=("ReplicaSet", f"{name}-1"))
                for space, name in OTHERS
            ),
        ],
        owners=[
            ("shop", "rs/web-1", "Deployment", "web"),
            *((space, f"rs/{name}-1", "Deployment", name) for space, name in OTHERS),
        ],
    )
    state = openmetrics(world, Scrape(STEP)).removesuffix("# EOF\n")
    state = state.replace('pod="web-b"', 'pod="web-b",priority_class="high"')
    text = state + "\n".join(shown()) + "\n# EOF\n"
    data = tmp_path_factory.mktemp("containers") / "data"
    backfill(text, data)
    with serve(data) as running:
        yield running


def observe(url: str, **settings: object) -> Observation:
    source = PrometheusSource(PrometheusSettings(url=url, **settings))  # type: ignore[arg-type]
    return source.observe(ObserveRequest(scope=Scope(), window=DAY))


@pytest.fixture(scope="module")
def rows(url: str) -> pd.DataFrame:
    frame = observe(url).containers
    assert frame is not None
    return frame.set_index("pod_uid")


def test_quantiles_of_a_day_are_those_of_its_rates(rows: pd.DataFrame) -> None:
    """2 of 24 hours are high: from the 92nd percentile on."""
    a = rows.loc["a"]
    assert a[["cpu_p50", "cpu_p90"]].tolist() == pytest.approx([0.2, 0.2], rel=1e-3)
    assert a[["cpu_p95", "cpu_p99", "cpu_max"]].tolist() == pytest.approx([0.8] * 3, rel=1e-3)
    assert a[["memory_p50", "memory_p90", "memory_p95", "memory_max"]].tolist() == [1, 1, 1.5, 1.5]
    assert a["hours"] == pytest.approx(24, abs=0.2)


def test_the_start_up_is_apart(rows: pd.DataFrame) -> None:
    """CPU's quantiles do not know it, memory's do: a pod without it dies."""
    b = rows.loc["b"]
    assert b["cpu_max"] == pytest.approx(0.1, rel=1e-3)
    assert 2.0 < b["cpu_start"] <= 3.01
    assert (b["memory_start"], b["memory_max"], b["memory_p50"]) == (2.0, 2.0, 0.5)
    assert b["hours"] == pytest.approx(18 - 1 / 6, abs=0.2)
    assert pd.isna(rows.loc["a", "cpu_start"])


def test_what_befell_is_of_the_day(rows: pd.DataFrame) -> None:
    """Two restarts at 15:00 after a kill; the two of the days before do not count."""
    a, b = rows.loc["a"], rows.loc["b"]
    assert (a["restarts"], a["oom_kills"]) == (2, 2)
    assert (b["restarts"], b["oom_kills"]) == (0, 0)
    assert a["throttled"] == pytest.approx(0.2)
    assert pd.isna(b["throttled"])


def test_sizes_and_runtimes(rows: pd.DataFrame) -> None:
    a, b = rows.loc["a"], rows.loc["b"]
    assert a[["cpu_request", "cpu_limit", "memory_request", "memory_limit"]].tolist() == [
        0.5,
        1,
        2,
        3,
    ]
    assert (b["memory_request"], pd.isna(b["memory_limit"])) == (0.0, True)
    assert (a["runtime"], a["heap_limit"]) == ("jvm", 1.5)
    assert (b["runtime"], pd.isna(b["heap_limit"])) == ("go", True)


@pytest.fixture(scope="module")
def workload_rows(url: str) -> pd.DataFrame:
    frame = observe(url).workloads
    assert frame is not None
    return frame.set_index("workload")


def test_replicas_and_autoscaler(workload_rows: pd.DataFrame) -> None:
    row = workload_rows.loc["web"]
    assert (row["workload_kind"], row["replicas"]) == ("Deployment", 2)
    assert (row["hpa_min"], row["hpa_max"], row["hpa_cpu_target"]) == (2, 8, 0.6)
    assert pd.isna(row["hpa_memory_target"])
    assert not row["spec_known"]
    lone = workload_rows.loc["lone"]
    assert pd.isna(lone["hpa_min"])
    assert "autoscalers" in json.loads(lone["x_known"]), "that of another one is shown"


@pytest.mark.parametrize(
    ("name", "allowed", "known"),
    [
        ("web", 0, True),  # a budget that lets none go counts just as many pods
        ("api", 1, True),  # only that of five can be its own, and it lets one go
        ("solo", None, False),  # that of two may be about it and another
        ("huge", None, True),  # no budget counts as many
        ("lone", None, True),  # none in its namespace
        ("bare", None, False),
    ],
)
def test_a_budget_is_about_whoever_it_can_be_about(
    workload_rows: pd.DataFrame, name: str, allowed: float | None, known: bool
) -> None:
    row = workload_rows.loc[name]
    said = row["disruptions_allowed"]
    assert (None if pd.isna(said) else said) == allowed
    assert ("budgets" in json.loads(row["x_known"])) == known


def test_what_pods_say_of_their_workload(workload_rows: pd.DataFrame) -> None:
    web = workload_rows.loc["web"]
    assert web["x_start_seconds"] == 42, "when it was ready first, of the pod of this day"
    assert json.loads(web["tolerations"]) == [
        {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}
    ]
    assert web["priority_class"] == "high"
    assert workload_rows["strategy"].to_dict() == {
        "web": "RollingUpdate",
        "api": "Recreate",
        "solo": "RollingUpdate",
        "huge": "RollingUpdate",
        "lone": "RollingUpdate",
        "bare": "",
    }
    lone, bare = (json.loads(workload_rows.loc[name, "x_known"]) for name in ("lone", "bare"))
    assert {"strategy", "priority", "tolerations"} <= set(lone)
    assert not {"local_volumes", "affinity", "node_selector", "spread"} & set(lone)
    assert not {"strategy", "tolerations"} & set(bare)
    assert pd.isna(workload_rows.loc["lone", "x_start_seconds"])
    assert (workload_rows.loc["lone", "tolerations"], bare) == ("[]", ["autoscalers", "priority"])


def test_what_is_shown_of_containers_is_said(url: str) -> None:
    sees = observe(url).coverage.sees
    shown = ("quantiles", "limits", "throttling", "restarts", "budgets", "autoscalers")
    assert {kind: sees[kind] for kind in shown} == dict.fromkeys(shown, True)
    assert sees["specs"] is False
    off = observe(url, facts=False).coverage.sees
    assert {kind: off[kind] for kind in shown} == dict.fromkeys(shown, False)


def test_eight_queries_more_and_none_where_they_are_off(url: str) -> None:
    without = observe(url, facts=False)
    assert (without.containers, without.workloads) == (None, None)
    assert observe(url).coverage.queries - without.coverage.queries == 8
