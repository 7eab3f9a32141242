"""Verdicts by hand: each workload has one thing that decides it."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from burn.api import schemas
from burn.planning.readiness import readiness

DAY = pd.Timestamp("2026-10-01", tz="UTC")
GOOD = {
    "replicas": 3.0,
    "spec_known": True,
    "local_volumes": "[]",
    "disruptions_allowed": 1.0,
    "hpa_min": 3.0,
}
NONE = json.dumps(["autoscalers", "budgets"])
"""What could be seen of a workload that has none of either."""


def judged(
    kind: str = "Deployment",
    facts: dict[str, Any] | None = None,
    *,
    gpus: bool = True,
    claims: bool = True,
    **traits: Any,
) -> dict[str, Any]:
    who = {"cluster": "c", "namespace": "shop", "workload_kind": kind, "workload": "web"}
    seen = pd.DataFrame([who | {"gpu": False, "zonal": "", "said": ""} | traits])
    frame = None
    if facts is not None:
        filled = schemas.WORKLOADS.fill(pd.DataFrame([who | {"day": DAY} | facts]))
        frame = schemas.WORKLOADS.validate(filled, author="test")
    (row,) = readiness(seen, frame, gpus=gpus, claims=claims).to_dict("records")
    return row


def test_ready_is_what_is_known_to_be() -> None:
    row = judged(facts=GOOD)
    assert (row["verdict"], row["against"], row["unknown"]) == ("ready", "", "")
    assert row["pro"] == "3 replicas or more; its budget lets 1 go; no data on its node"


@pytest.mark.parametrize(
    ("kind", "facts", "traits", "why"),
    [
        ("Pod", {}, {}, "nobody makes again"),
        ("Deployment", {"replicas": 1.0}, {}, "one replica"),
        ("StatefulSet", {"replicas": 1.0}, {}, "stateful, and one replica"),
        ("Deployment", {"hpa_min": 1.0}, {}, "one replica"),
        ("Deployment", {"disruptions_allowed": 0.0}, {}, "budget lets none go"),
        ("Deployment", {"local_volumes": '["hostPath"]'}, {}, "hostPath"),
        ("Deployment", {"local_volumes": '["local"]'}, {}, "node's own"),
        ("Deployment", {"priority_class": "system-cluster-critical"}, {}, "critical"),
        ("Deployment", {"x_priority": 2_000_001_000.0}, {}, "critical"),
        ("Deployment", {"spec_known": False, "priority_class": "system-node-critical"}, {}, "crit"),
        ("Deployment", {"x_stop_seconds": 600.0}, {}, "600 s to stop"),
        ("Deployment", {}, {"gpu": True}, "GPU"),
        ("Deployment", {}, {"namespace": "kube-system"}, "add-on"),
        ("Deployment", {}, {"zonal": "yes"}, "one zone"),
        ("Deployment", {}, {"said": "false"}, "says no"),
    ],
)
def test_one_reason_against_is_enough(
    kind: str, facts: dict[str, Any], traits: dict[str, Any], why: str
) -> None:
    row = judged(kind, GOOD | facts, **traits)
    assert row["verdict"] == "not ready"
    assert why in row["against"]
    assert ";" not in row["against"]


@pytest.mark.parametrize(
    ("kind", "facts", "sees", "what"),
    [
        (
            "Deployment",
            None,
            {},
            "replicas; local data and priority; disruption budgets; autoscalers",
        ),
        ("Deployment", GOOD | {"spec_known": False}, {}, "local data and priority"),
        ("Deployment", GOOD | {"replicas": float("nan")}, {}, "replicas"),
        ("Deployment", GOOD | {"disruptions_allowed": float("nan")}, {}, "disruption budgets"),
        ("Deployment", GOOD | {"hpa_min": float("nan")}, {}, "autoscalers"),
        ("Deployment", GOOD | {"spec_known": False, "x_known": '["priority"]'}, {}, "local data"),
        (
            "Deployment",
            GOOD | {"x_stop_seconds": 60.0},
            {},
            "whether it has the 60 s it may take to stop",
        ),
        (
            "Deployment",
            GOOD | {"x_start_seconds": 900.0},
            {},
            "whether it stands the 900 s a pod takes to be ready",
        ),
        ("Deployment", GOOD, {"gpus": False}, "GPUs"),
        ("Deployment", GOOD, {"claims": False}, "disks"),
        (
            "Deployment",
            GOOD | {"local_volumes": '["emptyDir"]'},
            {},
            "whether its emptyDir may be lost",
        ),
        ("CronJob", GOOD, {}, "whether it may begin again"),
        ("StatefulSet", GOOD, {}, "whether its members stand losing one at short notice"),
        ("", GOOD, {}, "what makes it again"),
    ],
)
def test_what_nobody_says_is_unknown_and_never_ready(
    kind: str, facts: dict[str, Any] | None, sees: dict[str, bool], what: str
) -> None:
    row = judged(kind, facts, **sees)
    assert (row["verdict"], row["unknown"]) == ("unknown", what)


def test_none_is_not_unknown_where_it_could_be_seen() -> None:
    """Another workload's budget proves nothing of this one: only its own row does."""
    bare = GOOD | {"disruptions_allowed": float("nan"), "hpa_min": float("nan")}
    assert judged(facts=bare)["unknown"] == "disruption budgets; autoscalers"
    assert judged(facts=bare | {"x_known": NONE})["verdict"] == "ready"
    assert judged(facts=bare | {"x_known": '["budgets"]'})["unknown"] == "autoscalers"
    assert judged(facts=GOOD | {"x_known": '["claims"]'}, claims=False)["verdict"] == "ready"
    quick = judged(facts=GOOD | {"x_start_seconds": 12.4, "x_stop_seconds": 30.0})
    assert (quick["verdict"], "ready 12 s after" in quick["pro"]) == ("ready", True)


def test_a_disk_of_a_zone_that_nobody_says_is_unknown() -> None:
    row = judged(facts=GOOD, zonal="unknown")
    assert (row["verdict"], row["unknown"]) == ("unknown", "in which zones its disks are")


def test_memory_is_no_data_that_is_lost_with_a_node_more_than_with_a_pod() -> None:
    assert judged(facts=GOOD | {"local_volumes": '["memory"]'})["verdict"] == "ready"


def test_a_daemon_comes_and_goes_with_its_node() -> None:
    row = judged("DaemonSet", GOOD | {"replicas": 1.0})
    assert (row["verdict"], row["against"]) == ("with its node", "it comes and goes with its node")


def test_its_owners_word_counts_more_than_what_burn_thinks_but_brings_no_bare_pod_back() -> None:
    row = judged("StatefulSet", {"replicas": 1.0}, said="true")
    assert row["verdict"] == "ready"
    assert "one replica" in row["against"]  # it is said all the same
    assert judged("Pod", GOOD, said="true")["verdict"] == "not ready"
