"""BigQuery's REST over DuckDB: what the SDK sends is translated back and run on the same rows."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from tests.servers.gcp import Answer, failure

TABLE = ("billing-admin", "billing", "gcp_billing_export_resource_v1_010101")


class BigQuery:
    """One project's BigQuery with one billing table; call it as a route of `serving`.

    Args:
        table: what it holds.
        gigabytes: what each query reads.
        json: text columns that are of type JSON there.

    Attributes:
        queries: the SQL of every job that was run, as sent.
        dry_runs, cancelled: how many of each.
        refuse: answer every job with 403.
        stall: never finish a job.
    """

    def __init__(
        self, table: pa.Table, *, gigabytes: float = 0.002, json: Sequence[str] = ()
    ) -> None:
        self._db = duckdb.connect()
        self._db.execute("SET TimeZone = 'UTC'")
        project, dataset, name = TABLE
        self._db.execute(f"ATTACH ':memory:' AS \"{project}\"")
        self._db.execute(f'CREATE SCHEMA "{project}"."{dataset}"')
        self._db.register("given", table)
        at = "export_time" if "export_time" in table.column_names else "ChargePeriodEnd"
        cast = ", ".join(f"CAST({one} AS JSON) AS {one}" for one in json)
        self._db.execute(
            f'CREATE TABLE "{project}"."{dataset}"."{name}" AS SELECT '
            f"*{f' REPLACE ({cast})' if json else ''}, "
            f"DATE_TRUNC('day', {at}) AS \"_PARTITIONTIME\" FROM given"
        )
        self.schema = [
            _field(field) | ({"type": "JSON"} if field.name in json else {})
            for field in table.schema
        ]
        self.bytes = int(gigabytes * 1e9)
        self.queries: list[str] = []
        self.dry_runs = self.cancelled = 0
        self.refuse = self.stall = False
        self._jobs: dict[str, tuple[dict[str, Any], pa.Table | None]] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def __call__(
        self, method: str, path: str, query: dict[str, str], body: dict[str, Any]
    ) -> Answer | None:
        if not path.startswith("/bigquery/v2/projects/"):
            return None
        rest = path.removeprefix("/bigquery/v2/projects/").partition("/")[2]
        if self.refuse:
            return 403, failure(403, "accessDenied", "Access Denied: User does not have permission")
        if rest == "jobs" and method == "POST":
            return self._insert(body)
        if found := re.fullmatch(r"jobs/([^/]+)/cancel", rest):
            self.cancelled += 1
            return 200, {"job": self._jobs[found[1]][0]}
        if found := re.fullmatch(r"jobs/([^/]+)", rest):
            return 200, self._jobs[found[1]][0]
        if found := re.fullmatch(r"queries/([^/]+)", rest):
            return self._results(found[1])
        if found := re.fullmatch(r"datasets/_anon/tables/([^/]+)/data", rest):
            return 200, _page(self._jobs[found[1]][1])
        if rest == "datasets":
            one = {"projectId": TABLE[0], "datasetId": TABLE[1]}
            return 200, {"datasets": [{"id": ":".join(TABLE[:2]), "datasetReference": one}]}
        if rest == f"datasets/{TABLE[1]}/tables":
            names = (TABLE[2], "gcp_billing_export_v1_010101", "cloud_pricing_export")
            listed = [self._reference(TABLE[1], name) for name in names]
            return 200, {"tables": [{"tableReference": one, "type": "TABLE"} for one in listed]}
        if found := re.fullmatch(r"datasets/([^/]+)/tables/([^/]+)", rest):
            return self._table(found[1], found[2])
        return None

    def _table(self, dataset: str, name: str) -> Answer:
        if (dataset, name) != TABLE[1:]:
            return 404, failure(404, "notFound", f"Not found: Table {dataset}.{name}")
        return 200, {
            "tableReference": self._reference(dataset, name),
            "type": "TABLE",
            "timePartitioning": {"type": "DAY"},
            "schema": {"fields": self.schema},
        }

    def _reference(self, dataset: str, name: str) -> dict[str, str]:
        return {"projectId": TABLE[0], "datasetId": dataset, "tableId": name}

    def _insert(self, body: dict[str, Any]) -> Answer:
        settings = body["configuration"]
        sql = settings["query"]["query"]
        number = body["jobReference"].get("jobId") or f"job_{next(self._numbers)}"
        job = {
            "id": number,
            "jobReference": {"projectId": TABLE[0], "jobId": number, "location": "US"},
            "configuration": settings
            | {
                "jobType": "QUERY",
                "query": settings["query"] | {"destinationTable": _anon(number)},
            },
            "status": {"state": "RUNNING" if self.stall else "DONE"},
            "statistics": {
                "totalBytesProcessed": str(self.bytes),
                "query": {
                    "totalBytesProcessed": str(self.bytes),
                    "totalBytesBilled": str(self.bytes),
                    "statementType": "SELECT",
                },
            },
        }
        cap = settings["query"].get("maximumBytesBilled")
        try:
            if settings.get("dryRun"):
                self.dry_runs += 1
                self.run(f"SELECT * FROM ({sql}) AS planned WHERE FALSE")
                return 200, job
            self.queries.append(sql)
            if cap and int(cap) < self.bytes:
                return 400, failure(400, "bytesBilledLimitExceeded", "Query exceeded limit")
            self._jobs[number] = (job, None if self.stall else self.run(sql))
        except duckdb.Error as error:
            return 400, failure(400, "invalidQuery", str(error).splitlines()[0])
        return 200, job

    def _results(self, number: str) -> Answer:
        job, result = self._jobs[number]
        if result is None:
            return 200, {"jobReference": job["jobReference"], "jobComplete": False}
        head = {"jobReference": job["jobReference"], "jobComplete": True, "cacheHit": False}
        head |= {"totalBytesProcessed": str(self.bytes)}
        return 200, head | _page(result) | {
            "schema": {"fields": [_field(f) for f in result.schema]}
        }

    def run(self, sql: str) -> pa.Table:
        """BigQuery's text in DuckDB."""
        tree = sqlglot.parse_one(sql, read="bigquery").transform(_back)
        with self._lock:
            return self._db.sql(tree.sql(dialect="duckdb")).to_arrow_table()


def _back(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.BIGDECIMAL:
        return exp.DataType.build("DECIMAL(38, 12)", dialect="duckdb")
    return node


def _anon(number: str) -> dict[str, str]:
    return {"projectId": TABLE[0], "datasetId": "_anon", "tableId": number}


def _page(result: pa.Table | None) -> dict[str, Any]:
    assert result is not None
    rows = [{"f": [{"v": _cell(v)} for v in row.values()]} for row in result.to_pylist()]
    return {"rows": rows, "totalRows": str(len(rows))}


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _field(field: pa.Field) -> dict[str, Any]:
    kind, mode = field.type, "NULLABLE"
    if pa.types.is_list(kind):
        kind, mode = kind.value_type, "REPEATED"
    if pa.types.is_struct(kind):
        inner = [_field(sub) for sub in kind]
        return {"name": field.name, "type": "RECORD", "mode": mode, "fields": inner}
    return {"name": field.name, "type": _type(kind), "mode": mode}


def _type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return "BIGNUMERIC"
    if pa.types.is_floating(kind):
        return "FLOAT"
    if pa.types.is_integer(kind):
        return "INTEGER"
    if pa.types.is_boolean(kind):
        return "BOOLEAN"
    if pa.types.is_date(kind):
        return "DATE"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP" if kind.tz else "DATETIME"
    return "STRING"
