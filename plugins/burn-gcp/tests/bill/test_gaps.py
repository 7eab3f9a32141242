"""What a line lacks: a line that cannot be read stops the run, a poorer one is told with its harm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, BillRequest, DataError, Scope, Window, schemas
from burn_gcp.hooks import burn_billing_providers
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

Line = dict[str, Any]
PROMOTION = {
    "name": "Trial",
    "full_name": None,
    "id": "trial",
    "type": "PROMOTION",
    "amount": -0.25,
}


@pytest.fixture(scope="module")
def table() -> pa.Table:
    (spec,) = burn_billing_providers()
    assert spec.sample is not None
    (file,) = (spec.sample() / "bill").glob("*.parquet")
    return pq.read_table(file).slice(0, 400)


def read(table: pa.Table, folder: Path, change: Callable[[Line], object]) -> Bill:
    """The bill whose first line of a machine's cores was changed."""
    lines = table.to_pylist()
    change(next(line for line in lines if "Instance Core" in line["sku"]["description"]))
    pq.write_table(pa.Table.from_pylist(lines, table.schema), folder / "export.parquet")
    provider = GcpProvider(GcpSettings(bill=str(folder), price_list="off"))
    return provider.bill(
        BillRequest(
            scope=Scope(cluster="shop-prod"),
            window=Window.month(2026, 10),
            identities=schemas.IDENTITY.empty(),
        )
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda line: line["service"].update(description=None), "service.description"),
        (lambda line: line["sku"].update(description=""), "sku.description"),
        (lambda line: line["usage"].update(amount_in_pricing_units=None), "amount_in_pricing"),
        (lambda line: line.update(cost_type=None), "cost_type"),
        (lambda line: line.update(labels=[{"key": None, "value": "x"}]), "labels.key"),
        (lambda line: line.update(credits=[PROMOTION | {"type": None}]), "credits.type"),
        (lambda line: line.update(credits=[PROMOTION | {"amount": None}]), "credits.amount"),
        (
            lambda line: (
                line["consumption_model"].update(description=None)
                or line.update(cost_at_list_consumption_model=line["cost_at_list"] / 2)
            ),
            "consumption_model.description",
        ),
    ],
)
def test_a_line_that_cannot_be_read_stops_the_run(
    table: pa.Table, tmp_path: Path, change: Callable[[Line], object], named: str
) -> None:
    with pytest.raises(
        DataError, match=r"export\.parquet: 1 .*ha(?:s|ve) .*nothing in `.*" + named
    ):
        read(table, tmp_path, change)


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda line: line["project"].update(id=None), "`project.id`: they are of no project"),
        (lambda line: line["location"].update(region=None), "`location.region`: list prices"),
        (lambda line: line["resource"].update(name=None), "`resource.name`: no node"),
        (
            lambda line: line["resource"].update(global_name="n/a?"),
            "no resource's name in `resource.global_name`: no node",
        ),
        (lambda line: line.update(cost_at_list=None), "`cost_at_list`: their list price"),
        (lambda line: line.update(seller_name=None), "`seller_name`: they are taken for Google's"),
    ],
)
def test_a_poorer_line_is_told(
    table: pa.Table, tmp_path: Path, change: Callable[[Line], object], note: str
) -> None:
    notes = read(table, tmp_path, change).notes
    assert any("export.parquet: 1 " in one and note in one for one in notes), notes


def test_a_line_without_the_label_that_others_of_its_resource_have(
    table: pa.Table, tmp_path: Path
) -> None:
    costs: list[float] = []

    def bare(line: Line) -> None:
        costs.append(float(line["cost"]))
        line.update(labels=[])

    assert [n for n in read(table, tmp_path, lambda _: None).notes if "lack" in n] == []
    (note,) = [n for n in read(table, tmp_path, bare).notes if "lack" in n]
    assert note.startswith(f"1 lines ({costs[0]:,.2f}) lack the cluster's tag")
    assert "`goog-k8s-cluster-name` in `labels`" in note


@pytest.mark.parametrize("field", ["credits.type", "credits.amount", "labels.value"])
def test_a_field_of_a_list_is_required(table: pa.Table, tmp_path: Path, field: str) -> None:
    column, _, name = field.partition(".")
    lists = table.column(column).combine_chunks()
    fields = pa.Table.from_struct_array(lists.values).drop_columns([name])
    values = fields.to_struct_array().combine_chunks()
    changed = pa.ListArray.from_arrays(lists.offsets, values)
    at = table.schema.get_field_index(column)
    pq.write_table(table.set_column(at, column, changed), tmp_path / "export.parquet")
    with pytest.raises(DataError, match=f"lacks the field {field}"):
        GcpProvider(GcpSettings(bill=str(tmp_path))).bill(
            BillRequest(
                scope=Scope(cluster="shop-prod"),
                window=Window.month(2026, 10),
                identities=schemas.IDENTITY.empty(),
            )
        )
