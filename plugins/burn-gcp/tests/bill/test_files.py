"""Files of one bill: each is read by its own columns, counted by itself, and accounted for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, BillRequest, CheckRequest, DataError, Scope, Window, schemas
from burn.validation.rows_accounted import require_accounted
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

WINDOW = Window(datetime(2026, 10, 2, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC))
KINDS = ("parquet", "jsonl", "csv")


def lines(days: int = 3, **changed: Any) -> pa.Table:
    """A line a day of 10.00, one of 4.00 in another project, each with 1.00 of credit."""
    rows = [
        {
            "service": {"description": "Compute Engine"},
            "sku": {"description": "N2 Instance Core running in Iowa"},
            "usage_start_time": datetime(2026, 10, day, tzinfo=UTC),
            "usage_end_time": datetime(2026, 10, day + 1, tzinfo=UTC),
            "project": {"id": project},
            "labels": [{"key": "team", "value": "a"}],
            "location": {"region": "us-central1", "zone": "us-central1-a"},
            "cost": cost,
            "cost_at_list": cost,
            "currency": "USD",
            "usage": {"amount_in_pricing_units": 24.0, "pricing_unit": "hour"},
            "credits": [{"name": "p", "amount": -1.0, "type": "PROMOTION"}],
            "invoice": {"month": "202610"},
            "cost_type": "regular",
            "resource": {"name": "vm", "global_name": "//compute/projects/p/zones/z/instances/vm"},
            **changed,
        }
        for day in range(1, days + 1)
        for project, cost in (("shop", 10.0), ("other", 4.0))
    ]
    return pa.Table.from_pylist(rows)


def write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    elif path.suffix == ".jsonl":
        frame = table.to_pandas()
        frame.to_json(path, orient="records", lines=True, date_format="iso")
    else:
        flat = table.flatten()
        frame = flat.to_pandas()
        for name in ("credits", "labels"):
            if name in frame:
                frame[name] = [str([dict(one) for one in each]) for each in frame[name]]
        frame.to_csv(path, index=False)


def read(folder: Path, **settings: Any) -> Bill:
    provider = GcpProvider(GcpSettings(bill=str(folder), price_list="off", **settings))
    bill = provider.bill(
        BillRequest(scope=Scope(), window=WINDOW, identities=schemas.IDENTITY.empty())
    )
    require_accounted(bill.control, "gcp")
    assert failed(folder) == []
    return bill


def failed(folder: Path) -> list[str]:
    """What `burn doctor` fails."""
    provider = GcpProvider(GcpSettings(bill=str(folder), price_list="off"))
    return [check.detail for check in provider.check(CheckRequest()) if not check.ok]


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_of_every_file_is_accounted_for(tmp_path: Path, kind: str) -> None:
    write(lines(), tmp_path / f"one.{kind}")
    write(lines(2, consumption_model={"description": "Default"}), tmp_path / f"two.{kind}")
    control = read(tmp_path, projects=("shop",)).control
    assert {(one.file[:3], one.rows, one.amount) for one in control.files} == {
        ("one", 6, Decimal(36)),
        ("two", 4, Decimal(24)),
    }
    told = {(o.file[:3], o.fate): (o.rows, o.amount, o.inside) for o in control.accounted}
    assert told["one", "window"] == (1, Decimal(9), Decimal(9))
    assert told["one", "other period"] == (2, Decimal(18), Decimal(0))
    assert told["one", "out of scope"] == (3, Decimal(9), Decimal(0))
    assert told["two", "window"] == (1, Decimal(9), Decimal(9))
    assert control.billed == Decimal(18)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", ["cost", "credits", "labels", "currency"])
def test_a_column_that_one_file_lacks_is_an_error_of_that_file(
    tmp_path: Path, kind: str, column: str
) -> None:
    write(lines(), tmp_path / f"one.{kind}")
    write(lines().drop_columns([column]), tmp_path / f"two.{kind}")
    with pytest.raises(DataError) as caught:
        read(tmp_path)
    assert "two." in str(caught.value)
    assert column in str(caught.value)
    assert failed(tmp_path) == [caught.value.message]


def test_a_quantity_that_is_no_number_is_an_error(tmp_path: Path) -> None:
    write(lines(), tmp_path / "one.jsonl")
    usage = {"amount_in_pricing_units": "many", "pricing_unit": "hour"}
    write(lines(1, usage=usage), tmp_path / "two.jsonl")
    with pytest.raises(DataError, match=r'two\.jsonl: 2 lines have ."many"., which is no number'):
        read(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_without_an_amount_is_an_error(tmp_path: Path, kind: str) -> None:
    table = lines()
    costs = pa.array([None, *table["cost"].to_pylist()[1:]], pa.float64())
    at = table.schema.get_field_index("cost")
    write(table.set_column(at, "cost", costs), tmp_path / f"one.{kind}")
    with pytest.raises(DataError, match=r"one\.\w+: 1 line has nothing in `cost`"):
        read(tmp_path)


def focus(table: pa.Table) -> pa.Table:
    return table.append_column("BilledCost", table["cost"]).append_column(
        "ChargePeriodStart", table["usage_start_time"]
    )


def standard(table: pa.Table) -> pa.Table:
    return table.drop_columns(["resource"])


@pytest.mark.parametrize(
    ("second", "words"), [(focus, "columns of two formats"), (standard, "mixes formats")]
)
def test_two_formats_are_refused_by_name(
    tmp_path: Path, second: Callable[[pa.Table], pa.Table], words: str
) -> None:
    write(lines(), tmp_path / "one.parquet")
    write(second(lines()), tmp_path / "two.parquet")
    with pytest.raises(DataError, match=words):
        read(tmp_path)


def test_a_file_that_lost_a_line_on_the_way_is_found(tmp_path: Path) -> None:
    write(lines(), tmp_path / "one.parquet")
    control = read(tmp_path).control
    short = replace(control, accounted=control.accounted[1:])
    with pytest.raises(DataError, match=r"one\.parquet holds 6 lines"):
        require_accounted(short, "gcp")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_lines_twice_are_refused(tmp_path: Path, kind: str) -> None:
    """A copy under another name, one that lacks days, an export that was run again."""
    write(lines(), tmp_path / f"export-000.{kind}")
    write(lines(2), tmp_path / f"later-000.{kind}")
    with pytest.raises(DataError, match="the same lines twice") as caught:
        read(tmp_path)
    assert "export-000" in str(caught.value)
    assert "later-000" in str(caught.value)
    assert "2 of 2 lines" in str(caught.value)


def test_a_few_equal_lines_are_told(tmp_path: Path) -> None:
    """One in 200 is there twice: it may be so, and is counted."""
    day = lines(2).slice(2, 1)
    many = [day]
    for at in range(199):
        resource = pa.array([{"name": f"vm-{at}", "global_name": f"//compute/instances/vm-{at}"}])
        many.append(day.set_column(day.schema.get_field_index("resource"), "resource", resource))
    write(pa.concat_tables([*many, day]), tmp_path / "one.parquet")
    bill = read(tmp_path)
    assert bill.control.lines == 201
    (note,) = [one for one in bill.notes if "more than once" in one]
    assert "1 of 201 lines" in note


def test_places_of_different_projects_are_added(tmp_path: Path) -> None:
    """10 and 4 a day, less a credit of 1 each; a project in two places is refused."""
    for project, at in (("shop", 0), ("other", 1)):
        (tmp_path / project).mkdir()
        write(lines().take([at, at + 2, at + 4]), tmp_path / project / "export.parquet")
    both = (str(tmp_path / "shop"), str(tmp_path / "other"))
    assert read(tmp_path / "shop").control.billed == Decimal(9)
    made = GcpProvider(GcpSettings(bill=both, price_list="off"))
    bill = made.bill(BillRequest(scope=Scope(), window=WINDOW, identities=schemas.IDENTITY.empty()))
    assert bill.control.billed == Decimal(12)
    assert len(bill.control.files) == 2
    write(lines(), tmp_path / "other" / "export.parquet")
    again = GcpProvider(GcpSettings(bill=both, price_list="off"))
    with pytest.raises(DataError, match="shop in 2026-10 is in"):
        again.bill(BillRequest(scope=Scope(), window=WINDOW, identities=schemas.IDENTITY.empty()))
