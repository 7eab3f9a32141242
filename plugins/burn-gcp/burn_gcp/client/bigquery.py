"""BigQuery jobs: estimated before they run, capped, cancelled when nobody waits any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn.api import AccessError, DataError
from burn_gcp.client.errors import translated
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings

if TYPE_CHECKING:
    import pyarrow as pa

RUN = "bigquery.jobs.create on the project, bigquery.tables.getData on the table"
SEE = "bigquery.tables.get on the table"


class BigQueryClient:
    """Runs queries over one billing table.

    Args:
        session: makes the client.
        settings: limit, timeout.
    """

    def __init__(self, session: GcpSession, settings: GcpSettings) -> None:
        self._session = session
        self._limit = settings.maximum_bytes_billed
        self._timeout = settings.timeout

    def table(self, name: str) -> Any:
        """A table's metadata."""
        with translated(SEE, f"BigQuery table {name}"):
            return self._session.bigquery.get_table(name)

    def estimate(self, sql: str) -> int:
        """Bytes a query would read; costs nothing.

        Raises:
            AccessError: not allowed, or out of reach.
            DataError: BigQuery does not accept the query.
        """
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(dry_run=True, use_query_cache=False)
        with _sound(), translated(RUN, "BigQuery"):
            job = self._session.bigquery.query(sql, job_config=config)
            return int(job.total_bytes_processed or 0)

    def run(self, sql: str) -> tuple[pa.Table, int]:
        """A query's result, and the bytes it was billed for.

        Raises:
            AccessError: not allowed, over the limit, too slow, or out of reach.
            DataError: BigQuery does not accept the query.
        """
        from google.cloud.bigquery import QueryJobConfig

        estimate = self.estimate(sql)
        if self._limit and estimate > self._limit:
            raise AccessError(
                f"BigQuery would read {estimate:,} bytes, more than the limit of {self._limit:,};"
                " nothing was run",
                hint="shorten --window, or raise provider.gcp.maximum_bytes_billed",
            )
        config = QueryJobConfig()
        if self._limit:
            config.maximum_bytes_billed = self._limit
        with _sound(), translated(RUN, "BigQuery"):
            job = self._session.bigquery.query(sql, job_config=config)
            try:
                rows = job.result(timeout=self._timeout)
                result: pa.Table = rows.to_arrow(create_bqstorage_client=False)
            except TimeoutError as error:
                job.cancel()
                raise AccessError(
                    f"BigQuery job {job.job_id} ran longer than {self._timeout:g} s; it was cancelled",
                    hint="shorten --window, or raise provider.gcp.timeout",
                ) from error
            except KeyboardInterrupt:
                job.cancel()  # an abandoned job would run on, and be billed
                raise
            return result, int(job.total_bytes_billed or job.total_bytes_processed or 0)


class _sound:  # noqa: N801 (reads as a word after `with`)
    """Turns BigQuery's refusal of a query's text into DataError."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        from google.api_core.exceptions import BadRequest

        cause = error.__cause__ if isinstance(error, AccessError) else error
        if isinstance(cause, BadRequest):
            line = (str(cause.message).splitlines() or [""])[0][:300]
            raise DataError(
                f"BigQuery does not accept the query: {line}",
                hint="is provider.gcp.bill the exported table itself, or a view of the same columns?",
            ) from cause
