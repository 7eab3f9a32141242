"""Usage types as AWS names them → what the charge is for. From AWS's price lists and bills."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from burn.api import Bill

NAMED = [
    ("AmazonEC2", "BoxUsage:m5.large", "node"),
    ("AmazonEC2", "BoxUsage", "node"),
    ("AmazonEC2", "EUC1-SpotUsage:c6g.xlarge", "node"),
    ("AmazonEC2", "UGW1-DedicatedUsage:m5.large", "node"),
    ("AmazonEC2", "CNN1-HostUsage:m5", "node"),
    ("AmazonEC2", "USE2-ReservedHostUsage:m5", "node"),
    ("AmazonEC2", "AFS1-UnusedBox:c5ad.2xlarge", "other"),
    ("AmazonEC2", "USE2-Reservation:m5.large", "other"),
    ("AmazonEC2", "USE2-EBSOptimized:m4.large", "other"),
    ("AmazonEC2", "USE2-CPUCredits:t3", "other"),
    ("ElasticMapReduce", "USE2-BoxUsage:m5.xlarge", "other"),
    ("AmazonEC2", "EBS:VolumeUsage", "volume"),
    ("AmazonEC2", "APN1-EBS:VolumeUsage.piops", "volume"),
    ("AmazonEC2", "USE2-EBS:VolumeP-IOPS.gp3", "disk_performance"),
    ("AmazonEC2", "USE2-EBS:VolumeP-Throughput.gp3", "disk_performance"),
    ("AmazonEC2", "EBS:VolumeIOUsage", "disk_performance"),
    ("AmazonEC2", "USE2-EBS:SnapshotUsage", "snapshot"),
    ("AmazonEC2", "USE2-EBS:FastSnapshotRestore", "snapshot"),
    ("AWSELB", "USE2-LoadBalancerUsage", "load_balancer"),
    ("AWSELB", "LoadBalancerUsage", "load_balancer"),
    ("AWSELB", "CAN1-TS-LoadBalancerUsage", "load_balancer_usage"),
    ("AWSELB", "USE2-LCUUsage", "load_balancer_usage"),
    ("AWSELB", "USE2-DataProcessing-Bytes", "load_balancer_usage"),
    ("AWSELB", "USE2-DataTransfer-Regional-Bytes", "data_transfer"),
    ("AmazonEC2", "USE2-NatGateway-Hours", "nat"),
    ("AmazonEC2", "USE2-NatGateway-Bytes", "nat"),
    ("AmazonEC2", "USE2-DataTransfer-Out-Bytes", "data_transfer"),
    ("AmazonEC2", "USE2-USW2-AWS-Out-Bytes", "data_transfer"),
    ("AmazonEC2", "USE2-VPCPeering-In-Bytes", "data_transfer"),
    ("AWSDataTransfer", "USE2-APS1-AWS-In-ABytes", "data_transfer"),
    ("AmazonVPC", "USE2-PublicIPv4:InUseAddress", "public_ip"),
    ("AmazonEC2", "USE2-ElasticIP:IdleAddress", "public_ip"),
    ("AmazonVPC", "USE2-VpcEndpoint-Hours", "other"),
    ("AmazonEKS", "USE2-AmazonEKS-Hours:perCluster", "control_plane"),
    ("AmazonEKS", "USE2-AmazonEKS-Hours:perClusterExtended", "extended_support"),
    ("AmazonEKS", "USE2-AmazonEKS-Hours:extendedSupport", "extended_support"),
    ("AmazonEKS", "USE2-EKS-Auto:c6a.large", "control_plane"),
    ("AmazonEKS", "USE2-Fargate-vCPU-Hours:perCPU", "node"),
    ("AmazonEKS", "USE2-Fargate-GB-Hours", "node"),
    ("AmazonEKS", "USE2-Fargate-EphemeralStorage-GB-Hours", "node_disk"),
    ("AmazonECS", "USE2-Fargate-GB-Hours", "other"),
    ("AmazonCloudWatch", "USE2-CW:MetricMonitorUsage", "observability"),
    ("AmazonPrometheus", "USE2-AMP:MetricSampleCount", "observability"),
    ("AmazonS3", "USE2-TimedStorage-ByteHrs", "other"),
    ("AmazonRDS", "USE2-InstanceUsage:db.m5.large", "other"),
]


@pytest.mark.parametrize(("product", "usage_type", "expected"), NAMED)
def test_class(bill: Callable[..., Bill], product: str, usage_type: str, expected: str) -> None:
    line = {"line_item_product_code": product, "line_item_usage_type": usage_type}
    assert bill([line]).rows["x_cost_class"].tolist() == [expected]


def test_fargate_counts_vcpu_hours_once(bill: Callable[..., Bill]) -> None:
    """A pod of 2 vCPU and 4 GB for an hour: its node quantity is 2, whatever its memory."""
    pod = {
        "line_item_product_code": "AmazonEKS",
        "line_item_resource_id": "arn:aws:eks:us-east-2:1:pod/prod/shop/web/0a-uid",
    }
    lines = [
        {
            **pod,
            "line_item_usage_type": "USE2-Fargate-vCPU-Hours:perCPU",
            "line_item_usage_amount": 2.0,
            "line_item_unblended_cost": 0.08096,
        },
        {
            **pod,
            "line_item_usage_type": "USE2-Fargate-GB-Hours",
            "line_item_usage_amount": 4.0,
            "line_item_unblended_cost": 0.01778,
        },
    ]
    rows = bill(lines, keys=["0a-uid"]).rows
    assert set(rows["x_cost_class"]) == {"node"}
    assert rows["quantity"].sum() == 2.0
    assert rows["list_cost"].sum() == pytest.approx(0.09874, abs=1e-12)
