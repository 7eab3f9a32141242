"""Volumes attached to instances, against moto's EC2."""

from __future__ import annotations

import boto3
import pytest

from burn.api import AccessError
from burn_aws.client.ec2 import attached_volumes
from burn_aws.client.session import AwsSession
from burn_aws.settings import AwsSettings
from tests.servers.aws import answering, query_error


def test_root_volumes_of_instances_are_found(aws_url: str, aws_environment: None) -> None:
    ec2 = boto3.client("ec2", endpoint_url=aws_url)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=3, MaxCount=3)["Instances"]
    wanted = [instance["InstanceId"] for instance in made[:2]]
    expected = {
        mapping["Ebs"]["VolumeId"]
        for reservation in ec2.describe_instances(InstanceIds=wanted)["Reservations"]
        for instance in reservation["Instances"]
        for mapping in instance["BlockDeviceMappings"]
    }
    session = AwsSession(AwsSettings(endpoint_url=aws_url))
    gone = [f"i-{n:017x}" for n in range(450)]
    assert set(attached_volumes(session, wanted + gone)) == expected
    assert len(expected) == 2


def test_a_refusal_names_the_permission(aws_environment: None) -> None:
    denied = query_error("UnauthorizedOperation", "You are not authorized")
    with answering(lambda call: denied) as (url, _):
        session = AwsSession(AwsSettings(endpoint_url=url))
        with pytest.raises(AccessError, match="ec2:DescribeVolumes"):
            attached_volumes(session, ["i-1"])
