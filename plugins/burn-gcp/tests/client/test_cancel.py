"""A job that nobody waits for any more is cancelled: it would run on, and be billed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from burn.api import AccessError
from burn_gcp.client.bigquery import BigQueryClient
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_table
from tests.lab.gcp_names import gcp_world
from tests.lab.ledger import charge
from tests.lab.random_world import random_world
from tests.servers.gcp import Answer, serving
from tests.servers.gcp_bigquery import TABLE, BigQuery

SQL = f"SELECT COUNT(*) AS x_lines FROM `{'`.`'.join(TABLE)}`"


@pytest.fixture(scope="module")
def table() -> Any:
    return gcp_table(charge(gcp_world(random_world(4))), daily=True)


def client(url: str, **settings: Any) -> BigQueryClient:
    made = GcpSettings(endpoint_url=url, **settings)
    return BigQueryClient(GcpSession(made), made)


def test_a_job_that_takes_too_long(table: Any) -> None:
    server = BigQuery(table)
    server.stall = True
    with serving(server) as url, pytest.raises(AccessError, match=r"longer than 0\.5 s") as error:
        client(url, timeout=0.5).run(SQL)
    assert "provider.gcp.timeout" in str(error.value.hint)
    assert (len(server.queries), server.cancelled) == (1, 1)


@pytest.fixture
def control_c() -> Iterator[None]:
    """What Python does about Control-C, even where a shell started the tests without it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("control_c")
def test_an_interrupted_run(table: Any) -> None:
    """Control-C arrives while the job is polled for its result."""
    server = BigQuery(table)
    server.stall = True

    def interrupting(
        method: str, path: str, query: dict[str, str], body: dict[str, Any]
    ) -> Answer | None:
        if "/queries/" in path and not server.cancelled:
            os.kill(os.getpid(), signal.SIGINT)
        return None

    with serving(interrupting, server) as url, pytest.raises(KeyboardInterrupt):
        client(url, timeout=60).run(SQL)
    assert (len(server.queries), server.cancelled) == (1, 1)


def test_a_finished_job_is_not_cancelled(table: Any) -> None:
    server = BigQuery(table)
    with serving(server) as url:
        result, billed = client(url).run(SQL)
    assert result.column("x_lines").to_pylist() == [table.num_rows]
    assert billed == server.bytes
    assert server.cancelled == 0
