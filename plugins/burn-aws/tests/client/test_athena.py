"""Athena through the real boto3: types restored, bytes counted, queries stopped."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

import boto3
import pytest

from burn.api import AccessError, DataError, UsageError
from burn_aws.client.session import AwsSession
from burn_aws.engines.athena import AthenaEngine, parse_url
from burn_aws.settings import AwsSettings
from tests.servers.aws import Answer, Call, answering

COLUMNS = [
    ("day", "timestamp", 3, 0),
    ("key", "varchar", 0, 0),
    ("cost", "decimal", 38, 12),
    ("lines", "bigint", 19, 0),
    ("rate", "double", 17, 0),
    ("inside", "boolean", 0, 0),
]
ROWS: list[list[str | None]] = [
    ["2026-10-01 00:00:00.000", "i-1", "12345678901234567890.123456789012", "3", "0.5", "true"],
    ["2026-10-02 00:00:00.000", "", None, "0", None, "false"],
    [
        "2026-10-03 00:00:00.000",
        'a "quoted", one',
        "-0.000000000001",
        "9007199254740993",
        "1e-9",
        None,
    ],
]


def column(name: str, kind: str, precision: int, scale: int) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "Precision": precision, "Scale": scale}


def cells(row: list[str | None]) -> dict[str, Any]:
    return {"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]}


def queue(url: str, columns: list[tuple[str, str, int, int]], rows: list[list[str | None]]) -> None:
    """Tell moto what the next query answers; the first row is the header, as at Athena."""
    body = {
        "results": [
            {
                "rows": [cells([c[0] for c in columns]), *(cells(row) for row in rows)],
                "column_info": [column(*c) for c in columns],
            }
        ]
    }
    request = urllib.request.Request(
        f"{url}/moto-api/static/athena/query-results",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()


def test_types_come_back_exact(aws_url: str, aws_environment: None) -> None:
    queue(aws_url, COLUMNS, ROWS)
    mine = AwsSettings(endpoint_url=aws_url)
    rows = AthenaEngine(AwsSession(mine), mine, "db").query("SELECT 1").to_pylist()
    assert rows[0]["cost"] == Decimal("12345678901234567890.123456789012")
    assert rows[0]["day"] == datetime(2026, 10, 1)  # noqa: DTZ001 (naive UTC, as engines give it)
    assert rows[0]["inside"] is True
    assert rows[1]["cost"] is None
    assert rows[1]["key"] == ""
    assert rows[2]["key"] == 'a "quoted", one'
    assert rows[2]["cost"] == Decimal("-0.000000000001")
    assert rows[2]["lines"] == 9007199254740993
    assert rows[2]["inside"] is None


def test_the_csv_that_athena_writes_is_read_with_nulls_apart_from_empty_text(
    aws_url: str, aws_environment: None
) -> None:
    s3 = boto3.resource("s3", endpoint_url=aws_url)
    s3.create_bucket(Bucket="athena-results")
    mine = AwsSettings(endpoint_url=aws_url, athena_output="s3://athena-results/out/")
    queue(aws_url, COLUMNS, ROWS[:2])
    engine = AthenaEngine(AwsSession(mine), mine, "db")
    rows = engine.query("SELECT 1").to_pylist()
    stored = [item.key for item in s3.Bucket("athena-results").objects.all()]
    assert stored, "the answer was read from S3"
    assert [row["key"] for row in rows] == ["i-1", ""]
    assert [row["cost"] for row in rows] == [Decimal("12345678901234567890.123456789012"), None]


def test_a_table_is_opened_with_its_columns_and_partitions(
    aws_url: str, aws_environment: None
) -> None:
    mine = AwsSettings(endpoint_url=aws_url)
    engine = AthenaEngine(AwsSession(mine), mine, "db")
    queue(
        aws_url,
        [
            ("line_item_usage_type", "varchar", 0, 0),
            ("year", "varchar", 0, 0),
            ("month", "varchar", 0, 0),
        ],
        [],
    )
    source = engine.open("cur", "athena://db/cur")
    assert source.relation == '"cur"'
    assert source.partitions == ("year", "month")
    assert source.columns["line_item_usage_type"] == "varchar"


class Script:
    """Athena as a script of states; remembers what it was asked."""

    def __init__(self, *states: dict[str, Any]) -> None:
        self.states: Iterator[dict[str, Any]] = iter(states)
        self.started: list[Any] = []
        self.stopped = 0

    def __call__(self, call: Call) -> Answer:
        answer: dict[str, Any] = {}
        if call.operation == "StartQueryExecution":
            self.started.append(call.json)
            answer = {"QueryExecutionId": f"q-{len(self.started)}"}
        elif call.operation == "GetQueryExecution":
            answer = {"QueryExecution": {"QueryExecutionId": "q", **next(self.states)}}
        elif call.operation == "StopQueryExecution":
            self.stopped += 1
        elif call.operation == "GetQueryResults":
            info = [column("n", "integer", 10, 0)]
            rows = [cells(["n"]), cells(["7"])]
            answer = {"ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": info}}}
        return Answer(200, json.dumps(answer), (("Content-Type", "application/x-amz-json-1.1"),))


def state(name: str, scanned: int = 0, reason: str = "", *, reused: bool = False) -> dict[str, Any]:
    return {
        "Status": {"State": name, "StateChangeReason": reason},
        "Statistics": {
            "DataScannedInBytes": scanned,
            "ResultReuseInformation": {"ReusedPreviousResult": reused},
        },
    }


@contextmanager
def athena(script: Script, **settings: Any) -> Iterator[AthenaEngine]:
    """An engine whose Athena follows the script."""
    with answering(script) as (url, _):
        mine = AwsSettings(endpoint_url=url, **settings)
        yield AthenaEngine(AwsSession(mine), mine, "db")


def test_bytes_add_up_and_a_reused_result_costs_none() -> None:
    script = Script(
        state("QUEUED"),
        state("RUNNING", 10),
        state("SUCCEEDED", 1000),
        state("SUCCEEDED", 1000, reused=True),
    )
    with athena(script, result_reuse_minutes=30) as engine:
        for _ in range(2):
            assert engine.query("SELECT 1").to_pylist() == [{"n": 7}]
            assert engine.bytes_scanned == 1000
    asked = script.started[0]
    reuse = asked["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"]
    assert reuse == {"Enabled": True, "MaxAgeInMinutes": 30}
    assert asked["QueryExecutionContext"] == {"Database": "db", "Catalog": "AwsDataCatalog"}


def test_a_query_over_the_limit_is_stopped() -> None:
    script = Script(state("RUNNING", 900), state("RUNNING", 2000), state("SUCCEEDED", 9000))
    over = pytest.raises(AccessError, match="2,000 bytes")
    with athena(script, max_bytes_scanned=1000) as engine, over:
        engine.query("SELECT 1")
    assert script.stopped == 1


def test_a_query_that_takes_too_long_is_stopped() -> None:
    script = Script(*[state("RUNNING")] * 3)
    late = pytest.raises(AccessError, match="longer than 0 s")
    with athena(script, athena_timeout=0.0) as engine, late:
        engine.query("SELECT 1")
    assert script.stopped == 1


def test_an_interrupt_stops_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    script = Script(*[state("RUNNING")] * 3)
    with athena(script) as engine, pytest.raises(KeyboardInterrupt):
        engine.query("SELECT 1")
    assert script.stopped == 1


def test_athenas_reason_is_told() -> None:
    reason = "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved"
    told = pytest.raises(DataError, match="COLUMN_NOT_FOUND")
    with athena(Script(state("FAILED", reason=reason))) as engine, told:
        engine.query("SELECT 1")
    denied = "Permission denied on S3 path: Access Denied (Service: Amazon S3; Status Code: 403)"
    refused = pytest.raises(AccessError)
    with athena(Script(state("FAILED", reason=denied))) as engine, refused as caught:
        engine.query("SELECT 1")
    assert "glue:GetPartitions" in str(caught.value.hint)


@pytest.mark.parametrize("url", ["athena://", "athena://db", "athena://db/t/x"])
def test_a_url_without_database_and_table(url: str) -> None:
    with pytest.raises(UsageError, match="no Athena table"):
        parse_url(url)
