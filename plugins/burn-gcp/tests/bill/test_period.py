"""Which time a bill covers, and how much of it is final, on files and pushed down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from burn.api import BillRequest, PeriodRequest, Scope, Window, schemas
from burn_gcp.bill.final import final_until
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_table
from tests.lab.gcp_names import gcp_world
from tests.lab.ledger import charge
from tests.lab.random_world import random_world
from tests.servers.gcp import serving
from tests.servers.gcp_bigquery import TABLE, BigQuery

URL = "bigquery://" + "/".join(TABLE)
OCTOBER = Window.month(2026, 10)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module", params=["detailed", "focus"])
def table(request: pytest.FixtureRequest) -> pa.Table:
    return gcp_table(charge(gcp_world(random_world(4))), export=request.param)


def shifted(table: pa.Table, days: int, *names: str) -> pa.Table:
    """The same lines, with these times moved."""
    for name in set(names) & set(table.column_names):
        moved = pc.add(table.column(name), pa.scalar(timedelta(days=days)))
        table = table.set_column(table.column_names.index(name), name, moved)
    return table


def provider(bill: str, **settings: Any) -> GcpProvider:
    return GcpProvider(GcpSettings(bill=bill, price_list="off", **settings))


def test_the_period_reads_recent_partitions_only(table: pa.Table) -> None:
    usage = ("usage_start_time", "usage_end_time", "ChargePeriodStart", "ChargePeriodEnd")
    old = shifted(table, -800, *usage, "export_time", "x_ExportTime")
    bigquery = BigQuery(pa.concat_tables([table, old]))
    with serving(bigquery) as url:
        found = provider(URL, endpoint_url=url).period(PeriodRequest(scope=Scope()))
    with serving(BigQuery(table)) as url:
        assert found == provider(URL, endpoint_url=url).period(PeriodRequest(scope=Scope()))
    newest, asked = bigquery.queries
    assert "WHERE" not in newest
    assert "_PARTITIONTIME >=" in asked.replace("`", "")
    assert found.start.year == OCTOBER.start.year


@pytest.mark.parametrize(
    ("newest", "until"),
    [
        ("2026-11-14T23:59:59", None),
        ("2026-11-15T00:00:00", "2026-11-01"),
        ("2027-01-02T00:00:00", "2026-11-01"),
        ("2026-10-31T00:00:00", None),
    ],
)
def test_a_month_is_final_once_its_invoice_is_out(newest: str, until: str | None) -> None:
    assert final_until(at(newest), OCTOBER) == (None if until is None else at(until))


def test_a_window_over_two_months_is_final_in_part() -> None:
    both = Window(at("2026-09-10"), at("2026-10-20"))
    assert final_until(at("2026-10-20"), both) == at("2026-10-01")
    assert final_until(at("2026-11-16"), both) == both.end
    assert final_until(at("2026-10-14"), both) is None
    assert final_until(at("2027-01-20"), Window.month(2026, 12)) == at("2027-01-01")


@pytest.mark.parametrize(("late", "until"), [(0, None), (45, OCTOBER.end)])
def test_the_export_tells(
    table: pa.Table, tmp_path: Path, late: int, until: datetime | None
) -> None:
    """Lines of the next weeks are outside the window, and still say how far the export is."""
    names = ("usage_start_time", "usage_end_time", "ChargePeriodStart", "ChargePeriodEnd")
    after = shifted(table, late, *names, "export_time", "x_ExportTime")
    whole = pa.concat_tables([table, after.slice(0, 500)]) if late else table
    pq.write_table(whole, tmp_path / "bill.parquet")
    keys = schemas.IDENTITY.empty()
    with serving(BigQuery(whole)) as url:
        there = provider(URL, endpoint_url=url).bill(
            BillRequest(scope=Scope(), window=OCTOBER, identities=keys)
        )
    here = provider(str(tmp_path)).bill(BillRequest(scope=Scope(), window=OCTOBER, identities=keys))
    assert here.final_until == there.final_until == until


def test_without_export_times_nothing_is_final(table: pa.Table, tmp_path: Path) -> None:
    kept = [n for n in table.column_names if n not in {"export_time", "x_ExportTime"}]
    pq.write_table(table.select(kept), tmp_path / "bill.parquet")
    bill = provider(str(tmp_path)).bill(
        BillRequest(scope=Scope(), window=OCTOBER, identities=schemas.IDENTITY.empty())
    )
    assert bill.final_until is None
