"""The kit that every billing provider passes, on each way Azure bills can be read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from burn.testing import BillingProviderConformance, ProviderCase, never
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure import SUBSCRIPTION
from tests.lab.azure_export import write_azure
from tests.servers.azure import azure
from tests.servers.azure_world import charged, inventory, scope, window

NO_CREDENTIALS = {
    name: never("files in a folder need no credentials")
    for name in (
        "test_refused_credentials_are_an_access_error",
        "test_check_tells_of_refused_credentials",
    )
}
NO_FILE = {
    "test_a_bill_cut_off_in_the_middle_is_an_error": never(
        "a report's parts carry no size to compare; HTTP tells of a broken download"
    )
}


def case_of(
    settings: AzureSettings,
    *,
    short: AzureSettings | None = None,
    denied: AzureSettings | None = None,
) -> ProviderCase:
    """The settings' provider; where everybody is refused; on a bill that is cut off."""
    return ProviderCase(
        AzureProvider(settings),
        inventory(),
        window(),
        scope(),
        denied=(lambda: AzureProvider(denied)) if denied else None,
        truncated=(lambda: AzureProvider(short)) if short else None,
    )


def cut(folder: Path, to: Path) -> Path:
    """A copy of a bill whose largest file ends half way."""
    shutil.copytree(folder, to)
    files = [p for p in to.rglob("*") if p.is_file() and p.suffix != ".json"]
    longest = max(files, key=lambda path: path.stat().st_size)
    longest.write_bytes(longest.read_bytes()[: longest.stat().st_size // 2])
    return to


class TestActualAndAmortised(BillingProviderConformance):
    plugin = "azure"
    about = "actual and amortised cost, CSV in a folder"
    gaps = NO_CREDENTIALS

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        folder = write_azure(charged(), tmp_path_factory.mktemp("both") / "bill")
        with azure() as fake:
            mine = AzureSettings(bill=str(folder), retail_url=fake.retail)
            yield case_of(mine, short=replace(mine, bill=str(cut(folder, folder.parent / "cut"))))


class TestFocus(BillingProviderConformance):
    plugin = "azure"
    about = "FOCUS, Parquet in a folder"
    gaps = NO_CREDENTIALS

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        root = tmp_path_factory.mktemp("focus") / "bill"
        folder = write_azure(charged(), root, datasets=("focus",), form="parquet", parts=2)
        with azure() as fake:
            mine = AzureSettings(bill=str(folder), retail_url=fake.retail)
            yield case_of(mine, short=replace(mine, bill=str(cut(folder, folder.parent / "cut"))))


class TestReportsOfTheApi(BillingProviderConformance):
    plugin = "azure"
    about = "cost-details reports of the Cost Management API"
    gaps = NO_FILE

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls) -> Iterator[ProviderCase]:
        with azure(charged()) as fake, azure() as refusing:
            refusing.refuse = 403
            settings = AzureSettings(
                scope=f"/subscriptions/{SUBSCRIPTION}",
                management_url=fake.url,
                retail_url=fake.retail,
            )
            yield case_of(settings, denied=replace(settings, management_url=refusing.url))
