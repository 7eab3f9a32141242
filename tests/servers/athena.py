"""An Athena that runs what it is asked: SQL in Athena's dialect, executed by DuckDB, over HTTP.

with athena({"cur": "read_parquet('…')"}) as (url, queries): ...
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from tests.servers.aws import Answer, Call, answering

JSON = (("Content-Type", "application/x-amz-json-1.1"),)
PAGE = 1000


class Athena:
    """Tables by name; answers the calls that burn makes."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._db = duckdb.connect()
        self._db.execute("SET TimeZone = 'UTC'")
        self._lock = threading.Lock()
        self._results: dict[str, pa.Table | str] = {}
        self.queries: list[str] = []
        for name, relation in tables.items():
            self._db.execute(f'CREATE VIEW "{name}" AS SELECT * FROM {relation}')

    def __call__(self, call: Call) -> Answer:
        with self._lock:
            answer = getattr(self, call.operation)(call.json)
        return Answer(200, json.dumps(answer), JSON)

    def StartQueryExecution(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.queries.append(request["QueryString"])
        name = f"q-{len(self.queries)}"
        try:
            tree = sqlglot.parse_one(request["QueryString"], read="athena").transform(_back)
            self._results[name] = self._db.sql(tree.sql(dialect="duckdb")).to_arrow_table()
        except (duckdb.Error, sqlglot.errors.SqlglotError) as error:
            self._results[name] = str(error)
        return {"QueryExecutionId": name}

    def GetQueryExecution(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = self._results[request["QueryExecutionId"]]
        failed = isinstance(found, str)
        status = {"State": "FAILED" if failed else "SUCCEEDED"}
        return {
            "QueryExecution": {
                "Status": {**status, **({"StateChangeReason": found} if failed else {})},
                "Statistics": {"DataScannedInBytes": 1000},
                "ResultConfiguration": {},
            }
        }

    def GetQueryResults(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        table = self._results[request["QueryExecutionId"]]
        assert isinstance(table, pa.Table)
        start = int(request.get("NextToken", 0))
        stop = start + int(request.get("MaxResults", PAGE))
        rows = [table.column_names] if start == 0 else []
        part = table.slice(start, stop - start)
        rows += [[_text(value) for value in row.values()] for row in part.to_pylist()]
        answer: dict[str, Any] = {
            "ResultSet": {
                "Rows": [{"Data": [_cell(value) for value in row]} for row in rows],
                "ResultSetMetadata": {"ColumnInfo": [_column(field) for field in table.schema]},
            }
        }
        if stop < table.num_rows:
            answer["NextToken"] = str(stop)
        return answer

    def GetWorkGroup(self, request: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"WorkGroup": {"Name": request["WorkGroup"], "Configuration": {}}}


@contextmanager
def athena(tables: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The server's URL, and the queries it was sent so far."""
    server = Athena(tables)
    with answering(server) as (url, _):
        yield url, server.queries


def _back(node: exp.Expression) -> exp.Expression:
    """Trino's element_at is DuckDB's map['key']."""
    if isinstance(node, exp.Anonymous) and node.this.upper() == "ELEMENT_AT":
        return exp.Bracket(this=node.expressions[0], expressions=[node.expressions[1]])
    return node


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _cell(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}


def _column(field: pa.Field) -> dict[str, Any]:
    kinds = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_decimal, "decimal"),
        (pa.types.is_integer, "bigint"),
        (pa.types.is_floating, "double"),
        (pa.types.is_timestamp, "timestamp"),
        (pa.types.is_date, "date"),
        (pa.types.is_map, "map"),
    )
    kind = next((name for test, name in kinds if test(field.type)), "varchar")
    sized = kind == "decimal"
    return {
        "Name": field.name,
        "Type": kind,
        "Precision": field.type.precision if sized else 0,
        "Scale": field.type.scale if sized else 0,
    }
