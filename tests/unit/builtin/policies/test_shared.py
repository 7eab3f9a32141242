"""Shared cost: who takes it, how much, and what happens when nobody can."""

from __future__ import annotations

import pytest

from burn.api import UsageError
from tests.unit.builtin.policies.rows import applied, by, overhead, row

CLUSTER = (
    row("shop", 6.0),
    row("web", 1.0, workload="a"),
    row("web", 1.0, workload="b"),
    row("kube-system", 4.0),
    overhead("control_plane", 2.0),
    row("", 5.0),
)


def shared(rows):
    return by(rows[rows["kind"] == "shared"], "namespace")


def test_evenly_gives_each_namespace_the_same() -> None:
    rows = applied("shared-even", *CLUSTER)
    assert shared(rows) == pytest.approx({"shop": 3.0, "web": 3.0})
    inside = rows[(rows["kind"] == "shared") & (rows["namespace"] == "web")]
    assert by(inside, "workload") == pytest.approx({"a": 1.5, "b": 1.5})


def test_weighted_follows_direct_cost() -> None:
    assert shared(applied("shared-weighted", *CLUSTER)) == pytest.approx({"shop": 4.5, "web": 1.5})


def test_fixed_follows_the_users_numbers_among_those_who_are_there() -> None:
    rows = applied("shared-fixed", *CLUSTER, weights={"shop": 1, "web": 2, "gone": 9})
    assert shared(rows) == pytest.approx({"shop": 2.0, "web": 4.0})


def test_shared_namespaces_carry_nothing_afterwards_and_idle_is_left_alone() -> None:
    rows = applied("shared-even", *CLUSTER)
    assert "kube-system" not in by(rows, "namespace")
    assert by(rows, "kind")["idle"] == 5.0


def test_each_kind_of_cost_keeps_its_name() -> None:
    rows = applied("shared-even", *CLUSTER)
    taken = rows[rows["kind"] == "shared"]
    assert by(taken, "resource") == pytest.approx({"cpu": 4.0, "control_plane": 2.0})


def test_overhead_stays_when_it_is_not_to_be_shared() -> None:
    rows = applied("shared-even", *CLUSTER, include_overhead=False)
    assert shared(rows) == pytest.approx({"": 2.0, "shop": 2.0, "web": 2.0})


def test_idle_that_a_shared_namespace_carries_is_shared_with_it() -> None:
    rows = applied("shared-even", row("shop", 1.0), row("kube-system", 3.0, kind="idle"))
    assert by(rows, "namespace") == pytest.approx({"shop": 4.0})


def test_clusters_keep_to_themselves() -> None:
    rows = applied(
        "shared-even",
        row("shop", 1.0),
        row("far", 1.0, cluster="other"),
        row("kube-system", 4.0),
        row("kube-system", 2.0, cluster="other"),
    )
    assert shared(rows) == pytest.approx({"shop": 4.0, "far": 2.0})


def test_overhead_of_no_cluster_and_of_empty_clusters_goes_to_all() -> None:
    rows = applied(
        "shared-even",
        row("shop", 1.0),
        row("far", 1.0, cluster="other"),
        overhead("unused_commitment", 4.0, cluster=""),
        overhead("control_plane", 2.0, cluster="empty"),
    )
    assert shared(rows) == pytest.approx({"shop": 3.0, "far": 3.0})


@pytest.mark.parametrize("policy", ["shared-even", "shared-weighted", "shared-fixed"])
def test_with_nobody_to_take_it_everything_stays(policy: str) -> None:
    more = {"weights": {"gone": 1.0}} if policy == "shared-fixed" else {}
    rows = applied(policy, row("kube-system", 4.0), overhead("nat", 2.0), **more)
    assert by(rows, "namespace", "kind") == {("kube-system", "direct"): 4.0, ("", "shared"): 2.0}


def test_a_namespace_with_a_credit_takes_nothing() -> None:
    rows = applied("shared-weighted", row("shop", 1.0), row("web", -5.0), overhead("nat", 2.0))
    assert shared(rows) == {"shop": 2.0}


@pytest.mark.parametrize("weights", [{}, {"shop": 0.0}, {"shop": 2.0, "web": -1.0}])
def test_weights_that_make_no_sense_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="shared-fixed"):
        applied("shared-fixed", *CLUSTER, weights=weights)
