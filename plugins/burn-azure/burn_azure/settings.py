"""What `[provider.azure]` in burn.toml may hold. Credentials are found by azure-identity."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from burn.api import setting
from burn.api.bills.files.places import places


@dataclass(frozen=True, slots=True)
class AzureSettings:
    """Settings of the Azure provider."""

    bill: str | tuple[str, ...] = setting(
        "",
        help="where the exports are: a file or folder, or abfss://container@account/folder; a list"
        " adds exports of different subscriptions; empty: ask the Cost Management API for `scope`",
    )
    amortized_bill: str | tuple[str, ...] = setting(
        "", help="where the amortised export is, when it is not below `bill`; a list as well"
    )
    scope: str = setting(
        help="ARM id of a subscription, resource group or management group, for the API"
    )
    subscriptions: tuple[str, ...] = setting(
        (), help="subscription ids in scope; empty means every subscription on the bill"
    )
    cluster_name: str = setting(help="the cluster's name in Azure, where it differs from --cluster")
    node_resource_groups: tuple[str, ...] = setting(
        (), help="resource groups that belong to the cluster alone, besides its own MC_… group"
    )
    cluster_tags: tuple[str, ...] = setting(
        (), help="further tags, key=value, that mark a resource as the cluster's"
    )
    cluster_resources: tuple[str, ...] = setting(
        (), help="ARM ids that are the cluster's though nothing says so; * at the end matches"
    )
    price_list: Literal["auto", "off"] = setting(
        "auto", help="ask the Retail Prices API for what the bill does not teach: auto or off"
    )
    retail_url: str = setting(
        "https://prices.azure.com/api/retail/prices", help="where the Retail Prices API is"
    )
    management_url: str = setting(
        "https://management.azure.com", help="where Azure Resource Manager is (an emulator)"
    )
    storage_key: str = setting(
        help="account key for Blob storage, where signing in is not wanted", secret=True
    )
    storage_sas: str = setting(
        help="shared access signature for Blob storage with read and list", secret=True
    )
    storage_url: str = setting(help="http://host:port of a Blob emulator")
    cache: str = setting(help="folder for downloaded bill files; empty: the user's cache folder")

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Where the bill is: the setting's name, and each place that it names."""
        named = {"bill": self.bill, "amortized_bill": self.amortized_bill}
        settings = {f"provider.azure.{name}": value for name, value in named.items()}
        return tuple((n, place) for n, value in settings.items() for place in places(value, n))

    @property
    def cache_dir(self) -> Path:
        """Where bill files from Blob storage are kept."""
        if self.cache:
            return Path(self.cache).expanduser()
        from os import environ

        return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "burn" / "azure"
