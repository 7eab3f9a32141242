"""The samples' bills with lines that are there twice: refused, or the same money and a word about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from burn.api import Bill, BillRequest, DataError, Scope, Window, schemas
from burn_aws.provider import AwsProvider
from burn_aws.settings import AwsSettings
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from burn_gcp.provider import GcpProvider
from burn_gcp.settings import GcpSettings

PLUGINS = Path(__file__).parents[2] / "plugins"
MAKERS = {
    "aws": lambda bill: AwsProvider(AwsSettings(bill=bill, price_list="off")),
    "gcp": lambda bill: GcpProvider(GcpSettings(bill=bill, price_list="off")),
    "azure": lambda bill: AzureProvider(AzureSettings(bill=bill, price_list="off")),
}
STARTS = {"aws": "line_item_usage_start_date", "gcp": "usage_start_time"}


def read(cloud: str, folder: Path) -> Bill:
    return MAKERS[cloud](str(folder)).bill(
        BillRequest(
            scope=Scope(cluster="shop-prod"),
            window=Window.month(2026, 10),
            identities=schemas.IDENTITY.empty(),
        )
    )


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a cloud's sample bill without its manifests."""

    def copied(cloud: str) -> Path:
        source = PLUGINS / f"burn-{cloud}/burn_{cloud}/sample/bill"
        ignore = shutil.ignore_patterns("*anifest*.json")
        return Path(shutil.copytree(source, tmp_path / "bill", ignore=ignore))

    return copied


def data(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.name.endswith((".parquet", ".csv", ".csv.gz")))


def again(path: Path, rows: Callable[[pa.Table], pa.Table]) -> None:
    """Some of a file's lines once more, beside it."""
    table = pq.ParquetFile(path).read()
    pq.write_table(rows(table), path.with_name(f"copy of {path.name}"))


def without_day_1(table: pa.Table) -> pa.Table:
    return table.filter(pc.greater_equal(table.column(_start(table)), _at(table, 2)))


def one_day(table: pa.Table) -> pa.Table:
    at = table.column(_start(table))
    return table.filter(pc.and_(pc.greater_equal(at, _at(table, 7)), pc.less(at, _at(table, 8))))


def tax_credits_and_fees(table: pa.Table) -> pa.Table:
    kinds = pa.array(["Tax", "Credit", "Fee", "RIFee", "SavingsPlanRecurringFee"])
    return table.filter(pc.is_in(table.column("line_item_line_item_type"), kinds))


def _start(table: pa.Table) -> str:
    return next(name for name in STARTS.values() if name in table.column_names)


def _at(table: pa.Table, day: int) -> pa.Scalar:
    moment = pd.Timestamp(2026, 10, day, tz=table.schema.field(_start(table)).type.tz)
    return pa.scalar(moment, table.schema.field(_start(table)).type)


@pytest.mark.parametrize(
    ("cloud", "rows"),
    [
        ("gcp", lambda table: table),
        ("gcp", lambda table: table.slice(0, len(table) // 5)),
        ("aws", without_day_1),
        ("aws", one_day),
        ("aws", tax_credits_and_fees),
    ],
    ids=["gcp: all", "gcp: a fifth", "aws: not day 1", "aws: one day", "aws: tax, credits, fees"],
)
def test_lines_in_a_second_file(
    folder: Callable[[str], Path], cloud: str, rows: Callable[[pa.Table], pa.Table]
) -> None:
    place = folder(cloud)
    again(data(place)[-1], rows)
    with pytest.raises(DataError, match="the same lines twice"):
        read(cloud, place)


@pytest.mark.parametrize("part", [1, 2], ids=["all", "half"])
def test_azure_parts_under_a_second_name(folder: Callable[[str], Path], part: int) -> None:
    """In each export, as a browser names a second download."""
    place = folder("azure")
    files: Sequence[Path] = data(place)
    for path in files:
        name = path.name.replace(".", " (1).", 1)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.iloc[: len(frame) // part].to_csv(path.with_name(name), index=False)
    with pytest.raises(DataError, match="the same lines twice"):
        read("azure", place)
