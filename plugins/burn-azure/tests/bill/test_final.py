"""When a month is final: by invoices, else five days after its end by the export's own clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from burn.api import Bill, BillRequest, Scope, Window, schemas
from burn_azure.bill.lines.formats import detect
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure_export import write_azure
from tests.servers.azure_world import charged

ENTERPRISE = ("invoiceId", "costInUsd", "costInPricingCurrency", "pricingCurrency")


def enterprise(folder: Path, submitted: str) -> Path:
    """The lab's exports with an enterprise agreement's columns, asked for at an instant."""
    write_azure(charged(), folder, form="parquet")
    import pandas as pd

    for part in folder.rglob("*.parquet"):
        made = pd.read_parquet(part).drop(columns=list(ENTERPRISE))
        made.to_parquet(part, index=False)
        path = part.parent / "manifest.json"
        told = json.loads(path.read_text())
        told["runInfo"]["submittedTime"] = submitted
        for blob in told["blobs"]:
            blob["byteCount"] = part.stat().st_size
        path.write_text(json.dumps(told))
    return folder


def bill(folder: Path, window: Window) -> Bill:
    provider = AzureProvider(AzureSettings(bill=str(folder), price_list="off"))
    return provider.bill(
        BillRequest(scope=Scope(), window=window, identities=schemas.IDENTITY.empty())
    )


@pytest.mark.parametrize(
    ("day", "is_final"),
    [("04T23:59:59.9999999Z", False), ("05T23:59:00Z", False), ("06T00:00:00Z", True)],
)
def test_an_enterprise_month_is_final_five_days_after_its_end(
    tmp_path: Path, day: str, is_final: bool
) -> None:
    first, after = charged().world.month
    window = Window(first, after)
    found = bill(enterprise(tmp_path, f"{after:%Y-%m}-{day}"), window)
    assert found.final_until == (window.end if is_final else None)
    assert any("not final yet" in note for note in found.notes) is not is_final


def test_without_a_manifest_nothing_tells_when_it_was_written(tmp_path: Path) -> None:
    first, after = charged().world.month
    folder = enterprise(tmp_path, f"{after:%Y-%m}-20T00:00:00Z")
    for path in folder.rglob("manifest.json"):
        path.unlink()
    assert bill(folder, Window(first, after)).final_until is None


def test_a_window_of_two_months_is_final_up_to_the_open_one() -> None:
    from burn_azure.bill.final import final_until

    made = detect(
        ["Date", "SubscriptionId", "ResourceId", "MeterCategory", "CostInBillingCurrency"]
    )
    window = Window(datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    written = [{(2026, 9): datetime(2026, 10, 7, tzinfo=UTC), (2026, 10): window.end}]
    assert final_until(made, window, written, lines=9, open_lines=9) == datetime(
        2026, 10, 1, tzinfo=UTC
    )
    assert final_until(made, window, written, lines=9, open_lines=3) is None
    assert final_until(made, window, written, lines=9, open_lines=0) == window.end
