"""The kit that every billing provider passes, on each way AWS bills can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from burn.testing.provider import BillingProviderConformance, ProviderCase
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from tests.lab.cur2 import write_cur2
from tests.lab.cur_legacy import write_legacy
from tests.lab.focus import write_focus
from tests.servers.athena import athena
from tests.servers.aws import moto
from tests.servers.aws_world import inventory, parquet_of, scope, window, world


def case_of(settings: AwsSettings) -> ProviderCase:
    return ProviderCase(AwsProvider(settings), inventory(), window(), scope())


class TestLegacyCsvInAFolder(BillingProviderConformance):
    plugin = "aws"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> ProviderCase:
        folder = write_legacy(world()[1], tmp_path_factory.mktemp("legacy"))
        return case_of(AwsSettings(bill=str(folder), price_list="off"))


class TestFocusInAFolder(BillingProviderConformance):
    plugin = "aws"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> ProviderCase:
        folder = write_focus(world()[1], tmp_path_factory.mktemp("focus"))
        return case_of(AwsSettings(bill=str(folder), price_list="off"))


class TestCur2InS3(BillingProviderConformance):
    plugin = "aws"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        root = tmp_path_factory.mktemp("cur2")
        write_cur2(world()[1], root)
        with moto() as url:
            upload(url, root, "billing")
            cache = str(tmp_path_factory.mktemp("cache"))
            mine = AwsSettings(
                bill="s3://billing/exports/", endpoint_url=url, cache=cache, price_list="off"
            )
            yield case_of(mine)


class TestCur2InAthena(BillingProviderConformance):
    plugin = "aws"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        root = tmp_path_factory.mktemp("athena")
        write_cur2(world()[1], root)
        with athena({"cur2": parquet_of(root)}) as (url, _):
            mine = AwsSettings(bill="athena://billing/cur2", endpoint_url=url, price_list="off")
            yield case_of(mine)


def upload(url: str, root: Path, bucket: str) -> None:
    """Everything below a folder, under the prefix `exports/`."""
    s3 = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    s3.create_bucket(Bucket=bucket)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            key = f"exports/{path.relative_to(root).as_posix()}"
            s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
