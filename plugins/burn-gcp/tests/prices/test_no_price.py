"""An asset without a price: the error says which table cannot answer, and what can be done."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Check, CheckRequest, DataError, Report
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import gcp_table
from tests.lab.gcp_run import gcp_report
from tests.lab.gcp_sample import gcp_shop
from tests.lab.ledger import charge
from tests.servers.gcp import serving

WORLD = gcp_shop()


@pytest.fixture(scope="module")
def euros(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's month on the bill of an account in EUR."""
    table = gcp_table(charge(WORLD), daily=True)
    at = table.schema.get_field_index("currency")
    folder = tmp_path_factory.mktemp("euros")
    table = table.set_column(at, "currency", pa.array(["EUR"] * len(table)))
    pq.write_table(table, folder / "export.parquet")
    return folder


def report(bill: Path, **settings: object) -> Report:
    return gcp_report(WORLD, bill, **settings)  # type: ignore[arg-type]


def test_the_table_is_in_dollars(euros: Path) -> None:
    with pytest.raises(DataError, match="fallback table is in USD, the bill in EUR") as caught:
        report(euros, forwarding_rules=(), price_list="off")
    hint = str(caught.value.hint)
    assert "provider.gcp.describe = true" in hint
    assert "provider.gcp.forwarding_rules" in hint
    assert "price_list = auto" in hint


def test_what_is_set_is_not_advised(euros: Path) -> None:
    """`auto` is set, and the Catalog refuses: that is what is said."""
    with serving() as url, pytest.raises(DataError) as caught:
        report(euros, forwarding_rules=(), price_list="auto", endpoint_url=url)
    hint = str(caught.value.hint)
    assert "price_list = auto" not in hint
    assert "the Billing Catalog does not exist" in hint


def test_with_its_rules_such_a_bill_is_read(euros: Path) -> None:
    assert report(euros, price_list="off").control.currency == "EUR"


def doctor(bill: Path) -> dict[str, Check]:
    provider = GcpProvider(GcpSettings(bill=str(bill), price_list="off"))
    return {one.name: one for one in provider.check(CheckRequest())}


def test_doctor_says_what_a_run_would_say(euros: Path, tmp_path: Path) -> None:
    """The standard export names no machines."""
    assert doctor(euros)["bill"].ok
    table = gcp_table(charge(WORLD), daily=True, export="standard")
    pq.write_table(table, tmp_path / "export.parquet")
    told = doctor(tmp_path)["bill"]
    with pytest.raises(DataError) as caught:
        report(tmp_path, price_list="off")
    assert not told.ok
    assert "standard export, which names no resources" in told.detail
    assert "standard export, which names no resources" in str(caught.value)
    assert told.hint == caught.value.hint


def test_doctor_says_what_an_older_export_lacks(tmp_path: Path) -> None:
    table = gcp_table(charge(WORLD), daily=True)
    pq.write_table(table.drop_columns(["cost_at_list"]), tmp_path / "export.parquet")
    assert "no cost_at_list" in doctor(tmp_path)["bill"].detail
    pq.write_table(table.drop_columns(["credits"]), tmp_path / "export.parquet")
    assert "lacks the column credits" in doctor(tmp_path)["bill"].detail
