"""Findings of right-sizing: whose rule speaks, what the surplus costs, when it is silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from burn.api import Finding, FindRequest, schemas
from burn.builtin.rules.specs import RULES
from tests.unit.builtin.rules.builders import frame, inputs
from tests.unit.sizing.worlds import row, sized

SPECS = {spec.name: spec for spec in RULES}
WHO = {"cluster": "", "namespace": "shop", "workload_kind": "Deployment", "workload": "web"}


def request(days: int = 14, **more: float) -> FindRequest:
    rows = [row("a", number, 0.4, 1.0, **more) for number in range(days)]
    cost = {"basis": "effective", "kind": "direct"} | WHO
    return inputs(
        sizes=sized(rows),
        allocation=[
            cost | {"resource": "cpu", "cost": 100.0},
            cost | {"resource": "memory", "cost": 40.0},
        ],
    )


def found(name: str, asked: FindRequest) -> list[Finding]:
    spec = SPECS[name]
    return list(spec.make(spec.settings()).find(asked))


@pytest.mark.parametrize(
    ("name", "cpu", "memory"),
    [
        ("right-size", 0.46, 1.15),
        ("right-size-krr", 0.4, 1.15),
        ("right-size-kubecost", 0.4 / 0.7, 1 / 0.7),
    ],
)
def test_the_surplus_of_each_resource_at_the_workloads_own_cost(
    name: str, cpu: float, memory: float
) -> None:
    """1 core and 4 GiB are asked for, which cost 100 and 40."""
    (one,) = found(name, request())
    assert one.amount == pytest.approx(100 * (1 - cpu) + 40 * (4 - memory) / 4)
    assert (one.subject, one.bill_saving) == ("shop/Deployment/web", False)


def test_a_surplus_that_another_container_needs_is_none() -> None:
    """Killed at 8 GiB, memory needs 10 instead of 4: 60 more, where CPU is 54 less."""
    assert found("right-size", request(oom_kills=1.0, memory_limit=8.0)) == []


def test_a_container_too_young_to_be_sized_has_its_part_of_the_cost() -> None:
    """Main asks for 1 core and 4 GiB of the pod's 2 and 6: 0.54 of 2 and 2.85 of 6 are surplus."""
    asked = request()
    pods = WHO | {"scope": "workload", "hours": 336.0}
    pods |= {"cpu_request": 2 * 336.0, "memory_request": 6 * 336.0}
    (one,) = found("right-size", replace(asked, usage=frame(schemas.USE, [pods])))
    assert one.amount == pytest.approx(100 * 0.54 / 2 + 40 * 2.85 / 6)


def test_two_weeks_are_sure_and_one_is_less_so() -> None:
    assert [one.confidence for one in found("right-size", request(14))] == ["high"]
    assert [one.confidence for one in found("right-size", request(7))] == ["medium"]
    assert found("right-size", request(6)) == []


def test_without_facts_nothing_is_said() -> None:
    assert [name for name in SPECS if name.startswith("right-size") and found(name, inputs())] == []


def test_the_others_wait_to_be_asked() -> None:
    assert {name for name, spec in SPECS.items() if spec.on_request} == {
        "right-size-krr",
        "right-size-vpa",
        "right-size-kubecost",
    }
