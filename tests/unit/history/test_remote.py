"""The same in object stores, through pyarrow.fs: moto's S3 and Azurite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyarrow.fs import AzureFileSystem

from burn.api import AccessError, UsageError
from burn.history.place import Place
from burn.history.store import History
from tests.servers.aws import moto
from tests.servers.azurite import ACCOUNT, KEY, azurite
from tests.unit.history.reports import NOW, rich, same


@pytest.fixture(scope="module", params=["s3", "azure"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    if request.param == "s3":
        import boto3

        keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
        with moto() as server:
            boto3.client("s3", endpoint_url=server, **keys).create_bucket(Bucket="kept")
            host = server.removeprefix("http://")
            options = f"endpoint_override={host}&scheme=http&region=us-east-1"
            yield Place(f"s3://k:s@kept/burn/history?{options}")
        return
    with azurite(tmp_path_factory.mktemp("azurite")) as settings:
        host = settings.storage_url.removeprefix("http://")
        options = {
            f"{kind}_storage_{what}": value
            for kind in ("blob", "dfs")
            for what, value in (("authority", host), ("scheme", "http"))
        }
        system = AzureFileSystem(account_name=ACCOUNT, account_key=KEY, **options)
        yield Place("exports/history", system)


def test_a_report_in_a_bucket_comes_back(place: Place) -> None:
    history = History(place)
    assert history.all() == []
    first, second = (history.keep(rich(), now=NOW.replace(hour=n)) for n in (1, 2))
    assert history.all(pytest.fail) == [second, first]
    same(history.load(first), rich())
    history.remove(first)
    assert history.all() == [second]
    history.place.write(f"{first.place}/ledger.parquet", b"of a killed writer")
    assert history.all() == [second]
    assert history.sweep(NOW.replace(year=2100)) == 1
    history.remove(second)
    assert history.place.files() == {}


def test_an_address_that_is_none_is_a_wrong_setting() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        Place("nowhere://x")


def test_a_bucket_that_is_not_there_is_told() -> None:
    with moto() as server:
        host = server.removeprefix("http://")
        place = Place(f"s3://k:s@none/x?endpoint_override={host}&scheme=http&region=us-east-1")
        with pytest.raises(AccessError, match="none/x"):
            History(place).keep(rich())
