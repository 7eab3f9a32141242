"""Billing exports in BigQuery that the credentials can list, for `burn init`."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import AccessError, Seen
from burn_gcp.client.errors import translated
from burn_gcp.client.session import GcpSession
from burn_gcp.settings import GcpSettings

_KINDS = (
    ("gcp_billing_export_resource_v1_", "the detailed export"),
    ("gcp_billing_export_v1_", "the standard export, which has no resources,"),
)
"""Beginnings of the tables' names, the most telling first. Source: Google's "Export Cloud Billing data"."""


def look(settings: GcpSettings) -> Iterator[Seen]:
    """Each export in the datasets of the project.

    Raises:
        AccessError: no credentials, no permission, or no export.
        UsageError: no project is known.
    """
    client = GcpSession(settings).bigquery
    found = []
    with translated("bigquery.datasets.get and bigquery.tables.list", f"project {client.project}"):
        for dataset in client.list_datasets():
            for table in client.list_tables(dataset.reference):
                kinds = [
                    n for n, (start, _) in enumerate(_KINDS) if table.table_id.startswith(start)
                ]
                if kinds:
                    url = f"bigquery://{table.project}/{table.dataset_id}/{table.table_id}"
                    found.append((kinds[0], url))
    for kind, url in sorted(found):
        settled = {"bill": url} | ({"project": client.project} if settings.project else {})
        yield Seen(what=f"{_KINDS[kind][1]} at {url}", settings=settled)
    if not found:
        raise AccessError(
            f"project {client.project} has no export of a bill in BigQuery",
            hint="name the project that has it: --set provider.gcp.project=NAME; or export the"
            " detailed usage cost of the billing account to it",
        )
