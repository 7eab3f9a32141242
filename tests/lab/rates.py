"""What things cost at public on-demand rates in the lab (US dollars, close to us-east-1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class InstanceType:
    """One row of a price sheet."""

    cores: int
    memory_gib: int
    hourly: str
    gpus: int = 0
    arch: str = "amd64"
    drawn: bool = True
    """Whether random worlds have it."""


INSTANCES = {
    "m6i.large": InstanceType(2, 8, "0.096"),
    "m6i.xlarge": InstanceType(4, 16, "0.192"),
    "m6i.2xlarge": InstanceType(8, 32, "0.384"),
    "c6i.xlarge": InstanceType(4, 8, "0.17"),
    "c6i.2xlarge": InstanceType(8, 16, "0.34"),
    "r6i.large": InstanceType(2, 16, "0.126"),
    "r6i.xlarge": InstanceType(4, 32, "0.252"),
    "t3.medium": InstanceType(2, 4, "0.0416"),
    "t3.xlarge": InstanceType(4, 16, "0.1664", drawn=False),
    "m7g.xlarge": InstanceType(4, 16, "0.1632", arch="arm64"),
    "g5.xlarge": InstanceType(4, 16, "1.006", gpus=1),
}
SPOT_FACTOR = ("0.31", "0.38", "0.44")
"""Share of the on-demand rate that a spot hour costs; moves from day to day."""

DISK = {"gp2": "0.10", "gp3": "0.08", "io2": "0.125"}
"""Per GiB and month; a month is as long as the calendar says."""
SNAPSHOT = "0.05"
GP3_IOPS = "0.005"

BALANCER = {"network": "0.0225", "application": "0.0225", "classic": "0.025"}
LCU = {"network": "0.006", "application": "0.008"}
CLASSIC_GB = "0.008"

NAT_HOUR, NAT_GB = "0.045", "0.045"
PUBLIC_IP = "0.005"
CONTROL_PLANE, EXTENDED_SUPPORT = "0.10", "0.50"
INTERNET_GB, REGIONAL_GB = "0.09", "0.01"

PREFIX = {"us-east-1": "", "us-west-2": "USW2-", "eu-west-1": "EU-"}
LONG_PREFIX = {"us-east-1": "USE1-", "us-west-2": "USW2-", "eu-west-1": "EUW1-"}
PLACE = {
    "us-east-1": "US East (N. Virginia)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "EU (Ireland)",
}
