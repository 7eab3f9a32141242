"""Files that other tools made: every cent and line of them is in the bill."""

from __future__ import annotations

import csv
import gzip
import io
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from burn.api import Bill, BillRequest, DataError, Scope, Window, schemas
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings

ROOT = Path(__file__).parents[4]
CASES = Path(os.environ.get("BURN_CASES", ROOT / "../shared/cases")) / "azure"
FEBRUARY, NOVEMBER = (2021, 2), (2022, 11)
needs_cases = pytest.mark.skipif(not CASES.exists(), reason="third-party cases are not here")
COST = ("costinbillingcurrency", "pretaxcost", "cost")


def bill(path: Path, year: int, month: int, cluster: str = "kubernetes") -> Bill:
    provider = AzureProvider(AzureSettings(bill=str(path), price_list="off"))
    window = Window.month(year, month)
    return provider.bill(
        BillRequest(
            scope=Scope(cluster=cluster), window=window, identities=schemas.IDENTITY.empty()
        )
    )


def plain(path: Path) -> tuple[int, Decimal]:
    """Lines and their sum, with nothing but the csv module."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text))
    header = [name.split("(")[-1].rstrip(")").lower() for name in next(rows)]
    at = next(header.index(name) for name in COST if name in header)
    amounts = [Decimal(row[at] or 0) for row in rows]
    return len(amounts), sum(amounts, Decimal(0))


@needs_cases
@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("headersets-Enterprise.csv", FEBRUARY),
        ("headersets-EnterpriseCamel.csv", FEBRUARY),
        ("headersets-German.csv", FEBRUARY),
        ("headersets-PayAsYouGo.csv", FEBRUARY),
        ("headersets-YA.csv", FEBRUARY),
        ("values-MissingBrackets.csv", FEBRUARY),
        ("values-Template.csv", FEBRUARY),
        ("values-VirtualMachine.csv", FEBRUARY),
    ],
)
def test_every_column_set_is_read_to_the_last_digit(name: str, month: tuple[int, int]) -> None:
    path = CASES / "opencost" / name
    lines, total = plain(path)
    found = bill(path, *month)
    assert found.control.lines == lines == int(found.rows["x_lines"].sum())
    assert abs(found.control.billed - total) < Decimal("1e-9") * max(lines, 1)
    assert found.rows["billed_cost"].sum() == pytest.approx(float(total), abs=1e-9)


@needs_cases
def test_a_line_without_an_amount_is_refused() -> None:
    with pytest.raises(DataError, match=r"headersets-BOM\.csv: 1 line has nothing in `PreTaxCost`"):
        bill(CASES / "opencost/headersets-BOM.csv", *NOVEMBER)


@needs_cases
def test_the_template_is_mostly_a_clusters() -> None:
    """87 real lines of AKS: disks, scale sets, addresses and the shared balancer have a class."""
    found = bill(CASES / "opencost/values-Template.csv", *FEBRUARY)
    assert float(found.control.billed) == pytest.approx(16.393506, abs=5e-7)
    by_service = found.rows.groupby("service_name")["billed_cost"].sum()
    assert by_service["Virtual Machines"] > 10
    stated = AzureProvider(
        AzureSettings(
            bill=str(CASES / "opencost/values-Template.csv"),
            price_list="off",
            node_resource_groups=("Example-Resource-Group",),
        )
    ).bill(
        BillRequest(
            scope=Scope(), window=Window.month(*FEBRUARY), identities=schemas.IDENTITY.empty()
        )
    )
    by_class = stated.rows[stated.rows["in_cluster"]].groupby("x_cost_class")["billed_cost"].sum()
    assert {"node", "node_disk", "volume", "public_ip", "load_balancer"} <= set(by_class.index)
    assert by_class.sum() == pytest.approx(16.39, abs=0.01)


@needs_cases
def test_broken_json_loses_nothing() -> None:
    """Tags and additional info without their outer brackets still say which instance it is."""
    found = bill(CASES / "opencost/values-MissingBrackets.csv", *FEBRUARY)
    provider = AzureProvider(
        AzureSettings(
            bill=str(CASES / "opencost/values-MissingBrackets.csv"),
            price_list="off",
            cluster_tags=("resourceNameSuffix=12345678",),
        )
    )
    tagged = provider.bill(
        BillRequest(
            scope=Scope(), window=Window.month(*FEBRUARY), identities=schemas.IDENTITY.empty()
        )
    ).rows
    assert float(found.control.billed) == 4
    assert tagged["match_method"].tolist() == ["cluster tag"]
    assert tagged["resource_key"].str.endswith("/virtualmachines/0").all()
    assert tagged["list_cost"].tolist() == [5.0]


@needs_cases
def test_a_month_of_another_generator() -> None:
    path = CASES / "nise/2026-10-export.csv.gz"
    lines, total = plain(path)
    found = bill(path, 2026, 10)
    assert found.control.lines == lines
    assert found.rows["billed_cost"].sum() == pytest.approx(float(total), abs=1e-6)
    assert datetime(2026, 10, 1, tzinfo=UTC) == found.rows["day"].min()
