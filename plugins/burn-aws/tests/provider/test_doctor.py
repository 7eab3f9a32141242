"""`burn doctor` on AWS: what a run would fail on, it fails on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import BillRequest, Check, CheckRequest, DataError, IdentifyRequest
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from tests.lab.focus import write_focus
from tests.servers.athena import athena
from tests.servers.aws import Answer, Call, answering, json_error, query_error
from tests.servers.aws_world import inventory, parquet_of, scope, window, world


def provider(bill: object, **settings: Any) -> AwsProvider:
    return AwsProvider(AwsSettings(**{"bill": str(bill), "price_list": "off", **settings}))


def test_the_doctor_names_what_is_missing(cur2: Path) -> None:
    def respond(call: Call) -> Answer:
        if call.operation in {"GetWorkGroup", "DescribeServices", "StartQueryExecution"}:
            return json_error("AccessDeniedException", "not authorized")
        return query_error("ExpiredToken", "expired")

    with answering(respond) as (url, _):
        one = provider("athena://db/t", endpoint_url=url, price_list="auto", describe=True)
        found = {check.name: check for check in one.check(CheckRequest())}
    assert not found["AWS credentials"].ok
    assert "log in again" in found["AWS credentials"].hint
    assert "athena:GetWorkGroup" in found["Athena workgroup"].detail
    assert "athena:StartQueryExecution" in found["bill"].hint
    assert found["AWS price list"].ok
    assert "pricing:DescribeServices" in found["AWS price list"].detail
    assert not found["EC2 volumes"].ok


def test_the_doctor_on_a_sound_bill(cur2: Path) -> None:
    checks = list(provider(cur2).check(CheckRequest()))
    assert [(check.name, check.ok) for check in checks] == [("bill", True), ("bill columns", True)]
    assert "2026-10" in checks[0].detail
    assert "named by manifests" in checks[0].detail
    assert checks[1].detail.startswith("CUR 2.0, ")
    assert "resource ids, no split cost allocation data" in checks[1].detail


def looked(bill: Path) -> Check:
    """The doctor's look at the columns, after seeing that a run fails."""
    one = provider(bill)
    with pytest.raises(DataError):
        one.bill(
            BillRequest(
                scope=scope(),
                window=window(),
                identities=one.identify(IdentifyRequest(inventory=inventory())),
            )
        )
    (check,) = [check for check in one.check(CheckRequest()) if check.name == "bill columns"]
    assert not check.ok
    assert check.hint
    return check


def rewritten(bill: Path, change: Callable[[pa.Table], pa.Table]) -> Path:
    (file,) = bill.rglob("*.parquet")
    pq.write_table(change(pq.ParquetFile(file).read()), file)
    return bill


def test_the_doctor_on_an_export_without_resource_ids(cur2: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(cur2, tmp_path / "bare")
    rewritten(bare, lambda table: table.drop_columns(["line_item_resource_id"]))
    check = looked(bare)
    assert "CUR 2.0 but lacks `line_item_resource_id`" in check.detail
    assert "INCLUDE_RESOURCES" in check.hint


def test_the_doctor_on_another_clouds_focus(tmp_path: Path) -> None:
    def renamed(table: pa.Table) -> pa.Table:
        at = table.column_names.index("ProviderName")
        return table.set_column(at, "ProviderName", pa.array(["Microsoft"] * len(table)))

    check = looked(rewritten(write_focus(world()[1], tmp_path), renamed))
    assert "FOCUS 1." in check.detail
    assert "lines of Microsoft, none of AWS" in check.detail


def test_the_doctor_through_athena(cur2: Path) -> None:
    with athena({"cur2": parquet_of(cur2)}) as (url, _):
        found = list(provider("athena://billing/cur2", endpoint_url=url).check(CheckRequest()))
    detail = {check.name: check.detail for check in found}
    assert "CUR 2.0" in detail["bill"]
    assert "managed by Athena" in detail["Athena workgroup"]
