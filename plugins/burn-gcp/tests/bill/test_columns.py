"""What a column's absence does: an error where a figure would be wrong, a note where it is poorer."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, BillRequest, DataError, Scope, Window, schemas
from burn_gcp.bill.lines.formats import FOCUS, USAGE, detect
from burn_gcp.hooks import burn_billing_providers
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

NEWER = {
    "cost_at_list": "negotiated discount",
    "consumption_model": "newer model",
    "seller_name": "resold products",
}
"""Columns that exports of their time do not have → a word of the note."""


@pytest.fixture(scope="module")
def table() -> pa.Table:
    (spec,) = burn_billing_providers()
    assert spec.sample is not None
    (file,) = (spec.sample() / "bill").glob("*.parquet")
    return pq.read_table(file)


def read(table: pa.Table, folder: Path) -> Bill:
    folder.mkdir(exist_ok=True)
    pq.write_table(table, folder / "export.parquet")
    provider = GcpProvider(GcpSettings(bill=str(folder), price_list="off"))
    return provider.bill(
        BillRequest(
            scope=Scope(cluster="shop-prod"),
            window=Window.month(2026, 10),
            identities=schemas.IDENTITY.empty(),
        )
    )


@pytest.mark.parametrize(
    ("column", "named"),
    [
        ("credits", "credits"),
        ("labels", "labels"),
        ("usage", r"usage\.amount_in_pricing_units, usage\.pricing_unit"),
        ("location", r"location\.region"),
        ("cost_type", "cost_type"),
        ("sku", r"sku\.description"),
    ],
)
def test_a_wrong_figure_is_an_error(
    table: pa.Table, tmp_path: Path, column: str, named: str
) -> None:
    with pytest.raises(DataError, match=f"lacks the columns? {named}$") as caught:
        read(table.drop_columns([column]), tmp_path)
    assert "export the table whole" in str(caught.value.hint)


@pytest.mark.parametrize("column", list(NEWER))
def test_an_older_export_is_read_with_a_note(table: pa.Table, tmp_path: Path, column: str) -> None:
    before = read(table, tmp_path / "whole")
    bill = read(table.drop_columns([column]), tmp_path / "older")
    assert any(NEWER[column] in note and column in note for note in bill.notes)
    assert not any(NEWER[column] in note for note in before.notes)
    assert bill.control == before.control


def test_focus_needs_credits_and_a_kind_of_charge() -> None:
    """BilledCost is after credits: without them a promotion would be a price."""
    paths = {one if isinstance(one, str) else one[0]: "varchar" for one in FOCUS.values()}
    assert detect(paths).focus
    with pytest.raises(DataError, match="x_Credits"):
        detect({name: kind for name, kind in paths.items() if name != "x_Credits"})
    less = {name: kind for name, kind in paths.items() if name != "x_CostType"}
    assert detect(less).focus  # ChargeCategory tells it
    with pytest.raises(DataError, match="x_CostType"):
        detect({name: kind for name, kind in less.items() if name != "ChargeCategory"})


def test_ancestors_need_their_column(table: pa.Table, tmp_path: Path) -> None:
    """Else every line would be out of scope."""
    project = table.column("project").combine_chunks()
    bare = pa.StructArray.from_arrays([project.field("id")], ["id"])
    at = table.schema.get_field_index("project")
    pq.write_table(table.set_column(at, "project", bare), tmp_path / "export.parquet")
    settings = GcpSettings(bill=str(tmp_path), price_list="off", ancestors=("2002",))
    with pytest.raises(DataError, match=r"project\.ancestry_numbers"):
        GcpProvider(settings).bill(
            BillRequest(
                scope=Scope(cluster="shop-prod"),
                window=Window.month(2026, 10),
                identities=schemas.IDENTITY.empty(),
            )
        )
    assert "ancestry" in USAGE
