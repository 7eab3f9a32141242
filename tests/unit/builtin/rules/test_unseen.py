"""Resources that are billed and not in the cluster."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.builtin.rules.builders import START, find, inputs


def world(
    kind: str, *, key="r-1", last=29, confidence: str = "medium", tied=None, extra=(), **parts
):
    ledger = [
        {
            "group": "observation",
            "driver": "unseen",
            "subject": key,
            "name": "old thing",
            "amount": 30.0,
            "method": "cluster tag",
            "confidence": confidence,
        }
    ]
    rows = [
        {
            "day": START + timedelta(days=day),
            "resource_key": key,
            "x_cost_class": kind,
            "effective_cost": 1.0,
            "x_tied_to": tied,
        }
        for day in range(last + 1)
    ]
    other = {"day": START + timedelta(days=29), "resource_key": "n", "x_cost_class": "node"}
    return inputs(ledger=ledger, bill=[*rows, other, *extra], hours=720, **parts)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("volume", "orphaned-disk"),
        ("node", "dead-node"),
        ("load_balancer", "orphaned-balancer"),
    ],
)
def test_each_kind_has_its_rule(kind, rule):
    (found,) = find(world(kind))
    assert found.rule == rule
    assert found.subject == "old thing"
    assert found.amount == 30.0
    assert found.monthly == pytest.approx(30.0 * 730 / 720)
    assert "on 30 days" in found.evidence
    assert found.confidence == "medium"
    assert found.bill_saving


def test_what_is_gone_already_is_no_finding():
    assert find(world("volume", last=20)) == ()
    assert len(find(world("volume", last=27))) == 1


def test_snapshots_and_other_classes_are_not_orphans():
    assert find(world("snapshot")) == ()


@pytest.mark.parametrize(
    ("kind", "tied"),
    [
        ("volume", "PersistentVolumeClaim/shop/data"),
        ("volume", "PersistentVolume/pv-1"),
        ("load_balancer", "Ingress/shop*/web*"),
        ("load_balancer", "Service/shop/api"),
    ],
)
def test_what_is_tied_to_something_the_metrics_show_is_left_alone(kind, tied):
    there = {"PersistentVolumeClaim/shop/data", "PersistentVolume/pv-1"}
    there |= {"Ingress/shop-eu/web", "Service/shop/api"}
    assert find(world(kind, tied=tied, shown=frozenset(there))) == ()
    assert len(find(world(kind, tied=tied, shown=frozenset({"Service/shop/old"})))) == 1


@pytest.mark.parametrize(
    "key",
    [
        "/subscriptions/s/resourcegroups/mc_x/providers/microsoft.compute/disks/pvc-0a1b2c3d4e5f",
        "/subscriptions/s/resourcegroups/x/providers/microsoft.compute/disks/shop-dynamic-pvc-0a1b2c3d4e5f",
        "projects/shop/zones/europe-west1-b/disks/gke-shop-pvc-0a1b2c3d4e5f",
    ],
)
def test_a_disk_named_after_a_volume_that_the_metrics_show_is_left_alone(key):
    assert (
        find(world("volume", key=key, shown=frozenset({"PersistentVolume/pvc-0a1b2c3d4e5f"}))) == ()
    )
    others = {"PersistentVolume/pvc-ffffffffffff", "PersistentVolume/5f", "Service/shop/web"}
    assert len(find(world("volume", key=key, shown=frozenset(others)))) == 1


def test_what_carries_nodes_or_belongs_to_a_group_of_ingresses_is_left_alone():
    assert find(world("node", tied="Node/*")) == ()
    assert find(world("load_balancer", tied="IngressGroup/public")) == ()
    assert find(world("load_balancer", tied="Gateway/shop/edge")) == ()


@pytest.mark.parametrize("kind", ["load_balancer_usage", "data_transfer"])
def test_what_has_traffic_is_left_alone(kind):
    traffic = {"day": START, "resource_key": "r-1", "x_cost_class": kind, "list_cost": 0.01}
    assert find(world("load_balancer", extra=[traffic])) == ()
    elsewhere = {**traffic, "resource_key": "r-2"}
    assert len(find(world("load_balancer", extra=[elsewhere]))) == 1
