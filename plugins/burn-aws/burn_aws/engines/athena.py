"""Athena as an engine: SQL in, an Arrow table with Athena's types out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from burn.api import AccessError, DataError, UsageError
from burn.api.bills.engine.source import Source
from burn_aws.client.athena import AthenaClient, Done
from burn_aws.client.session import AwsSession
from burn_aws.settings import AwsSettings

if TYPE_CHECKING:
    import pyarrow as pa

PARTITIONS = (("billing_period",), ("year", "month"))


class AthenaEngine:
    """Runs SQL in Athena and adds up what it scanned.

    Args:
        session: makes the clients.
        settings: workgroup, reuse and limits.
        database: where the bill's table lives.
    """

    dialect: Literal["athena"] = "athena"

    def __init__(self, session: AwsSession, settings: AwsSettings, database: str) -> None:
        self._athena = AthenaClient(session, settings, database)
        self._limit = settings.max_bytes_scanned
        self._scanned = 0

    @property
    def bytes_scanned(self) -> int | None:
        """Bytes that all queries so far scanned."""
        return self._scanned

    def query(self, sql: str) -> pa.Table:
        """Run one query.

        Raises:
            AccessError: not allowed, too slow, or over the limit of bytes.
            DataError: Athena could not run it, or its answer is not what it said.
        """
        self._within(0)
        done = self._athena.run(sql, self._within)
        self._scanned += done.scanned
        return self._table(done)

    def register(self, name: str, table: pa.Table) -> bool:
        """Athena knows no table of ours."""
        del name, table
        return False

    def open(self, table: str, origin: str) -> Source:
        """The bill's table and its columns; reads no data.

        Raises:
            DataError: there is no such table.
        """
        relation = '"' + table.replace('"', '""') + '"'
        done = self._athena.run(f"SELECT * FROM {relation} LIMIT 0", self._within)  # noqa: S608
        columns = {str(c["Name"]): str(c["Type"]).lower() for c in self._athena.columns(done)}
        partitions = next((p for p in PARTITIONS if set(p) <= set(columns)), ())
        return Source(self, relation, columns, partitions=partitions, origin=(origin,))

    def _within(self, scanned: int) -> None:
        if self._limit and self._scanned + scanned > self._limit:
            raise AccessError(
                f"Athena scanned {self._scanned + scanned:,} bytes, more than the limit"
                f" of {self._limit:,}; the query was stopped",
                hint="shorten --window, or raise provider.aws.max_bytes_scanned",
            )

    def _table(self, done: Done) -> pa.Table:
        import pyarrow as pa
        from pyarrow import csv

        columns = self._athena.columns(done)
        names = [str(column["Name"]) for column in columns]
        types = [arrow_type(column) for column in columns]
        try:
            if not done.output:
                cells = list(self._athena.rows(done))
                arrays = [
                    pa.array([row[at] for row in cells], pa.string()).cast(kind)
                    for at, kind in enumerate(types)
                ]
                return pa.Table.from_arrays(arrays, names=names)
            return csv.read_csv(
                pa.PythonFile(self._athena.csv(done), mode="r"),
                read_options=csv.ReadOptions(column_names=names, skip_rows=1),
                parse_options=csv.ParseOptions(newlines_in_values=True),
                # Athena leaves a NULL unquoted and writes an empty text as "".
                convert_options=csv.ConvertOptions(
                    column_types=dict(zip(names, types, strict=True)),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            raise DataError(
                f"Athena's answer to query {done.id} is not what it said: {error}"
            ) from error


def arrow_type(column: dict[str, Any]) -> pa.DataType:
    """The Arrow type for one of Athena's; decimals stay exact, the unknown stays text."""
    import pyarrow as pa

    kind = str(column["Type"]).lower()
    if kind == "decimal":
        return pa.decimal128(int(column["Precision"]), int(column["Scale"]))
    if kind.startswith("timestamp"):
        return pa.timestamp("us")
    plain = {
        "boolean": pa.bool_(),
        "tinyint": pa.int64(),
        "smallint": pa.int64(),
        "integer": pa.int64(),
        "bigint": pa.int64(),
        "float": pa.float64(),
        "real": pa.float64(),
        "double": pa.float64(),
        "date": pa.date32(),
    }
    return plain.get(kind, pa.string())


def parse_url(url: str) -> tuple[str, str]:
    """Database and table of athena://database/table.

    Raises:
        UsageError: it is not of that form.
    """
    database, _, table = url.removeprefix("athena://").strip("/").partition("/")
    if not database or not table or "/" in table:
        raise UsageError(f"{url} is no Athena table", hint="write athena://database/table")
    return database, table
