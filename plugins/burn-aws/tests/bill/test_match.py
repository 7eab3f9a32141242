"""What makes a line the cluster's, and what a volume is then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from burn.api import Bill
from burn_aws.scope import AwsScope

PROD = AwsScope(cluster="prod")
DISK = {
    "line_item_usage_type": "USE2-EBS:VolumeUsage.gp3",
    "line_item_resource_id": "vol-1",
    "line_item_usage_amount": 10.0,
    "line_item_unblended_cost": 0.8,
}
EKS = {
    "line_item_product_code": "AmazonEKS",
    "line_item_usage_type": "USE2-AmazonEKS-Hours:perCluster",
}
ARN = "arn:aws:eks:us-east-2:012345678901"


def one(found: Bill) -> dict[str, Any]:
    (row,) = found.rows.to_dict("records")
    return {str(k): v for k, v in row.items()}


CLUSTER_TAGS: list[tuple[dict[str, str], bool]] = [
    ({"kubernetes.io/cluster/prod": "owned"}, True),
    ({"kubernetes.io/cluster/prod": "shared"}, False),
    ({"kubernetes.io/cluster/other": "owned"}, False),
    ({"aws:eks:cluster-name": "prod"}, True),
    ({"eks:cluster-name": "prod"}, True),
    ({"alpha.eksctl.io/cluster-name": "prod"}, True),
    ({"eks:eks-cluster-name": "prod"}, True),
    ({"karpenter.sh/discovery": "prod"}, True),
    ({"KubernetesCluster": "prod"}, True),
    ({"eks:cluster-name": "prod-2"}, False),
    ({"team": "prod"}, False),
    ({}, False),
]


def apart(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line in an account of its own, so that it is a row of its own."""
    return [line | {"line_item_usage_account_id": f"{at:012}"} for at, line in enumerate(lines)]


def test_cluster_tags(bill: Callable[..., Bill], form: str) -> None:
    lines = apart([{"tags": tags} for tags, _ in CLUSTER_TAGS])
    rows = bill(lines, form=form, scope=PROD).rows.sort_values("sub_account_id")
    told = ["in_cluster", "match_method", "resource_key", "sku"]
    outside = (False, "", "", "")
    mine = (True, "cluster tag", "i-0001", "USE2-BoxUsage:m5.large")
    found = list(rows[told].itertuples(index=False, name=None))
    assert found == [mine if inside else outside for _, inside in CLUSTER_TAGS]


def test_no_cluster_name_no_tags(bill: Callable[..., Bill]) -> None:
    assert not one(bill([{"tags": {"eks:cluster-name": "prod"}}]))["in_cluster"]


def test_further_tags(bill: Callable[..., Bill], form: str) -> None:
    scope = AwsScope(cluster_tags=("Env=live", "team = core"))
    assert one(bill([{"tags": {"Env": "live"}}], form=form, scope=scope))["in_cluster"]
    assert not one(bill([{"tags": {"Env": "test"}}], form=form, scope=scope))["in_cluster"]


def test_resource_id_wins_over_tag(bill: Callable[..., Bill], form: str) -> None:
    line = {"tags": {"eks:cluster-name": "prod", "Name": "worker-1"}}
    row = one(bill([line], form=form, scope=PROD, keys=["i-0001"]))
    assert (row["match_method"], row["resource_name"]) == ("resource id", "worker-1")


@pytest.mark.parametrize(
    ("arn", "key"),
    [
        (f"{ARN}:cluster/prod", "cluster/prod"),
        (f"{ARN.replace('aws', 'aws-cn', 1)}:cluster/prod", "cluster/prod"),
        (f"{ARN}:cluster/prod-2", ""),
        (f"{ARN}:pod/prod/shop/web-1/6f1c-uid", "6f1c-uid"),
        (f"{ARN}:pod/prod2/shop/web-1/6f1c-uid", ""),
    ],
)
def test_eks_arns(bill: Callable[..., Bill], arn: str, key: str) -> None:
    row = one(bill([{**EKS, "line_item_resource_id": arn}], scope=PROD))
    assert (row["resource_key"], row["match_method"]) == (key, "EKS ARN" if key else "")


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_balancers_of_any_partition(bill: Callable[..., Bill], partition: str) -> None:
    arn = f"arn:{partition}:elasticloadbalancing:r:1:loadbalancer/net/web/50dc6c495c0c9188"
    line = {
        "line_item_product_code": "AWSELB",
        "line_item_usage_type": "CNN1-LoadBalancerUsage",
        "line_item_resource_id": arn,
    }
    row = one(bill([line], keys=["loadbalancer/net/web/50dc6c495c0c9188"]))
    assert (row["x_cost_class"], row["quantity"], row["in_cluster"]) == ("load_balancer", 1, True)


