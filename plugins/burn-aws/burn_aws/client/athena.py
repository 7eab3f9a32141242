"""Athena's API: start a query, wait for it, stop it, and get its answer as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn, cast

from burn.api import AccessError, DataError
from burn_aws.client.errors import translated
from burn_aws.client.session import AwsSession
from burn_aws.settings import AwsSettings

FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0
_RUNNING = frozenset({"QUEUED", "RUNNING"})
_DENIED = ("Access Denied", "AccessDenied", "not authorized", "Insufficient permissions")


@dataclass(frozen=True, slots=True)
class Done:
    """A finished query.

    Attributes:
        id: Athena's execution id.
        output: s3:// URL of its CSV; empty where Athena manages results itself.
        scanned: bytes it read; 0 when an earlier result was handed back.
    """

    id: str
    output: str
    scanned: int


class AthenaClient:
    """Runs queries in one workgroup, one at a time.

    Args:
        session: makes the clients.
        settings: workgroup, catalog, output, reuse, time limit.
        database: the database that names in a query refer to.
    """

    def __init__(self, session: AwsSession, settings: AwsSettings, database: str) -> None:
        self._session = session
        self._settings = settings
        self._database = database
        self._subject = f"Athena workgroup {settings.athena_workgroup}"

    @property
    def _client(self) -> Any:
        return self._session.client("athena")

    def run(self, sql: str, watch: Callable[[int], None]) -> Done:
        """Run a query to its end; stop it when this process is interrupted or runs out of time.

        Args:
            sql: in Athena's dialect.
            watch: is told the bytes scanned so far at each poll; may raise to stop the query.

        Raises:
            AccessError: not allowed, throttled, or over the time limit.
            DataError: Athena could not run it; carries Athena's reason.
        """
        query_id = self._start(sql)
        try:
            execution = self._wait(query_id, watch)
        except BaseException:
            self._stop(query_id)
            raise
        status = execution["Status"]
        if status["State"] != "SUCCEEDED":
            self._failed(query_id, status)
        return Done(
            id=query_id,
            output=str(execution.get("ResultConfiguration", {}).get("OutputLocation", "")),
            scanned=_scanned(execution),
        )

    def columns(self, done: Done) -> list[dict[str, Any]]:
        """The result's columns: Name, Type, Precision, Scale."""
        with translated("athena:GetQueryResults", self._subject):
            answer = self._client.get_query_results(QueryExecutionId=done.id, MaxResults=1)
        return list(answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"])

    def csv(self, done: Done) -> BinaryIO:
        """The result's CSV, as a stream."""
        bucket, _, key = done.output.removeprefix("s3://").partition("/")
        with translated("s3:GetObject", done.output):
            answer = self._session.client("s3").get_object(Bucket=bucket, Key=key)
        return cast("BinaryIO", answer["Body"])

    def rows(self, done: Done) -> Iterator[list[str | None]]:
        """The result page by page, header row left out, where there is no CSV to read."""
        first = True
        with translated("athena:GetQueryResults", self._subject):
            pages = self._client.get_paginator("get_query_results")
            for page in pages.paginate(QueryExecutionId=done.id):
                for row in page["ResultSet"]["Rows"]:
                    if not first:
                        yield [cell.get("VarCharValue") for cell in row["Data"]]
                    first = False

    def workgroup(self) -> dict[str, Any]:
        """The workgroup's configuration; raises AccessError when it may not be read."""
        with translated("athena:GetWorkGroup", self._subject):
            answer = self._client.get_work_group(WorkGroup=self._settings.athena_workgroup)
        return dict(answer["WorkGroup"])

    def _start(self, sql: str) -> str:
        minutes = self._settings.result_reuse_minutes
        request: dict[str, Any] = {
            "QueryString": sql,
            "WorkGroup": self._settings.athena_workgroup,
            "QueryExecutionContext": {
                "Database": self._database,
                "Catalog": self._settings.athena_catalog,
            },
            "ResultReuseConfiguration": {
                "ResultReuseByAgeConfiguration": {
                    "Enabled": minutes > 0,
                    **({"MaxAgeInMinutes": minutes} if minutes > 0 else {}),
                }
            },
        }
        if self._settings.athena_output:
            request["ResultConfiguration"] = {"OutputLocation": self._settings.athena_output}
        with translated("athena:StartQueryExecution", self._subject):
            return str(self._client.start_query_execution(**request)["QueryExecutionId"])

    def _wait(self, query_id: str, watch: Callable[[int], None]) -> dict[str, Any]:
        from tenacity import Retrying, retry_if_result, stop_after_delay, wait_exponential

        def look() -> dict[str, Any]:
            with translated("athena:GetQueryExecution", self._subject):
                answer = self._client.get_query_execution(QueryExecutionId=query_id)
            execution = dict(answer["QueryExecution"])
            watch(_scanned(execution))
            return execution

        def late(_: Any) -> NoReturn:
            raise AccessError(
                f"Athena query {query_id} ran longer than {self._settings.athena_timeout:g} s",
                hint="shorten --window, or raise provider.aws.athena_timeout",
            )

        poll = Retrying(
            retry=retry_if_result(lambda execution: execution["Status"]["State"] in _RUNNING),
            wait=wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
            stop=stop_after_delay(self._settings.athena_timeout),
            retry_error_callback=late,
        )
        return poll(look)

    def _stop(self, query_id: str) -> None:
        from contextlib import suppress

        # The reason for stopping matters more to the reader than that stopping failed too.
        with suppress(AccessError), translated("athena:StopQueryExecution", self._subject):
            self._client.stop_query_execution(QueryExecutionId=query_id)

    def _failed(self, query_id: str, status: dict[str, Any]) -> NoReturn:
        reason = str(
            status.get("AthenaError", {}).get("ErrorMessage")
            or status.get("StateChangeReason")
            or "Athena gave no reason"
        )
        reason = " ".join(reason.split())[:300]
        if any(word.lower() in reason.lower() for word in _DENIED):
            raise AccessError(
                f"Athena may not read what query {query_id} needs: {reason}",
                hint="grant s3:GetObject and s3:ListBucket on the bill's bucket, and glue:GetTable,"
                " glue:GetPartitions, glue:GetDatabase on its table",
            )
        raise DataError(
            f"Athena query {query_id} {str(status['State']).lower()}: {reason}",
            hint="look it up under Recent queries in the Athena console",
        )


def _scanned(execution: dict[str, Any]) -> int:
    statistics = execution.get("Statistics", {})
    if statistics.get("ResultReuseInformation", {}).get("ReusedPreviousResult"):
        return 0
    return int(statistics.get("DataScannedInBytes", 0))
