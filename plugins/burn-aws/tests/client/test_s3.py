"""A bill in S3, over HTTP, with the real boto3."""

from __future__ import annotations

import gzip
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import AccessError, DataError, UsageError, Window
from burn_aws.bill.source import BillSource
from burn_aws.client.s3 import S3Files
from burn_aws.client.session import AwsSession
from burn_aws.settings import AwsSettings

WINDOW = Window.month(2026, 10)


@pytest.fixture(autouse=True)
def any_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the files is not looked at here."""
    monkeypatch.setattr("burn_aws.bill.source.recognise", None)


@pytest.fixture
def bucket(aws_url: str, aws_environment: None, request: pytest.FixtureRequest) -> Any:
    name = f"bills-{abs(hash(request.node.name)) % 10**9}"
    s3 = boto3.resource("s3", endpoint_url=aws_url)
    return s3.create_bucket(Bucket=name)


def settings(url: str, bucket: Any, prefix: str, cache: Path) -> AwsSettings:
    return AwsSettings(
        bill=f"s3://{bucket.name}/{prefix}", endpoint_url=url, cache=str(cache), price_list="off"
    )


def parquet(rows: int, cost: float) -> bytes:
    table = pa.table({"line_item_resource_id": ["i-1"] * rows, "cost": [cost] * rows})
    sink = BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def total(mine: AwsSettings) -> float:
    source = BillSource(mine, AwsSession(mine)).open(WINDOW)
    return float(
        source.engine.query(f"SELECT SUM(cost) AS c FROM {source.relation}")["c"][0].as_py()
    )


def deliver(bucket: Any, files: dict[str, bytes]) -> None:
    for key, body in files.items():
        bucket.put_object(Key=key, Body=body)


def test_an_overwritten_month_is_read_in_its_new_version(
    aws_url: str, bucket: Any, tmp_path: Path
) -> None:
    part = "p/ex/data/BILLING_PERIOD=2026-10/ex-00001.snappy.parquet"
    manifest = "p/ex/metadata/BILLING_PERIOD=2026-10/ex-Manifest.json"
    listed = f'{{"executionId": "e", "dataFiles": ["s3://{bucket.name}/{part}"]}}'.encode()
    mine = settings(aws_url, bucket, "p/ex/", tmp_path)
    deliver(bucket, {part: parquet(2, 1.0), manifest: listed})
    assert total(mine) == 2.0
    deliver(bucket, {part: parquet(3, 1.0), manifest: listed})
    assert total(mine) == 3.0
    kept = [path for path in tmp_path.rglob("*.parquet") if path.is_file()]
    assert len(kept) == 1, "the version that was overwritten is not kept"


def test_create_new_reads_the_version_that_the_manifest_names(
    aws_url: str, bucket: Any, tmp_path: Path
) -> None:
    period = "p/cur/20261001-20261101"
    for assembly, rows in (("a-old", 5), ("a-new", 7)):
        part = f"{period}/{assembly}/cur-00001.snappy.parquet"
        text = (
            f'{{"assemblyId": "{assembly}", "billingPeriod": {{"start": "20261001T000000.000Z"}},'
            f' "reportKeys": ["{part}"]}}'
        ).encode()
        deliver(
            bucket,
            {
                part: parquet(rows, 1.0),
                f"{period}/{assembly}/cur-Manifest.json": text,
                f"{period}/cur-Manifest.json": text,
            },
        )
    for prefix in ("p/", "p/cur/", "p/cur"):
        assert total(settings(aws_url, bucket, prefix, tmp_path)) == 7.0


def test_what_is_in_the_cache_is_not_fetched_again(
    aws_url: str, bucket: Any, tmp_path: Path
) -> None:
    deliver(bucket, {"p/a.parquet": parquet(1, 2.0)})
    store = S3Files(
        f"s3://{bucket.name}/p/", AwsSession(settings(aws_url, bucket, "p/", tmp_path)), tmp_path
    )
    entries = store.entries()
    first = store.fetch(entries)
    stamp = first[0].stat().st_mtime_ns
    assert store.fetch(entries) == first
    assert first[0].stat().st_mtime_ns == stamp


def test_a_file_overwritten_between_listing_and_reading_is_refused(
    aws_url: str, bucket: Any, tmp_path: Path
) -> None:
    deliver(bucket, {"p/a.parquet": parquet(1, 2.0)})
    store = S3Files(
        f"s3://{bucket.name}/p/", AwsSession(settings(aws_url, bucket, "p/", tmp_path)), tmp_path
    )
    entries = store.entries()
    deliver(bucket, {"p/a.parquet": parquet(9, 2.0)})
    with pytest.raises(DataError, match="overwritten while it was being read"):
        store.fetch(entries)


def test_csv_gz_zip_and_a_single_object(aws_url: str, bucket: Any, tmp_path: Path) -> None:
    text = b"resource,cost\ni-1,1.5\n"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../cur-00002.csv", "resource,cost\ni-2,2.5\n")
    deliver(bucket, {"p/one.csv.gz": gzip.compress(text), "p/two.csv.zip": packed.getvalue()})
    mine = settings(aws_url, bucket, "p/", tmp_path)
    source = BillSource(mine, AwsSession(mine)).open(WINDOW)
    sums = source.engine.query(
        f"SELECT SUM(CAST(cost AS DECIMAL(18, 6))) AS c FROM {source.relation}"
    )
    assert str(sums["c"][0].as_py()) == "4.000000"
    one = settings(aws_url, bucket, "p/one.csv.gz", tmp_path)
    source = BillSource(one, AwsSession(one)).open(WINDOW)
    assert source.engine.query(f"SELECT resource FROM {source.relation}").to_pylist() == [
        {"resource": "i-1"}
    ]


def test_a_missing_bucket_and_an_empty_prefix_say_what_to_do(
    aws_url: str, bucket: Any, tmp_path: Path
) -> None:
    mine = AwsSettings(bill="s3://nowhere-at-all/", endpoint_url=aws_url, cache=str(tmp_path))
    with pytest.raises(AccessError, match="bucket does not exist") as caught:
        BillSource(mine, AwsSession(mine)).open(WINDOW)
    assert caught.value.exit_code == 4
    with pytest.raises(DataError, match="nothing lies below"):
        total(settings(aws_url, bucket, "empty/", tmp_path))


def test_a_truncated_parquet_file_is_named_as_damaged(
    aws_url: str, bucket: Any, tmp_path: Path
) -> None:
    deliver(bucket, {"p/a.parquet": parquet(10, 2.0)[:-20]})
    with pytest.raises(DataError, match="damaged or truncated"):
        total(settings(aws_url, bucket, "p/", tmp_path))


def test_more_objects_than_a_page_holds(
    aws_url: str, bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    deliver(bucket, {f"p/old/x{n}.txt": b"" for n in range(8)} | {"p/z.parquet": parquet(1, 3.0)})
    assert total(settings(aws_url, bucket, "p/", tmp_path)) == 3.0


def test_a_url_that_is_no_place() -> None:
    for bill in ("gs://bucket/x", ""):
        mine = AwsSettings(bill=bill)
        with pytest.raises(UsageError):
            BillSource(mine, AwsSession(mine)).open(WINDOW)
