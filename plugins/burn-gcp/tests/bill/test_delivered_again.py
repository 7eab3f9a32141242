"""An export that was run again is there twice; lists that an export left blank are told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, BillRequest, DataError, Scope, Window, schemas
from burn_gcp.hooks import burn_billing_providers
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings
from tests.lab.gcp import flat


@pytest.fixture(scope="module")
def table() -> pa.Table:
    (spec,) = burn_billing_providers()
    assert spec.sample is not None
    (file,) = (spec.sample() / "bill").glob("*.parquet")
    return pq.read_table(file).slice(0, 400)


def read(folder: Path) -> Bill:
    return GcpProvider(GcpSettings(bill=str(folder), price_list="off")).bill(
        BillRequest(
            scope=Scope(cluster="shop-prod"),
            window=Window.month(2026, 10),
            identities=schemas.IDENTITY.empty(),
        )
    )


def exported_later(table: pa.Table) -> pa.Table:
    late = pc.add(table.column("export_time"), pa.scalar(timedelta(hours=30)))
    return table.set_column(table.column_names.index("export_time"), "export_time", late)


def test_another_export_time_makes_no_other_line(table: pa.Table, tmp_path: Path) -> None:
    """In a file of its own, and in the same one, as in a table that was filled twice."""
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(exported_later(table), tmp_path / "b.parquet")
    with pytest.raises(
        DataError, match=r"the same lines twice: .* in a\.parquet and in b\.parquet"
    ):
        read(tmp_path)
    (tmp_path / "b.parquet").unlink()
    pq.write_table(pa.concat_tables([table, exported_later(table)]), tmp_path / "a.parquet")
    with pytest.raises(DataError, match="the same lines twice"):
        read(tmp_path)


def test_two_parts_of_an_hour_are_two_lines(table: pa.Table, tmp_path: Path) -> None:
    """They may be alike but for the time of their export."""
    cost = pc.fill_null(pc.greater(table.column("cost"), 0), fill_value=False)
    part = exported_later(table.filter(cost).slice(0, 3))
    pq.write_table(pa.concat_tables([table, part]), tmp_path / "a.parquet")
    bill = read(tmp_path)
    assert bill.control.lines == 403
    assert not [note for note in bill.notes if "more than once" in note]


@pytest.mark.parametrize("blank", ["labels", "credits"])
def test_a_blank_list_is_told(table: pa.Table, tmp_path: Path, blank: str) -> None:
    frame: Any = flat(table)
    frame.iloc[:200].to_csv(tmp_path / "a.csv", index=False)
    frame.iloc[200:].assign(**{blank: ""}).to_csv(tmp_path / "b.csv", index=False)
    assert [
        note.partition(": none")[0]
        for note in read(tmp_path).notes
        if f"lines has anything in `{blank}`" in note
    ] == ["b.csv"]
