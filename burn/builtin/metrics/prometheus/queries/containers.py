"""What burn asks of a day's containers: quantiles that the server works out, sizes, and what befell them.

Four queries a day. Quantiles are of one day: a quantile of days is worked out from them, and no
query looks further back. Metrics: cAdvisor, kube-state-metrics docs/metrics, the JVM's and Go's clients.
"""

from __future__ import annotations

from collections.abc import Iterable

from burn.api.containers import QUANTILES
from burn.builtin.metrics.prometheus.queries.cadvisor import CONTAINERS as CGROUPS
from burn.builtin.metrics.prometheus.queries.cadvisor import CPU, MEMORY, by_uid
from burn.builtin.metrics.prometheus.queries.kube_state_metrics import POD, Query, R, named

START_SECONDS = 600
"""What a pod or a container does in its first ten minutes is its start-up."""
KEY = (*POD, "container")
_BY = ",".join(KEY)
_WHERE = f"{{$cluster {CGROUPS.where}}}"
_YOUNG = (
    ("namespace,pod,container", f"container_start_time_seconds{_WHERE}"),
    ("namespace,pod", "kube_pod_start_time{$cluster }"),
)
"""Which labels say whose age a series is."""


def cpu(step: int) -> Query:
    """Quantiles of a container's rates after its start-up, the hours measured, the start-up's peak.

    Args:
        step: seconds, of the rates and between them.
    """
    rate = f"rate({CPU}{_WHERE}[{step}s])"
    grown = f"({_after_start(rate)})[$range:{step}s] offset 1ms"
    parts = {
        name: _top(f"quantile_over_time({level},{grown})") for name, level in QUANTILES.items()
    }
    parts["hours"] = _top(f"count_over_time({grown})") + f"*{step / 3600:.9g}"
    starting = f"({_starting(rate)})[$range:{step}s] offset 1ms"
    parts["start"] = _top(f"max_over_time({starting})")
    return _facts(f"{CPU} (quantiles)", parts)


def memory() -> Query:
    """Quantiles of all samples, and the start-up's peak, looked for every two minutes."""
    series = f"{MEMORY}{_WHERE}"
    parts = {
        name: _top(f"quantile_over_time({level},{series}{R})") for name, level in QUANTILES.items()
    }
    parts["start"] = _top(f"max_over_time(({_starting(series)})[$range:120s] offset 1ms)")
    return _facts(f"{MEMORY} (quantiles)", parts)


def _sizes() -> Query:
    new = ("requests", "limits")
    parts = [
        named("fact", what, _last(f"kube_pod_container_resource_{what}", 'resource=~"cpu|memory"'))
        for what in new
    ]
    for what in new:
        for resource, unit in (("cpu", "cores"), ("memory", "bytes")):
            old = _last(f"kube_pod_container_resource_{what}_{resource}_{unit}", "", _BY)
            parts.append(named("fact", what, named("resource", resource, old)))
    text = " or ".join(parts)
    return Query("kube_pod_container_resource_limits", (*KEY, "resource", "fact"), text, "day")


def _last(metric: str, where: str, by: str = f"{_BY},resource") -> str:
    return f"max by ({by}) (last_over_time({metric}{{$cluster {where}}}{R}))"


def _befell() -> Query:
    restarts = "kube_pod_container_status_restarts_total{$cluster }"
    killed = 'kube_pod_container_status_last_terminated_reason{$cluster reason="OOMKilled"}'
    kernel = f"container_oom_events_total{_WHERE}"
    periods, held = (
        f"container_cpu_cfs_{what}periods_total{_WHERE}" for what in ("", "throttled_")
    )
    heap = 'jvm_memory_max_bytes{$cluster area="heap",container!=""}'
    go = 'go_gc_gomemlimit_bytes{$cluster container!=""}'
    parts = {
        "restarts": f"max by ({_BY}) (max_over_time({restarts}{R}) - min_over_time({restarts}{R}))",
        "oom_killed": f"max by ({_BY}) (max_over_time({killed}{R}))",
        "oom_events": _top(f"max_over_time({kernel}{R}) - min_over_time({kernel}{R})"),
        "throttled": f"{_sum(held)} / {_sum(periods)}",
        "jvm": f"sum by ({_BY}) (last_over_time({heap}{R}) > 0)",
        "jvm_seen": f"count by ({_BY}) (last_over_time({heap}{R}))",
        "go": f"max by ({_BY}) (last_over_time({go}{R}))",
    }
    return _facts("kube_pod_container_status_restarts_total", parts)


def _sum(series: str) -> str:
    return f"sum by ({_BY}) ({by_uid(f'increase({series}{R})')})"


def _after_start(values: str) -> str:
    young = (
        f" unless on({labels}) (time() - {since} < {START_SECONDS})" for labels, since in _YOUNG
    )
    return values + "".join(young)


def _starting(values: str) -> str:
    young = (
        f"({values} and on({on}) (time() - {since} < {START_SECONDS}))" for on, since in _YOUNG
    )
    return " or ".join(young)


def _top(text: str) -> str:
    """By container; of one that was restarted, or that two exporters show, the highest."""
    return f"max by ({_BY}) ({by_uid(text)})"


def _facts(name: str, parts: dict[str, str]) -> Query:
    texts: Iterable[str] = (named("fact", fact, f"({text})") for fact, text in parts.items())
    return Query(name, (*KEY, "fact"), " or ".join(texts), "day")


SIZES, BEFELL = _sizes(), _befell()
