"""Kubernetes ids to the bill's resource ids and back: by hand, and by construction."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn_aws.identity import identify
from burn_aws.keys import resource_key, resource_key_sql
from tests.servers.aws_inventory import balancer, inventory, node, volume

REGIONS = {
    "us-east-1": ("aws", "amazonaws.com"),
    "eu-central-2": ("aws", "amazonaws.com"),
    "cn-northwest-1": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-west-1": ("aws-us-gov", "amazonaws.com"),
}
HEX = "0123456789abcdef"
names = st.from_regex(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,28}[a-zA-Z0-9])?", fullmatch=True).filter(
    lambda name: not name.lower().startswith("internal-")
)
ids = st.text(HEX, min_size=16, max_size=16)
accounts = st.from_regex(r"[0-9]{12}", fullmatch=True)
numbers = st.integers(1, 2**31)
regions = st.sampled_from(sorted(REGIONS))


def keys(*assets: dict[str, object]) -> dict[str, set[str]]:
    found = identify(inventory(*assets))
    return {
        str(asset): set(rows["resource_key"])
        for asset, rows in found.groupby("asset_id", sort=True)
    }


def one(asset: dict[str, object]) -> set[str]:
    return set().union(*keys(asset).values())


def arn(service: str, region: str, account: str, rest: str) -> str:
    return f"arn:{REGIONS[region][0]}:{service}:{region}:{account}:{rest}"


@settings(deadline=None)
@given(st.from_regex(r"i-[0-9a-f]{8}([0-9a-f]{9})?", fullmatch=True), regions)
def test_an_instance_is_itself_on_the_bill(instance: str, region: str) -> None:
    assert one(node(f"aws:///{region}a/{instance}")) == {instance}
    assert resource_key(instance) == instance
    assert resource_key(arn("ec2", region, "123456789012", f"instance/{instance}")) == instance


@settings(deadline=None)
@given(st.from_regex(r"vol-[0-9a-f]{8}([0-9a-f]{9})?", fullmatch=True), regions)
def test_a_disk_is_the_same_through_csi_and_in_tree(disk: str, region: str) -> None:
    assert one(volume(disk)) == one(volume(f"aws://{region}b/{disk}")) == {disk}
    assert resource_key(arn("ec2", region, "123456789012", f"volume/{disk}")) == disk


@settings(deadline=None)
@given(names, ids, accounts, regions, st.sampled_from(["", "dualstack."]))
def test_a_network_balancer_joins_its_arn(
    name: str, tail: str, account: str, region: str, spread: str
) -> None:
    host = f"{spread}{name}-{tail}.elb.{region}.{REGIONS[region][1]}"
    on_bill = arn("elasticloadbalancing", region, account, f"loadbalancer/net/{name}/{tail}")
    assert one(balancer(host)) == {resource_key(on_bill)}


@settings(deadline=None)
@given(names, ids, accounts, regions, numbers, st.sampled_from(["", "internal-", "dualstack."]))
def test_an_application_or_classic_balancer_joins_either_arn(
    name: str, tail: str, account: str, region: str, number: int, spread: str
) -> None:
    host = f"{spread}{name}-{number}.{region}.elb.{REGIONS[region][1]}"
    service = ("elasticloadbalancing", region, account)
    application = arn(*service, f"loadbalancer/app/{name}/{tail}")
    classic = arn(*service, f"loadbalancer/{name}")
    assert one(balancer(host)) == {resource_key(application), resource_key(classic)}


def test_a_fargate_node_is_its_pod() -> None:
    uid = "0b6b4f4e-1111-2222-3333-444455556666"
    place = "aws:///us-east-1b/4c2f4a7e6f-1f0d4a/fargate-ip-10-0-0-1.ec2.internal"
    assert one(node(place, pod_uid=uid)) == {uid}
    assert resource_key(f"arn:aws:eks:us-east-1:1:pod/shop/web/api-0/{uid}") == uid
    assert keys(node(place)) == {}, "no pod seen, nothing to look for on the bill"


def test_file_systems_are_known_by_the_system_not_the_access_point() -> None:
    wanted = {"file-system/fs-0a1"}
    assert (
        one(volume("fs-0a1::fsap-9")) == one(volume("fs-0a1")) == one(volume("fs-0a1:/x")) == wanted
    )
    assert resource_key("arn:aws:elasticfilesystem:us-east-1:1:file-system/fs-0a1") in wanted


def test_a_resource_of_several_assets_is_shared() -> None:
    found = identify(
        inventory(
            volume("fs-0a1::fsap-1"),
            volume("fs-0a1:/home"),
            volume("vol-0abc"),
            balancer("dualstack.x-123.us-east-1.elb.amazonaws.com"),
            balancer("x-123.us-east-1.elb.amazonaws.com"),
        )
    )
    shared = found[found["method"].str.startswith("shared")]
    assert dict(shared["resource_key"].value_counts()) == {
        "file-system/fs-0a1": 2,
        "loadbalancer/app/x": 2,
        "loadbalancer/x": 2,
    }
    assert found.set_index("resource_key").loc["vol-0abc", "method"] == "volume handle"


@pytest.mark.parametrize(
    ("handle", "key"),
    [
        ("fs-0a1.efs.eu-west-1.amazonaws.com:/data", "file-system/fs-0a1"),
        ("fs-0a1.fsx.cn-north-1.amazonaws.com.cn", "file-system/fs-0a1"),
        ("team-data", "team-data"),
        ("s3://team-data/prefix", "team-data"),
    ],
)
def test_other_volumes_of_a_service(handle: str, key: str) -> None:
    assert one(volume(handle)) == {key}


@pytest.mark.parametrize(
    "domain", ["c2s.ic.gov", "sc2s.sgov.gov", "amazonaws.eu", "amazonaws.com.cn"]
)
def test_a_balancer_of_any_partition(domain: str) -> None:
    host = f"web-0123456789abcdef.elb.xx-west-1.{domain}"
    assert one(balancer(host)) == {"loadbalancer/net/web/0123456789abcdef"}


@pytest.mark.parametrize(
    "asset",
    [
        node(""),
        node("gce://project/zone/name"),
        node("eks-hybrid:///us-west-2/cluster/mi-0123"),
        volume("nfs-server.default.svc##share"),
        volume(""),
        balancer("10.0.0.1"),
        balancer("lb.example.org"),
        balancer("elb.us-east-1.amazonaws.com.evil.example"),
    ],
    ids=lambda asset: str(asset["provider_id"]) or "nothing",
)
def test_what_is_not_on_aws_has_no_key(asset: dict[str, object]) -> None:
    assert keys(asset) == {}


def test_an_empty_inventory_is_fine() -> None:
    assert identify(inventory()).empty


@settings(deadline=None)
@given(
    st.one_of(
        st.builds(
            lambda r, a, k, n, t: arn("elasticloadbalancing", r, a, f"loadbalancer/{k}{n}/{t}"),
            regions,
            accounts,
            st.sampled_from(["app/", "net/", "gwy/"]),
            names,
            ids,
        ),
        st.builds(lambda r, a, n: arn("ec2", r, a, f"natgateway/nat-{n}"), regions, accounts, ids),
        st.builds(lambda r, a, n: arn("eks", r, a, f"cluster/{n}"), regions, accounts, names),
        ids,
        st.just(""),
    )
)
def test_the_key_is_the_same_in_sql(resource_id: str) -> None:
    sql = f"SELECT {resource_key_sql('id')} FROM (SELECT ? AS id)"
    found = duckdb.connect().execute(sql, [resource_id]).fetchone()
    assert found == (resource_key(resource_id),)
