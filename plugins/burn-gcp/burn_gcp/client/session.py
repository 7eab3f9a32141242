"""Google's clients, made once, with credentials found the usual way."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import UsageError
from burn_gcp.client.errors import translated
from burn_gcp.settings import GcpSettings

if TYPE_CHECKING:
    from burn.api.bills.files.local import Files

PATIENCE = timedelta(seconds=20)
"""How long Cloud Storage is asked again for what failed; Arrow's own limit is 15 minutes."""


class GcpSession:
    """Makes clients at their first use.

    Args:
        settings: project, location, endpoint.
    """

    def __init__(self, settings: GcpSettings) -> None:
        self._settings = settings

    @cached_property
    def credentials(self) -> tuple[Any, str]:
        """Application default credentials and their project; anonymous for an emulator.

        Raises:
            AccessError: there are none.
        """
        from google.auth import default
        from google.auth.credentials import AnonymousCredentials

        if self._settings.endpoint_url:
            return AnonymousCredentials(), self._settings.project or "emulator"  # type: ignore[no-untyped-call]
        with translated("", "Google Cloud"):
            found, project = default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
        return found, self._settings.project or str(project or "")

    @cached_property
    def bigquery(self) -> Any:
        """The BigQuery client.

        Raises:
            UsageError: no project is known that jobs could run in.
        """
        from google.cloud import bigquery

        credentials, project = self.credentials
        if not project:
            raise UsageError(
                "no project to run BigQuery jobs in",
                hint="set provider.gcp.project, or GOOGLE_CLOUD_PROJECT",
            )
        url = self._settings.endpoint_url
        return bigquery.Client(
            project=project,
            credentials=credentials,
            location=self._settings.location or None,
            client_options={"api_endpoint": url} if url else None,
        )

    @cached_property
    def catalog(self) -> Any:
        """The Billing Catalog client, over REST."""
        from google.cloud import billing_v1
        from google.cloud.billing_v1.services.cloud_catalog.transports import (
            CloudCatalogRestTransport,
        )

        credentials, _ = self.credentials
        url = self._settings.endpoint_url
        if not url:
            return billing_v1.CloudCatalogClient(credentials=credentials, transport="rest")
        scheme, _, host = url.partition("://")
        transport = CloudCatalogRestTransport(host=host, credentials=credentials, url_scheme=scheme)
        return billing_v1.CloudCatalogClient(transport=transport)

    @cached_property
    def http(self) -> Any:
        """An authorised HTTP session, for what needs no SDK of its own."""
        from google.auth.transport.requests import AuthorizedSession

        return AuthorizedSession(self.credentials[0])  # type: ignore[no-untyped-call]

    @property
    def compute_url(self) -> str:
        """Where the Compute API answers."""
        return f"{self._settings.endpoint_url or 'https://compute.googleapis.com'}/compute/v1"

    def storage(self, url: str, cache: Path) -> Files:
        """Files below gs://bucket/prefix.

        Raises:
            AccessError: there are no credentials.
        """
        from pyarrow.fs import GcsFileSystem

        from burn.api.bills.files.remote import ArrowFiles

        endpoint = self._settings.endpoint_url
        if endpoint:
            scheme, _, host = endpoint.partition("://")
            system = GcsFileSystem(
                anonymous=True, endpoint_override=host, scheme=scheme, retry_time_limit=PATIENCE
            )
        else:
            # Arrow finds the same credentials, but would look for missing ones for minutes.
            _ = self.credentials
            system = GcsFileSystem(retry_time_limit=PATIENCE)
        return ArrowFiles(
            system,
            url,
            url.removeprefix("gs://"),
            cache,
            setting="provider.gcp.bill",
            need="storage.objects.list and storage.objects.get",
        )
