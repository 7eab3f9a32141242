"""Cells that must not be empty: an error, or a note that names file, column, lines and the harm."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from burn.api import Bill, BillRequest, DataError, Scope
from burn_azure.identity import identify
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure_export import cost_table, focus_table
from tests.servers.azure_world import charged, inventory, scope, window

REFUSED = {
    "mca": ("chargeType", "billingCurrency", "quantity"),
    "focus": (
        *("ChargeCategory", "BillingCurrency", "ChargePeriodEnd", "ConsumedQuantity"),
        "EffectiveCost",
    ),
}
TOLD = {
    "mca": {
        "ResourceId": "outside the cluster",
        "meterCategory": "what they are for",
        "unitOfMeasure": "disks to be charged by the month",
        "pricingModel": "spot and commitments are not told",
        "additionalInfo": "split by hours",
        "unitPrice": "what was negotiated",
        "publisherType": "Marketplace",
    },
    "focus": {
        "ListCost": "list price is taken",
        "ContractedCost": "what was negotiated",
        "ServiceName": "under no service",
        "Tags": "by a tag",
        "x_PricingUnitDescription": "disks to be charged by the month",
    },
}


def read(made: pd.DataFrame, folder: Path) -> Bill:
    """The bill of one CSV."""
    made.to_csv(folder / "export.csv", index=False)
    provider = AzureProvider(AzureSettings(bill=str(folder / "export.csv"), price_list="off"))
    return provider.bill(
        BillRequest(
            scope=Scope(cluster=scope().cluster), window=window(), identities=identify(inventory())
        )
    )


def export(kind: str) -> pd.DataFrame:
    return focus_table(charged()) if kind == "focus" else cost_table(charged(), "amortized")


@pytest.mark.parametrize(("kind", "column"), [(k, c) for k, cs in REFUSED.items() for c in cs])
def test_what_no_line_is_read_without_is_refused_by_file_and_column(
    tmp_path: Path, kind: str, column: str
) -> None:
    made = export(kind)
    usage = made.columns[made.columns.isin(["chargeType", "ChargeCategory"])][0]
    first = made.index[made[usage] == "Usage"][0]
    made.loc[first, column] = ""
    with pytest.raises(DataError, match=f"export.csv: 1 .* `{column}`"):
        read(made, tmp_path)


@pytest.mark.parametrize(
    ("kind", "column", "harm"), [(k, c, h) for k, cs in TOLD.items() for c, h in cs.items()]
)
def test_a_gap_is_told_with_its_harm(tmp_path: Path, kind: str, column: str, harm: str) -> None:
    notes = read(export(kind).assign(**{column: ""}), tmp_path).notes
    assert [n for n in notes if "export.csv: " in n and f"`{column}`" in n and harm in n], notes


def test_an_id_that_is_none_is_a_gap(tmp_path: Path) -> None:
    notes = read(export("mca").assign(ResourceId="n/a?"), tmp_path).notes
    assert any("have no resource's id in `ResourceId`" in note for note in notes), notes
    notes = read(export("mca").assign(pricingModel="n/a?"), tmp_path).notes
    assert any("have no pricing model that is known in `pricingModel`" in n for n in notes), notes


@pytest.mark.parametrize("kind", ["mca", "focus"])
def test_a_whole_export_has_no_gap(tmp_path: Path, kind: str) -> None:
    assert not [note for note in read(export(kind), tmp_path).notes if "export.csv" in note]
