"""The kit that every billing provider passes, on each way Azure bills can be read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from burn.testing import (
    NO_COPY,
    NO_CREDENTIALS,
    NO_FILES,
    BillingProviderConformance,
    ProviderCase,
    files_below,
    never,
)
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure import SUBSCRIPTION
from tests.lab.azure_export import write_azure
from tests.servers.azure import azure
from tests.servers.azure_world import charged, inventory, scope, window
from tests.servers.azurite import azurite, put, sas

NO_FILE = NO_FILES | {
    "test_a_bill_cut_off_in_the_middle_is_an_error": never(
        "a report's parts carry no size to compare; HTTP tells of a broken download"
    )
}


def case_of(
    settings: AzureSettings,
    *,
    short: AzureSettings | None = None,
    denied: AzureSettings | None = None,
    files: Path | None = None,
    amount: str = "costInBillingCurrency",
) -> ProviderCase:
    """The settings' provider; where everybody is refused; on a bill that is cut off.

    `files` is the folder of what is read, or of what was uploaded.
    """
    return ProviderCase(
        provider=AzureProvider(settings),
        inventory=inventory(),
        window=window(),
        scope=scope(),
        denied=(lambda: AzureProvider(denied)) if denied else None,
        truncated=(lambda: AzureProvider(short)) if short else None,
        files=files_below(files) if files else (),
        amount=amount,
        again=lambda: AzureProvider(settings),
    )


def cut(folder: Path, to: Path) -> Path:
    """A copy of a bill whose largest file ends half way."""
    shutil.copytree(folder, to)
    files = [p for p in to.rglob("*") if p.is_file() and p.suffix != ".json"]
    longest = max(files, key=lambda path: path.stat().st_size)
    longest.write_bytes(longest.read_bytes()[: longest.stat().st_size // 2])
    return to


class OnFiles(BillingProviderConformance):
    """Exports of the lab's world in a folder."""

    plugin = "azure"
    gaps = NO_CREDENTIALS
    datasets: ClassVar[tuple[str, ...]] = ("actual", "amortized")
    form: ClassVar[str] = "csv.gz"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        root = tmp_path_factory.mktemp("bill") / "bill"
        parts = 2 if cls.form == "parquet" else 1
        folder = write_azure(charged(), root, datasets=cls.datasets, form=cls.form, parts=parts)
        with azure() as fake:
            mine = AzureSettings(bill=str(folder), retail_url=fake.retail)
            short = replace(mine, bill=str(cut(folder, folder.parent / "cut")))
            amount = "BilledCost" if "focus" in cls.datasets else "costInBillingCurrency"
            yield case_of(mine, short=short, files=folder, amount=amount)


class TestActualAndAmortised(OnFiles):
    about = "actual and amortised cost, CSV in a folder"


class TestActualAndAmortisedParquet(OnFiles):
    about = "actual and amortised cost, Parquet in a folder"
    form = "parquet"


class TestActualAlone(OnFiles):
    about = "actual cost alone, CSV in a folder"
    datasets = ("actual",)


class TestAmortisedAlone(OnFiles):
    about = "amortised cost alone, CSV in a folder"
    datasets = ("amortized",)


class TestFocus(OnFiles):
    about = "FOCUS, Parquet in a folder"
    datasets, form = ("focus",), "parquet"


class TestFocusCsv(OnFiles):
    about = "FOCUS, CSV in a folder"
    datasets = ("focus",)


class TestBlob(BillingProviderConformance):
    plugin = "azure"
    about = "actual and amortised cost, CSV in Blob storage"
    gaps = NO_COPY

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        """A file that is cut off is written there beside the whole ones."""
        with azurite(tmp_path_factory.mktemp("azurite")) as mine, azure() as fake:
            settings = replace(mine, retail_url=fake.retail, price_list="auto")
            folder = tmp_path_factory.mktemp("cut")
            whole = write_azure(charged(), folder / "bill")
            put(mine, cut(whole, folder / "cut"), "cut")
            expired = sas("2020-01-01T00:00:00Z")
            yield case_of(
                settings,
                short=replace(settings, bill=settings.bill.replace("daily", "cut")),
                denied=replace(settings, storage_key="", storage_sas=expired),
                files=whole,
            )


def of_the_api(place: str) -> Iterator[ProviderCase]:
    """No export: the Cost Management API of a scope, and one that refuses everybody."""
    with azure(charged()) as fake, azure() as refusing:
        refusing.refuse = 403
        settings = AzureSettings(scope=place, management_url=fake.url, retail_url=fake.retail)
        yield case_of(settings, denied=replace(settings, management_url=refusing.url))


class TestReportsOfTheApi(BillingProviderConformance):
    plugin = "azure"
    about = "cost-details reports of the Cost Management API"
    gaps = NO_FILE

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls) -> Iterator[ProviderCase]:
        yield from of_the_api(f"/subscriptions/{SUBSCRIPTION}")


class TestQueriesOfTheApi(BillingProviderConformance):
    plugin = "azure"
    about = "queries of the Cost Management API"
    gaps = NO_FILE

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls) -> Iterator[ProviderCase]:
        yield from of_the_api("/providers/Microsoft.Management/managementGroups/shop")
