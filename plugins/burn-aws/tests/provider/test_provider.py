"""The provider end to end: the same wherever the bill is, and what it tells when it cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pandas as pd
import pytest

from burn.api import (
    AccessError,
    Bill,
    BillRequest,
    DataError,
    IdentifyRequest,
    LinesRequest,
    PeriodRequest,
    PriceRequest,
    Scope,
    UsageError,
    Window,
)
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from tests.lab.cur2 import cur2_table, write_cur2
from tests.lab.cur_legacy import write_legacy
from tests.lab.focus import write_focus
from tests.servers.athena import athena
from tests.servers.aws import answering, json_error
from tests.servers.aws_inventory import inventory as made_of
from tests.servers.aws_inventory import node, volume
from tests.servers.aws_world import inventory, parquet_of, scope, window, world


def provider(bill: object, **settings: Any) -> AwsProvider:
    return AwsProvider(AwsSettings(**{"bill": str(bill), "price_list": "off", **settings}))


def read(one: AwsProvider) -> Bill:
    return one.bill(
        BillRequest(
            scope=scope(),
            window=window(),
            identities=one.identify(IdentifyRequest(inventory=inventory())),
        )
    )


def test_athena_gives_the_frame_that_the_files_give(cur2: Path) -> None:
    files = provider(cur2)
    with athena({"cur2": parquet_of(cur2)}) as (url, queries):
        pushed = provider("athena://billing/cur2", endpoint_url=url)
        through = read(pushed)
        lines = pushed.lines(
            LinesRequest(scope=scope(), window=window(), subjects=["AmazonEC2"], limit=5)
        )
        period = pushed.period(PeriodRequest(scope=scope()))
        prices = pushed.price(PriceRequest(scope=scope(), inventory=inventory(), window=window()))
    local = read(files)
    pd.testing.assert_frame_equal(through.rows, local.rows)
    counts = [
        replace(file, file="")
        for control in (through.control, local.control)
        for file in control.files
    ]
    assert counts[0] == counts[1]
    nameless = [replace(bill.control, files=(), accounted=()) for bill in (through, local)]
    assert nameless[0] == nameless[1]
    assert through.bytes_scanned
    assert through.bytes_scanned < 1000 * len(queries), "the bill's, not those of what came after"
    assert len(lines) == len(
        files.lines(LinesRequest(scope=scope(), window=window(), subjects=["AmazonEC2"], limit=5))
    )
    assert period == files.period(PeriodRequest(scope=scope()))
    pd.testing.assert_frame_equal(
        prices, files.price(PriceRequest(scope=scope(), inventory=inventory(), window=window()))
    )


def test_the_bill_is_read_once_for_prices_and_ledger(cur2: Path) -> None:
    with athena({"cur2": parquet_of(cur2)}) as (url, queries):
        one = provider("athena://billing/cur2", endpoint_url=url)
        one.price(PriceRequest(scope=scope(), inventory=inventory(), window=window()))
        asked = len(queries)
        read(one)
        assert len(queries) == asked


def test_csv_and_parquet_and_focus_agree_on_what_was_billed(cur2: Path, tmp_path: Path) -> None:
    _, charged = world()
    bills = [
        read(provider(folder))
        for folder in (
            cur2,
            write_legacy(charged, tmp_path / "legacy"),
            write_focus(charged, tmp_path / "focus"),
        )
    ]
    assert len({bill.control.billed.quantize(1) for bill in bills}) == 1
    assert bills[0].control.billed == bills[1].control.billed


def test_prices_come_from_the_bill_and_from_the_account_for_what_is_not_on_it(cur2: Path) -> None:
    made, _ = world()
    seen = inventory()
    like = str(seen.loc[seen["kind"] == "node", "instance_type"].iloc[0])
    day = f"{made.start:%Y-%m-%d}"
    stranger = node("aws:///z/i-0ffff0000", like, region=made.region)
    disk = volume("vol-0ffff0000", "gp3-any", region=made.region)
    extra = made_of(stranger, disk, days=(day,))
    frame = (
        provider(cur2)
        .price(PriceRequest(scope=scope(), inventory=extra, window=window()))
        .set_index("asset_id")
    )
    whole = provider(cur2).price(PriceRequest(scope=scope(), inventory=seen, window=window()))
    nodes = whole.merge(seen[["asset_id", "day", "instance_type"]], on=["asset_id", "day"])
    expected = nodes.loc[nodes["instance_type"] == like, "unit_price"].median()
    found = frame.loc["node/aws:///z/i-0ffff0000"]
    assert found["unit_price"] == pytest.approx(expected, rel=1e-6)
    assert found["price_source"] == "bill"
    assert frame.loc["volume/vol-0ffff0000", "price_source"] in {
        "bill",
        "fallback (2026-02, us-east-1)",
    }


def test_root_volumes_that_ec2_names_become_node_disks(
    aws_url: str, cur2: Path, aws_environment: None
) -> None:
    ec2 = boto3.client("ec2", endpoint_url=aws_url)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]
    mine = [{"Name": "attachment.instance-id", "Values": [made["InstanceId"]]}]
    root = ec2.describe_volumes(Filters=mine)["Volumes"][0]["VolumeId"]
    table = cur2_table(world()[1]).to_pandas().head(1)
    table["line_item_resource_id"] = root
    table["line_item_usage_type"] = "EBS:VolumeUsage.gp3"
    table["line_item_product_code"] = "AmazonEC2"
    table["line_item_line_item_type"] = "Usage"
    table["resource_tags"] = [[]]
    folder = cur2.parent / "roots"
    folder.mkdir(exist_ok=True)
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = cur2_table(world()[1]).schema
    pq.write_table(
        pa.Table.from_pandas(table, schema=schema, preserve_index=False), folder / "a.parquet"
    )
    seen = made_of(node(f"aws:///us-east-1a/{made['InstanceId']}"))
    for describe, expected in ((False, {False}), (True, {True})):
        one = provider(folder, endpoint_url=aws_url, describe=describe)
        rows = one.bill(
            BillRequest(
                scope=Scope(),
                window=window(),
                identities=one.identify(IdentifyRequest(inventory=seen)),
            )
        ).rows
        assert set(rows["in_cluster"]) == expected
        assert describe == (set(rows["x_cost_class"]) == {"node_disk"})


def test_the_period_of_an_open_month_ends_before_its_newest_day(tmp_path: Path) -> None:
    write_cur2(world()[1], tmp_path)
    table = cur2_table(world()[1])
    kinds = {"Usage", "DiscountedUsage", "SavingsPlanCoveredUsage"}
    rows = table.select(
        ["line_item_line_item_type", "line_item_usage_start_date", "line_item_usage_end_date"]
    ).to_pylist()
    ends = [
        row["line_item_usage_end_date"]
        for row in rows
        if row["line_item_line_item_type"] in kinds
        and (row["line_item_usage_end_date"] - row["line_item_usage_start_date"]).days < 1
    ]
    newest = max(ends)
    period = provider(tmp_path).period(PeriodRequest(scope=Scope()))
    invoiced = any(table["bill_invoice_id"].to_pylist())
    month_end = datetime(2026, 11, 1, tzinfo=UTC)
    assert period.start == datetime(2026, 10, 1, tzinfo=UTC)
    if invoiced or newest.replace(tzinfo=UTC) >= month_end:
        assert period.complete_until == month_end
    else:
        floor = newest.replace(hour=0, minute=0, second=0, tzinfo=UTC)
        assert period.complete_until == max(period.start, floor - pd.Timedelta(days=1))


def test_accounts_narrow_every_query(cur2: Path) -> None:
    nobody = provider(cur2, accounts=("000000000000",))
    with pytest.raises(DataError, match="no line"):
        read(nobody)
    with pytest.raises(DataError, match="no hourly or daily usage"):
        nobody.period(PeriodRequest(scope=scope()))


def test_a_bill_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read(provider("/nowhere/at/all"))
    with pytest.raises(UsageError, match="is not set"):
        read(provider(""))


def test_without_a_bill_prices_still_come() -> None:
    frame = provider("").price(
        PriceRequest(
            scope=Scope(), inventory=made_of(node("aws:///z/i-1")), window=Window.month(2026, 10)
        )
    )
    assert frame["price_source"].tolist() == ["fallback (2026-02, us-east-1)"]


def test_an_athena_table_that_is_not_there() -> None:
    with athena({}) as (url, _), pytest.raises(DataError, match="failed"):
        read(provider("athena://billing/none", endpoint_url=url))


def test_endless_throttling_of_athena_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    slow = json_error("ThrottlingException", "Rate exceeded")
    with answering(lambda call: slow) as (url, _), pytest.raises(AccessError, match="throttling"):
        read(provider("athena://billing/cur2", endpoint_url=url))


def test_the_manifest_of_the_lab_is_honoured(cur2: Path, tmp_path: Path) -> None:
    write_cur2(world()[1], tmp_path)
    manifest = next(tmp_path.rglob("*-Manifest.json"))
    content = json.loads(manifest.read_text())
    content["dataFiles"].append(content["dataFiles"][0].replace("00001", "00002"))
    manifest.write_text(json.dumps(content))
    with pytest.raises(DataError, match="00002"):
        read(provider(tmp_path))
