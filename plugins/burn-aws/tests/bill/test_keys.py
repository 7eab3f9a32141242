"""One normal form of a resource id: by hand, and the same in Python, DuckDB and Athena's text."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burn.api.bills.engine.dialect import to_dialect
from burn_aws.keys import join_key_sql, resource_key, resource_key_sql

ARN = "arn:{}:elasticloadbalancing:r-1:012345678901:loadbalancer/{}"
BY_HAND = [
    ("i-0abc", "i-0abc"),
    ("vol-0abc", "vol-0abc"),
    (None, ""),
    ("", ""),
    (ARN.format("aws", "app/web/50dc6c495c0c9188"), "loadbalancer/app/web"),
    (ARN.format("aws-cn", "net/web/50dc6c49"), "loadbalancer/net/web/50dc6c49"),
    (ARN.format("aws-us-gov", "classic-one"), "loadbalancer/classic-one"),
    ("arn:aws:ec2:us-east-2:1:instance/i-0abc", "i-0abc"),
    ("arn:aws:ec2:us-east-2:1:volume/vol-0abc", "vol-0abc"),
    ("arn:aws:ec2:us-east-2:1:elastic-ip/eipalloc-1", "eipalloc-1"),
    ("arn:aws:ec2:us-east-2:1:network-interface/eni-1", "eni-1"),
    ("arn:aws:ec2:us-east-2:1:natgateway/nat-1", "nat-1"),
    ("arn:aws:eks:us-east-2:1:cluster/prod", "cluster/prod"),
    ("arn:aws:eks:us-east-2:1:pod/prod/shop/web-1/6f1c-uid", "6f1c-uid"),
    ("arn:aws:logs:us-east-2:1:log-group:/aws/eks/prod/cluster", "log-group:/aws/eks/prod/cluster"),
    ("arn:aws:s3:::bucket/a", "bucket/a"),
    ("arn:aws:s3:::bucket", "bucket"),
    ("arn:aws-cn:elasticfilesystem:cn-north-1:1:file-system/fs-0a1", "file-system/fs-0a1"),
    ("arn:aws-us-gov:fsx:us-gov-west-1:1:file-system/fs-0a1", "file-system/fs-0a1"),
    ("arn:aws:fsx:us-east-1:1:volume/fs-0a1/fsvol-2", "file-system/fs-0a1"),
    ("fs-0a1", "file-system/fs-0a1"),
    ("arn:odd", "arn:odd"),
]


@pytest.mark.parametrize(("resource_id", "key"), BY_HAND)
def test_by_hand(resource_id: str | None, key: str) -> None:
    assert resource_key(resource_id) == key


def in_sql(values: list[str | None], text: str) -> list[Any]:
    with duckdb.connect() as db:
        rows = db.execute(f"SELECT {text} FROM (SELECT UNNEST(?::VARCHAR[]) AS x)", [values])
        return [row[0] for row in rows.fetchall()]


def test_sql_by_hand() -> None:
    ids = [resource_id for resource_id, _ in BY_HAND]
    assert in_sql(ids, resource_key_sql("x")) == [key for _, key in BY_HAND]


def test_a_join_finds_what_can_be_an_asset() -> None:
    assets = [
        (i, k) for i, k in BY_HAND if i and not k.startswith(("log-group", "bucket/", "arn:odd"))
    ]
    assert in_sql([i for i, _ in assets], join_key_sql("x")) == [key for _, key in assets]
    assert in_sql(["arn:aws:rds:r:1:db:prod"], join_key_sql("x")) == [None]


ids = st.one_of(
    st.none(),
    st.text("ai-/: 0", max_size=12),
    st.from_regex(r"arn:aws(-cn)?:(ec2|eks|logs|s3):[a-z]?:1?:[a-z:/-]{0,20}", fullmatch=True),
    st.from_regex(r"arn:aws:eks:r:1:pod/[a-z]/[a-z]?/[a-z]/[a-z/]{1,5}", fullmatch=True),
)


@settings(max_examples=60)
@given(values=st.lists(ids, min_size=1, max_size=20))
def test_sql_agrees_with_python(values: list[str | None]) -> None:
    assert in_sql(values, resource_key_sql("x")) == [resource_key(value) for value in values]


def test_athena_has_the_same_pattern() -> None:
    text = to_dialect(f"SELECT {resource_key_sql('x')} AS k FROM t", "athena")
    assert "REGEXP_REPLACE(x, '^arn:[^:]*:(ec2" in text
