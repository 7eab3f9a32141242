"""Idle cost goes to who shares the node, else the cluster; it stays marked as idle."""

from __future__ import annotations

import pytest

from tests.unit.builtin.policies.rows import applied, by, row


def test_by_node_follows_the_direct_cost_of_the_same_resource_on_the_same_node() -> None:
    rows = applied(
        "idle-by-node",
        row("shop", 3.0),
        row("web", 1.0),
        row("web", 100.0, resource="memory"),
        row("web", 100.0, asset_id="node/n2"),
        row("", 8.0),
    )
    idle = rows[rows["kind"] == "idle"]
    assert by(idle, "namespace") == pytest.approx({"shop": 6.0, "web": 2.0})
    assert set(idle["asset_id"]) == {"node/n1"}
    assert by(rows[rows["kind"] == "direct"], "namespace") == {"shop": 3.0, "web": 201.0}


def test_a_node_without_pods_falls_to_its_cluster_by_the_same_resource() -> None:
    rows = applied(
        "idle-by-node",
        row("shop", 3.0),
        row("web", 1.0),
        row("far", 1.0, cluster="other", asset_id="node/n9"),
        row("", 8.0, asset_id="node/empty"),
    )
    assert by(rows[rows["kind"] == "idle"], "namespace") == pytest.approx({"shop": 6.0, "web": 2.0})


def test_a_resource_nobody_holds_falls_to_the_cluster_by_all_cost() -> None:
    rows = applied("idle-by-node", row("shop", 3.0), row("web", 1.0), row("", 4.0, resource="gpu"))
    idle = rows[rows["kind"] == "idle"]
    assert by(idle, "namespace", "resource") == pytest.approx(
        {("shop", "gpu"): 3.0, ("web", "gpu"): 1.0}
    )


def test_a_cluster_where_nobody_pays_keeps_its_idle_cost() -> None:
    rows = applied("idle-by-cluster", row("", 4.0), row("far", 1.0, cluster="other"))
    assert by(rows, "namespace", "kind") == {("", "idle"): 4.0, ("far", "direct"): 1.0}


def test_by_cluster_looks_past_nodes() -> None:
    rows = applied(
        "idle-by-cluster", row("shop", 3.0), row("web", 1.0, asset_id="node/n2"), row("", 8.0)
    )
    assert by(rows[rows["kind"] == "idle"], "namespace") == pytest.approx({"shop": 6.0, "web": 2.0})


@pytest.mark.parametrize(("system", "carried"), [(True, 6.0), (False, 4.0)])
def test_what_nodes_keep_for_themselves_is_spread_if_wanted(system: bool, carried: float) -> None:
    rows = applied(
        "idle-by-node", row("shop", 1.0), row("", 3.0), row("", 2.0, kind="system"), system=system
    )
    assert by(rows, "namespace")["shop"] == pytest.approx(carried)


def test_negative_cost_carries_nothing() -> None:
    """A refund on a node must not turn its shares upside down."""
    rows = applied("idle-by-node", row("shop", 2.0), row("web", -1.9), row("", 4.0))
    assert by(rows[rows["kind"] == "idle"], "namespace") == {"shop": 4.0}


def test_idle_cost_that_somebody_carries_already_stays_there() -> None:
    rows = applied("idle-by-node", row("shop", 1.0), row("web", 5.0, kind="idle"), row("", 4.0))
    assert by(rows, "namespace") == pytest.approx({"shop": 5.0, "web": 5.0})


def test_labels_and_owners_are_carried_along() -> None:
    labels = '{"team":"a"}'
    rows = applied("idle-by-node", row("shop", 1.0, labels=labels, owner="a"), row("", 4.0))
    idle = rows[rows["kind"] == "idle"].iloc[0]
    assert (idle["labels"], idle["owner"], idle["workload"]) == (labels, "a", "app")
