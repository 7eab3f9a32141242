"""EC2: which volumes are attached to the cluster's instances right now, and what spot costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from burn_aws.client.errors import translated
from burn_aws.client.session import AwsSession

BATCH = 200
"""The most values that one EC2 filter takes."""


def attached_volumes(session: AwsSession, instances: Sequence[str]) -> list[str]:
    """Ids of the volumes attached to these instances; those of instances that are gone are not.

    Raises:
        AccessError: ec2:DescribeVolumes is not allowed, or AWS is out of reach.
    """
    found: set[str] = set()
    with translated("ec2:DescribeVolumes", "the cluster's instances"):
        pages = session.client("ec2").get_paginator("describe_volumes")
        ids = sorted(set(instances))
        for at in range(0, len(ids), BATCH):
            filters = [{"Name": "attachment.instance-id", "Values": ids[at : at + BATCH]}]
            for page in pages.paginate(Filters=filters):
                found.update(str(volume["VolumeId"]) for volume in page["Volumes"])
    return sorted(found)


def spot_prices(session: AwsSession, region: str, types: Sequence[str]) -> dict[str, float]:
    """What an hour of each type costs as Linux spot right now, in the region's dearest zone, in dollars.

    Raises:
        AccessError: ec2:DescribeSpotPriceHistory is not allowed, or AWS is out of reach.
    """
    found: dict[str, float] = {}
    with translated("ec2:DescribeSpotPriceHistory", f"spot prices in {region}"):
        pages = session.client("ec2", region).get_paginator("describe_spot_price_history")
        # From now on is what holds now.
        asked = {"ProductDescriptions": ["Linux/UNIX"], "StartTime": datetime.now(UTC)}
        for page in pages.paginate(InstanceTypes=sorted(set(types)), **asked):
            for one in page["SpotPriceHistory"]:
                name, price = str(one["InstanceType"]), float(one["SpotPrice"])
                found[name] = max(price, found.get(name, 0.0))
    return found