def test_stated_resources(bill: Callable[..., Bill]) -> None:
    scope = AwsScope(cluster_resources=("nat-0a", "log-group:/aws/eks/prod/*"))
    nat = {
        "line_item_resource_id": "arn:aws:ec2:us-east-2:1:natgateway/nat-0a",
        "line_item_usage_type": "USE2-NatGateway-Hours",
    }
    near = {**nat, "line_item_resource_id": "arn:aws:ec2:us-east-2:1:natgateway/nat-0ab"}
    logs = {
        "line_item_product_code": "AmazonCloudWatch",
        "line_item_usage_type": "USE2-DataProcessing-Bytes",
        "line_item_resource_id": "arn:aws:logs:us-east-2:1:log-group:/aws/eks/prod/cluster",
    }
    rows = bill([nat, near, logs], scope=scope).rows.set_index("resource_key")
    assert rows.loc["nat-0a", "match_method"] == "rule: stated in cluster_resources"
    assert rows.loc["log-group:/aws/eks/prod/cluster", "x_cost_class"] == "observability"
    assert not rows.loc["", "in_cluster"]


def test_log_groups_of_the_cluster(bill: Callable[..., Bill]) -> None:
    arn = "arn:aws:logs:us-east-2:1:log-group:/aws/eks/{}/cluster"
    line = {"line_item_product_code": "AmazonCloudWatch", "line_item_usage_type": "USE2-DataX"}
    mine = one(bill([{**line, "line_item_resource_id": arn.format("prod")}], scope=PROD))
    assert mine["match_method"] == "rule: the cluster's log groups"
    other = one(bill([{**line, "line_item_resource_id": arn.format("prod2")}], scope=PROD))
    assert not other["in_cluster"]


@pytest.mark.parametrize(
    ("tags", "keys", "disks", "expected"),
    [
        ({}, ["vol-1"], [], ("volume", "resource id")),
        ({}, [], ["vol-1"], ("node_disk", "resource id")),
        ({"eks:cluster-name": "prod"}, [], [], ("node_disk", "cluster tag")),
        (
            {"eks:cluster-name": "prod", "kubernetes.io/created-for/pvc/name": "data"},
            [],
            [],
            ("volume", "cluster tag"),
        ),
        (
            {"KubernetesCluster": "prod", "CSIVolumeName": "pvc-7"},
            [],
            [],
            ("volume", "cluster tag"),
        ),
        ({"CSIVolumeName": "pvc-7"}, [], [], ("volume", "")),
    ],
)
def test_root_volumes_are_not_orphans(
    bill: Callable[..., Bill],
    tags: dict[str, str],
    keys: list[str],
    disks: list[str],
    expected: tuple[str, str],
    form: str,
) -> None:
    line = {**DISK, "tags": tags}
    row = one(bill([line], form=form, scope=PROD, keys=keys, node_disks=disks))
    assert (row["x_cost_class"], row["match_method"]) == expected
    # 10 GB-months of a month of 744 hours, in GiB-hours; root volumes have no unit of their own.
    assert row["quantity"] == (7440 if expected[0] == "volume" else 0)


def test_accounts_limit_every_line(bill: Callable[..., Bill], form: str) -> None:
    lines = [
        {"line_item_unblended_cost": 1.0},
        {"line_item_usage_account_id": "999999999999", "line_item_unblended_cost": 5.0},
    ]
    found = bill(lines, form=form, scope=AwsScope(accounts=("012345678901",)))
    assert (found.control.lines, float(found.control.billed)) == (1, 1.0)
    assert found.rows["sub_account_id"].tolist() == ["012345678901"]


def test_outside_rows_are_aggregated(bill: Callable[..., Bill]) -> None:
    lines = [{"line_item_resource_id": f"i-{n}", "line_item_unblended_cost": 0.1} for n in range(9)]
    row = one(bill(lines))
    assert (row["resource_key"], row["sku"], row["x_lines"]) == ("", "", 9)
    assert row["billed_cost"] == 0.9


SNAPSHOT = "arn:aws:ec2:us-east-2:012345678901:snapshot/snap-1"
BALANCER = "arn:aws:elasticloadbalancing:us-east-2:012345678901:loadbalancer"
OWNED = {"eks:cluster-name": "prod"}


