"""The kit that every billing provider passes, on each way Azure bills can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from burn.testing.provider import BillingProviderConformance, ProviderCase
from burn_azure.provider import AzureProvider
from burn_azure.settings import AzureSettings
from tests.lab.azure import SUBSCRIPTION
from tests.lab.azure_export import write_azure
from tests.servers.azure import azure
from tests.servers.azure_world import charged, inventory, scope, window


def case_of(settings: AzureSettings) -> ProviderCase:
    return ProviderCase(AzureProvider(settings), inventory(), window(), scope())


class TestActualAndAmortised(BillingProviderConformance):
    plugin = "azure"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        folder = write_azure(charged(), tmp_path_factory.mktemp("both"))
        with azure() as fake:
            yield case_of(AzureSettings(bill=str(folder), retail_url=fake.retail))


class TestFocus(BillingProviderConformance):
    plugin = "azure"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderCase]:
        root = tmp_path_factory.mktemp("focus")
        folder = write_azure(charged(), root, datasets=("focus",), form="parquet", parts=2)
        with azure() as fake:
            yield case_of(AzureSettings(bill=str(folder), retail_url=fake.retail))


class TestReportsOfTheApi(BillingProviderConformance):
    plugin = "azure"

    @pytest.fixture(scope="class")
    @classmethod
    def case(cls) -> Iterator[ProviderCase]:
        with azure(charged()) as fake:
            settings = AzureSettings(
                scope=f"/subscriptions/{SUBSCRIPTION}",
                management_url=fake.url,
                retail_url=fake.retail,
            )
            yield case_of(settings)
