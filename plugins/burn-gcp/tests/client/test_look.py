"""`burn init` lists the billing exports of a project, the detailed one first."""

from __future__ import annotations

import pyarrow as pa
import pytest

from burn.api import AccessError
from burn_gcp.look import look
from burn_gcp.settings import GcpSettings
from tests.servers.gcp import serving
from tests.servers.gcp_bigquery import TABLE, BigQuery

ROWS = pa.table({"export_time": pa.array([], pa.timestamp("us", tz="UTC"))})


def test_the_detailed_export_comes_first_and_other_tables_are_no_bill() -> None:
    with serving(BigQuery(ROWS)) as url:
        found = list(look(GcpSettings(endpoint_url=url, project=TABLE[0])))
    places = [dict(one.settings) for one in found]
    start = f"bigquery://{TABLE[0]}/{TABLE[1]}/"
    assert places == [
        {"bill": start + TABLE[2], "project": TABLE[0]},
        {"bill": start + "gcp_billing_export_v1_010101", "project": TABLE[0]},
    ]


def test_a_refusal_names_the_permission() -> None:
    bigquery = BigQuery(ROWS)
    bigquery.refuse = True
    with serving(bigquery) as url, pytest.raises(AccessError) as refused:
        list(look(GcpSettings(endpoint_url=url, project=TABLE[0])))
    assert "bigquery.tables.list" in (refused.value.hint or "")
