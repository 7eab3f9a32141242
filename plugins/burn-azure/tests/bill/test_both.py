"""An actual and an amortised export of one month, one of which lacks a line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from burn.api import Bill, BillRequest, Scope, Window, schemas
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab import azure_line

LINE = azure_line.LINE | {"Date": "2026-10-05"}
OTHER = LINE | {"ResourceId": LINE["ResourceId"] + "b", "CostInBillingCurrency": "2.16"}
RESERVED = LINE | {"PricingModel": "Reservation", "ReservationId": "r-1", "EffectivePrice": "0"}
COVERED = RESERVED | {"ResourceId": LINE["ResourceId"] + "c", "CostInBillingCurrency": "0"}
AMORTISED = COVERED | {"CostInBillingCurrency": "1.5"}


def read(tmp_path: Path, actual: list[dict[str, str]], amortized: list[dict[str, str]]) -> Bill:
    for name, lines in (("actual", actual), ("amortized", amortized)):
        pd.DataFrame(lines).to_csv(tmp_path / f"{name}.csv", index=False)
    settings = AzureSettings(
        bill=str(tmp_path / "actual.csv"),
        amortized_bill=str(tmp_path / "amortized.csv"),
        price_list="off",
    )
    asked = BillRequest(
        scope=Scope(), window=Window.month(2026, 10), identities=schemas.IDENTITY.empty()
    )
    return AzureProvider(settings).bill(asked)


def test_what_a_commitment_covers_may_differ_and_nothing_else(tmp_path: Path) -> None:
    bill = read(tmp_path, [LINE, OTHER, COVERED], [LINE, OTHER, AMORTISED])
    assert not [note for note in bill.notes if "seems to lack lines" in note]


@pytest.mark.parametrize(
    ("actual", "amortized", "told", "hurt"),
    [
        ([LINE, COVERED], [LINE, OTHER, AMORTISED], "4.32 in the actual export and 6.48", "BILLED"),
        (
            [LINE, OTHER, COVERED],
            [LINE, AMORTISED],
            "6.48 in the actual export and 4.32",
            "effective",
        ),
    ],
)
def test_a_line_that_one_of_them_lacks_is_told(
    tmp_path: Path,
    actual: list[dict[str, str]],
    amortized: list[dict[str, str]],
    told: str,
    hurt: str,
) -> None:
    (note,) = [n for n in read(tmp_path, actual, amortized).notes if "seems to lack lines" in n]
    assert told in note
    assert hurt in note
    assert "on 1 day from 2026-10-05" in note
