"""Each column left out in turn: an error, a note, or the same bill; never other money in silence."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from burn.api import Bill, BillRequest, DataError, LinesRequest, Scope
from burn_azure.bill.lines.formats import COST, FOCUS, squash
from burn_azure.identity import identify
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure_export import cost_table, focus_table
from tests.servers.azure_world import charged, inventory, scope, window

ENTERPRISE = {
    "left": (
        *("invoiceId", "servicePeriodStartDate", "servicePeriodEndDate", "pricingCurrency"),
        *("costInPricingCurrency", "costInUsd", "paygCostInBillingCurrency"),
        "exchangeRatePricingToBilling",
    ),
    "more": {"invoiceSectionName": "IT", "serviceFamily": "Compute", "consumedService": "x"},
}
"""How the columns of an enterprise agreement differ from those of a customer agreement."""
PAYG = {
    "SubscriptionId": "SubscriptionGuid",
    "date": "UsageDateTime",
    "ResourceId": "InstanceId",
    "quantity": "UsageQuantity",
    "effectivePrice": "ResourceRate",
    "costInBillingCurrency": "PreTaxCost",
    "billingCurrency": "Currency",
}
NEEDED = {
    "date", "SubscriptionId", "ResourceId", "resourceLocation", "meterCategory",
    "meterSubCategory", "meterName", "quantity", "unitOfMeasure", "costInBillingCurrency",
    "billingCurrency", "effectivePrice", "chargeType", "pricingModel", "publisherType", "tags",
}  # fmt: skip
FOCUS_NEEDED = {
    "BilledCost", "EffectiveCost", "BillingCurrency", "ChargeCategory", "ChargeClass",
    "ChargePeriodStart", "ChargePeriodEnd", "CommitmentDiscountId", "CommitmentDiscountStatus",
    "CommitmentDiscountType", "ConsumedQuantity", "PricingCategory", "RegionId", "ResourceId",
    "ServiceName", "SubAccountId", "Tags", "x_PricingUnitDescription", "x_PublisherCategory",
    "x_SkuMeterCategory", "x_SkuMeterName", "x_SkuMeterSubcategory",
}  # fmt: skip


@cache
def table(agreement: str, dataset: str) -> pd.DataFrame:
    """An export of the lab's world with an agreement's columns."""
    if agreement == "focus":
        return focus_table(charged())
    made = cost_table(charged(), dataset)
    if agreement == "mca":
        return made.assign(serviceFamily="Compute", consumedService="x")
    made = made.drop(columns=list(ENTERPRISE["left"])).assign(**ENTERPRISE["more"])
    return (
        made if agreement == "ea" else made.drop(columns="invoiceSectionName").rename(columns=PAYG)
    )


SETS = [
    ("mca", "actual"),
    ("mca", "amortized"),
    ("ea", "actual"),
    ("ea", "amortized"),
    ("payg", "actual"),
    ("focus", "focus"),
]
READ = {squash(name) for facts in (COST, FOCUS) for names in facts.values() for name in names}


def is_read(name: str) -> bool:
    """Whether a rule reads the column."""
    return squash(name) in READ


CASES = [(*one, name) for one in SETS for name in table(*one) if is_read(name)]


def read(made: pd.DataFrame, folder: Path, dataset: str = "") -> Bill:
    path = folder / f"{dataset or 'export'}.parquet"
    made.to_parquet(path, index=False)
    provider = AzureProvider(AzureSettings(bill=str(path), price_list="off"))
    return provider.bill(
        BillRequest(
            scope=Scope(cluster=scope().cluster), window=window(), identities=identify(inventory())
        )
    )


@cache
def whole(agreement: str, dataset: str, folder: Path) -> Bill:
    return read(table(agreement, dataset), folder)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.mark.parametrize(("agreement", "dataset", "column"), CASES)
def test_a_column_that_lacks_is_never_other_money_in_silence(
    kept: Path, tmp_path: Path, agreement: str, dataset: str, column: str
) -> None:
    made = table(agreement, dataset)
    needed = FOCUS_NEEDED if agreement == "focus" else NEEDED
    named = {PAYG.get(name, name) for name in needed} if agreement == "payg" else needed
    left = made.drop(columns=column)
    if column in named:
        shown = "|".join({column, *(name for name in NEEDED if PAYG.get(name) == column)})
        with pytest.raises(DataError, match=f"(?i)lacks `({shown})`") as refused:
            read(left, tmp_path)
        assert "all columns" in str(refused.value.hint)
        return
    before, after = whole(agreement, dataset, kept), read(left, tmp_path)
    if not same(before, after):
        assert set(after.notes) - set(before.notes), f"other money without {column}, and no note"


@pytest.mark.parametrize(("agreement", "dataset"), SETS)
def test_columns_that_no_rule_reads_change_nothing(
    kept: Path, tmp_path: Path, agreement: str, dataset: str
) -> None:
    made = table(agreement, dataset)
    less = read(made.drop(columns=[name for name in made if not is_read(name)]), tmp_path)
    assert same(whole(agreement, dataset, kept), less)


def same(one: Bill, other: Bill) -> bool:
    money = [bill.rows.drop(columns="resource_name") for bill in (one, other)]
    return one.control == other.control and money[0].equals(money[1])


def test_an_export_of_usage_alone_says_what_it_cannot_know(tmp_path: Path) -> None:
    """Pay-as-you-go subscriptions had no column about commitments at all."""
    made = table("payg", "actual")
    made = made[made["chargeType"] == "Usage"]
    gone = [
        "chargeType",
        "pricingModel",
        "publisherType",
        "frequency",
        "reservationId",
        "benefitId",
    ]
    found = read(made.drop(columns=gone), tmp_path)
    assert any(
        "no chargeType (all lines are taken to be usage on demand)" in n for n in found.notes
    )
    assert found.control.lines == int(found.rows["x_lines"].sum())


@pytest.mark.parametrize("agreement", ["payg", "focus"])
def test_lines_have_the_names_that_the_file_has(tmp_path: Path, agreement: str) -> None:
    made = table(agreement, "actual").rename(columns=str.upper)
    made.to_csv(tmp_path / "export.csv", index=False)
    provider = AzureProvider(AzureSettings(bill=str(tmp_path / "export.csv"), price_list="off"))
    mine = Scope(cluster=scope().cluster)
    lines = provider.lines(
        LinesRequest(scope=mine, window=window(), subjects=["Virtual Machines"], limit=3)
    )
    assert len(lines) == 3
    assert set(lines.columns) <= set(made.columns)
