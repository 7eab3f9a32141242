"""Resources that are billed and not in the cluster."""

from __future__ import annotations

from datetime import timedelta

import pytest

from burn.findings import find
from tests.unit.findings.builders import START, inputs


def world(kind: str, *, last: int = 29, confidence: str = "medium"):
    ledger = [
        {
            "group": "observation",
            "driver": "unseen",
            "subject": "r-1",
            "name": "old thing",
            "amount": 30.0,
            "method": "cluster tag",
            "confidence": confidence,
        }
    ]
    rows = [
        {
            "day": START + timedelta(days=day),
            "resource_key": "r-1",
            "x_cost_class": kind,
            "effective_cost": 1.0,
        }
        for day in range(last + 1)
    ]
    other = {"day": START + timedelta(days=29), "resource_key": "n", "x_cost_class": "node"}
    return inputs(ledger=ledger, bill=[*rows, other], hours=720)


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