TIES: list[tuple[str, dict[str, str], str | None]] = [
    (
        "vol-1",
        {
            "kubernetes.io/created-for/pvc/name": "data",
            "kubernetes.io/created-for/pvc/namespace": "shop",
        },
        "PersistentVolumeClaim/shop/data",
    ),
    ("vol-1", {"CSIVolumeName": "pvc-1"}, "PersistentVolume/pvc-1"),
    ("vol-1", {}, None),
    (f"{BALANCER}/net/a/1", {"kubernetes.io/service-name": "web/front"}, "Service/web/front"),
    (f"{BALANCER}/net/a/1", {"service.k8s.aws/stack": "web/front"}, "Service/web/front"),
    (f"{BALANCER}/app/a/1", {"ingress.k8s.aws/stack": "shop/web"}, "Ingress/shop/web"),
    (f"{BALANCER}/app/a/1", {"ingress.k8s.aws/stack": "public"}, "IngressGroup/public"),
    (
        f"{BALANCER}/app/a/1",
        {"ingress.eks.amazonaws.com/stack": "shop/web"},
        "Ingress/shop/web",
    ),
    (
        f"{BALANCER}/net/a/1",
        {"service.eks.amazonaws.com/stack": "web/front"},
        "Service/web/front",
    ),
    (
        f"{BALANCER}/app/k8s-shop-edge-1a2b3c4d5e/1",
        {"gateway.k8s.aws.alb/stack": "shop/edge"},
        "Gateway/shop/edge",
    ),
    (f"{BALANCER}/app/k8s-shop-web-1a2b3c4d5e/1", {}, "Ingress/shop*/web*"),
    (f"{BALANCER}/net/k8s-web-front-1a2b3c4d5e/1", {}, "Service/web*/front*"),
    (f"{BALANCER}/app/k8s-public-1a2b3c4d5e/1", {}, "IngressGroup/public*"),
    (f"{BALANCER}/app/mine/1", {}, None),
    ("arn:aws:ec2:us-east-2:012345678901:dedicated-host/h-1", {}, "Node/*"),
    (SNAPSHOT, {"velero.io/pv": "pvc-1"}, "PersistentVolume/pvc-1"),
    (SNAPSHOT, {"CSIVolumeName": "pvc-2"}, "PersistentVolume/pvc-2"),
    (SNAPSHOT, {}, None),
    ("vol-1", {"velero.io/pv": "pvc-1"}, None),
]


def test_tags_and_names_say_what_uses_a_resource(bill: Callable[..., Bill], form: str) -> None:
    lines = apart(
        [{**DISK, "line_item_resource_id": one, "tags": {**OWNED, **tags}} for one, tags, _ in TIES]
    )
    rows = bill(lines, form=form, scope=PROD).rows.sort_values("sub_account_id")
    assert [said or None for said in rows["x_tied_to"]] == [wanted for *_, wanted in TIES]


@pytest.mark.parametrize(
    ("usage", "wanted"),
    [("PublicIPv4:IdleAddress", "Nothing"), ("PublicIPv4:InUseAddress", None)],
)
def test_of_an_idle_address_the_bill_says_so_itself(
    bill: Callable[..., Bill], usage: str, wanted: str | None, form: str
) -> None:
    line = {
        **DISK,
        "line_item_product_code": "AmazonVPC",
        "line_item_usage_type": f"USE2-{usage}",
        "line_item_resource_id": "arn:aws:ec2:us-east-2:012345678901:elastic-ip/eipalloc-1",
        "tags": OWNED,
    }
    row = one(bill([line], form=form, scope=PROD))
    assert (row["x_cost_class"], row["x_tied_to"] or None) == ("public_ip", wanted)


def test_what_no_column_ties_to_its_nodes_is_named(bill: Callable[..., Bill], form: str) -> None:
    """A stated m5 host of 12 is its two guests', 3 hours to 1; of the c5 guest, and of the volume
    of a file system, only what may be theirs can be told."""

    def box(kind: str, resource: str, cost: float, hours: float = 1.0) -> dict[str, Any]:
        usage = f"USE2-{kind}"
        line = {"line_item_usage_type": usage, "line_item_resource_id": resource}
        return line | {"line_item_unblended_cost": cost, "line_item_usage_amount": hours}

    arn = "arn:aws:fsx:us-east-2:012345678901:file-system/fs-"
    lines = [
        box("HostBoxUsage:m5.large", "i-1", 0.0, 3.0),
        box("HostBoxUsage:m5.large", "i-2", 0.0),
        box("HostBoxUsage:c5.large", "i-3", 0.0),
        box("HostUsage:m5", "h-1", 12.0),
        box("HostUsage:c5", "h-2", 7.0),
        box("Storage", f"{arn}1", 4.0) | {"line_item_product_code": "AmazonFSx"},
        box("Storage", f"{arn}2", 5.0) | {"line_item_product_code": "AmazonFSx"},
    ]
    keys = ["i-1", "i-2", "i-3", "fsvol-1"]
    stated = AwsScope(cluster="prod", cluster_resources=("h-1", "file-system/fs-1"))
    found = bill(lines, form=form, scope=stated, keys=keys)
    mine = found.rows[found.rows["in_cluster"]]
    sums = mine.groupby("resource_key")["billed_cost"].sum()
    assert sums.to_dict() == {"i-1": 9.0, "i-2": 3.0, "i-3": 0.0, "file-system/fs-1": 4.0}
    assert found.rows["billed_cost"].sum() == 28.0
    told = " ".join(found.notes)
    assert "1 nodes run on Dedicated Hosts, such as h-2 (7.00):" in told
    assert "FSx file systems outside the cluster are file-system/fs-2 (5.00):" in told
