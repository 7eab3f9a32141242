"""BigQuery as an engine: SQL in, an Arrow table out, bytes counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from burn.api import UsageError
from burn.api.bills.engine.source import Source
from burn_gcp.client.bigquery import BigQueryClient
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings

if TYPE_CHECKING:
    import pyarrow as pa

_TYPES = {
    "STRING": "varchar",
    "INTEGER": "bigint",
    "INT64": "bigint",
    "FLOAT": "double",
    "FLOAT64": "double",
    "NUMERIC": "decimal(38,9)",
    "BIGNUMERIC": "decimal(38,12)",
    "BOOLEAN": "boolean",
    "BOOL": "boolean",
    "TIMESTAMP": "timestamp with time zone",
    "DATETIME": "timestamp",
    "DATE": "date",
    "JSON": "json",
}


class BigQueryEngine:
    """Runs SQL in BigQuery and adds up what was billed.

    Args:
        session: makes the client.
        settings: limit and timeout.
    """

    dialect: Literal["bigquery"] = "bigquery"

    def __init__(self, session: GcpSession, settings: GcpSettings) -> None:
        self._client = BigQueryClient(session, settings)
        self._billed = 0

    @property
    def bytes_scanned(self) -> int | None:
        """Bytes that all queries so far were billed for."""
        return self._billed

    def query(self, sql: str) -> pa.Table:
        """Run one query; raises as `BigQueryClient.run`."""
        result, billed = self._client.run(sql)
        self._billed += billed
        return result

    def register(self, name: str, table: pa.Table) -> bool:
        """BigQuery knows no table of ours."""
        del name, table
        return False

    def open(self, name: str) -> Source:
        """The bill's table and its columns; reads no data.

        Raises:
            AccessError: there is no such table, or it may not be seen.
        """
        table = self._client.table(name)
        relation = ".".join(f'"{part}"' for part in name.split("."))
        columns = {field.name: duckdb_type(field) for field in table.schema}
        return Source(
            self,
            relation,
            columns,
            partitions=tuple(_partitions(table)),
            origin=(f"bigquery://{name.replace('.', '/')}",),
        )


def duckdb_type(field: Any) -> str:
    """A field's type in DuckDB's words, which `Table` reads."""
    if field.field_type in {"RECORD", "STRUCT"}:
        inner = ", ".join(f'"{sub.name}" {duckdb_type(sub)}' for sub in field.fields)
        kind = f"struct({inner})"
    else:
        kind = _TYPES.get(field.field_type, "varchar")
    return f"{kind}[]" if field.mode == "REPEATED" else kind


def table_of(url: str) -> str:
    """project.dataset.table of bigquery://project/dataset/table.

    Raises:
        UsageError: it is not of that form.
    """
    parts: Sequence[str] = url.removeprefix("bigquery://").strip("/").replace("/", ".").split(".")
    if len(parts) != 3 or not all(parts):
        raise UsageError(
            f"{url} is no BigQuery table", hint="write bigquery://project/dataset/table"
        )
    return ".".join(parts)


def _partitions(table: Any) -> Iterator[str]:
    """Exports are partitioned by the day they were loaded, some by export time."""
    found = table.time_partitioning
    if found is not None and found.field is None:
        yield "_PARTITIONTIME"
    elif found is not None and found.field == "export_time":
        yield "export_time"
