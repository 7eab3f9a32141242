"""One client of Azure Resource Manager's cost management; `retry` repeats its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from burn_azure.client.credentials import credential

if TYPE_CHECKING:
    from azure.mgmt.costmanagement import CostManagementClient

    from burn_azure.settings import AzureSettings


def client_of(settings: AzureSettings) -> CostManagementClient:
    """A client with the credentials that azure-identity finds; none over plain HTTP."""
    from azure.core.pipeline.policies import SansIOHTTPPolicy
    from azure.mgmt.costmanagement import CostManagementClient

    url = settings.management_url.rstrip("/")
    more: dict[str, Any] = {}
    if url.startswith("http://"):  # an emulator: a token must not travel unencrypted
        more["authentication_policy"] = SansIOHTTPPolicy()
    return CostManagementClient(
        credential(),
        base_url=url,
        credential_scopes=["https://management.azure.com/.default"],
        retry_total=0,
        polling_interval=1,
        **more,
    )
