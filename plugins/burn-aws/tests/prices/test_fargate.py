"""The size that Fargate bills, from the table in the EKS user guide."""

from __future__ import annotations

import pytest

from burn_aws.prices.fargate import size
from burn_aws.prices.unpriced import unpriced
from tests.servers.aws_inventory import inventory, node

FARGATE = "aws:///us-east-1b/hash/fargate-ip-10-0-0-1.ec2.internal"


@pytest.mark.parametrize(
    ("vcpu", "gib", "billed"),
    [
        (0.0, 0.0, (0.25, 0.5)),
        (0.25, 0.25, (0.25, 0.5)),
        (0.3, 0.6, (0.5, 1.0)),
        (0.25, 2.0, (0.5, 3.0)),  # 2.25 GiB are more than 0.25 vCPU can have
        (1.0, 8.0, (2.0, 9.0)),  # the guide's own example
        (4.0, 29.9, (8.0, 32.0)),
        (8.0, 16.0, (8.0, 20.0)),
        (16.0, 100.0, (16.0, 104.0)),
        (2.000001, 4.0, (2.0, 5.0)),
        (99.0, 999.0, (16.0, 120.0)),
    ],
)
def test_sizes(vcpu: float, gib: float, billed: tuple[float, float]) -> None:
    assert size(vcpu, gib) == billed


def test_a_pods_requests_decide_and_not_the_machine_behind_it() -> None:
    machine = node(FARGATE, "", cpu_cores=2.0, memory_gib=4.0)
    frame = inventory(machine, node("aws:///a/i-1"), days=("2026-10-01", "2026-10-02"))
    # On the second day the pod was there for a quarter of the node's hours.
    frame["cpu_requested"] = [0.3 * 24, 0.3 * 6, None, None]
    frame["memory_requested"] = [0.6 * 24, 0.6 * 6, None, None]
    found = unpriced(frame)
    assert list(found["quantity"]) == [12.0, 12.0, 24.0, 24.0]
    assert list(found["memory_gib"]) == [1.0, 1.0, 8.0, 8.0]


def test_without_requests_the_machine_is_all_there_is_to_go_by() -> None:
    frame = inventory(node(FARGATE, "", cpu_cores=2.0, memory_gib=4.0))
    frame["cpu_requested"] = frame["memory_requested"] = float("nan")
    assert list(unpriced(frame)["quantity"]) == [48.0]
