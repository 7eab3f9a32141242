"""Headings of findings: a long id is told by its last name, and whole in the evidence."""

from __future__ import annotations

import pytest

from burn.api import Finding
from burn.view.findings import chosen, evidence, heading

ARM = "/subscriptions/0b1f/resourcegroups/mc_shop/providers/microsoft.compute/disks/pvc-1"
ARN = "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/net/a1b2/c3d4"


def about(subject: str) -> Finding:
    return Finding(
        rule="orphaned-disk",
        title="A disk",
        subject=subject,
        amount=1.0,
        monthly=1.0,
        evidence="Billed 1.00",
        action="Delete it",
    )


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (ARM, "disks/pvc-1"),
        (f"azure:{ARM}", "azure:disks/pvc-1"),
        (ARN, "loadbalancer/net/a1b2/c3d4"),
        (f"aws:{ARN}", "aws:loadbalancer/net/a1b2/c3d4"),
        ("//container.googleapis.com/projects/p/zones/z/clusters/shop", "clusters/shop"),
    ],
)
def test_long_ids(subject: str, name: str) -> None:
    assert heading(about(subject)) == name
    assert evidence(about(subject)) == f"Billed 1.00; its id is {subject}"


@pytest.mark.parametrize(
    "subject",
    [
        "shop/Deployment/web",
        "vol-0123456789",
        "aws:shop/Deployment/web",
        "nodes",
        "a, b and 3 more",
    ],
)
def test_names_that_people_know_stay(subject: str) -> None:
    assert heading(about(subject)) == subject
    assert evidence(about(subject)) == "Billed 1.00"


def test_what_saves_money_comes_first_and_what_saves_none_is_never_cut() -> None:
    made = [
        Finding(title=name, subject="s", amount=1, monthly=1, evidence="e", action="a", saves=saves)
        for name, saves in (("guess", "none"), ("a", "all"), ("b", "part"), ("c", "all"))
    ]
    found, left = chosen(made, 2)
    assert [one.title for one in found] == ["a", "b", "guess"]
    assert left == 1
