"""Commitments that end: when it is told, and what is at stake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from burn.api import schemas
from burn.findings import Thresholds
from tests.unit.builtin.rules.builders import START, find, frame, inputs

UNTIL = START + timedelta(days=30)


def told(thresholds=None, **row):
    base = {"commitment_discount_id": "plan-1", "kind": "savings plan", "cluster_cost": 70.0}
    rows = frame(schemas.COMMITMENTS, [base | {"start": None, "end": None} | row])
    found = find(
        inputs(commitments=rows, until=UNTIL, hours=720, thresholds=thresholds or Thresholds())
    )
    return [one for one in found if one.rule == "commitment-lapse"]


@pytest.mark.parametrize(
    ("days", "said"), [(60, "in 60 days"), (61, None), (-2, "within the window"), (None, None)]
)
def test_sixty_days_from_the_windows_end(days, said):
    found = told(end=None if days is None else UNTIL + timedelta(days=days), on_demand_cost=100.0)
    assert [said in one.evidence for one in found] == ([] if said is None else [True])


def test_the_saving_is_at_stake_and_none_of_it_is_to_be_saved():
    (found,) = told(end=UNTIL, on_demand_cost=100.0)
    assert (found.amount, found.saves, found.confidence) == (30.0, "none", "high")
    assert found.monthly == pytest.approx(30.0 * 730 / 720)


def test_what_on_demand_would_cost_is_not_made_up():
    (found,) = told(end=UNTIL)
    assert (found.amount, found.confidence) == (70.0, "low")
    assert "does not say what they cost on demand" in found.evidence


def test_days_are_a_setting_and_what_the_cluster_does_not_use_is_not_told():
    assert told(Thresholds(lapse_days=10), end=UNTIL + timedelta(days=11)) == []
    assert told(end=UNTIL, cluster_cost=0.0, on_demand_cost=0.0) == []
