"""Cost lines without any export: a cost-details report where there is one, else the Query API.

A subscription has reports, with every column. A resource group or management group has only
queries: daily sums by resource and meter, without list prices.
Source: Microsoft Learn, "Cost Details API" and "Query - Usage".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burn.api import AccessError, DataError, UsageError, Window
from burn_azure.client.retry import repeated
from burn_azure.client.session import client_of

if TYPE_CHECKING:
    import pyarrow as pa
    from azure.mgmt.costmanagement import CostManagementClient

    from burn_azure.settings import AzureSettings

METRICS = {"actual": "ActualCost", "amortized": "AmortizedCost"}
GROUPS = (
    *("ResourceId", "MeterCategory", "MeterSubCategory", "Meter", "ChargeType", "PricingModel"),
    *("PublisherType", "SubscriptionId", "ResourceLocation", "BenefitId"),
)
NAMES = {"Meter": "MeterName"}
_SUBSCRIPTION = re.compile(r"^/subscriptions/[^/]+$", re.I)
_KNOWN = re.compile(
    r"^/subscriptions/[^/]+(/resourceGroups/[^/]+)?$"
    r"|^/providers/Microsoft\.Management/managementGroups/[^/]+$",
    re.I,
)
PAGES = 10_000
"""A chain of pages longer than this never ends."""


def scope_of(settings: AzureSettings) -> str:
    """The ARM id that is asked about.

    Raises:
        UsageError: none is set, or it is of no kind that burn asks about.
    """
    scope = "/" + settings.scope.strip("/")
    if scope == "/":
        raise UsageError(
            "neither provider.azure.bill nor provider.azure.scope is set",
            hint="set bill to the folder of an export, or scope to /subscriptions/ID",
        )
    if not _KNOWN.match(scope):
        raise UsageError(
            f"provider.azure.scope is `{settings.scope}`",
            hint="use /subscriptions/ID, /subscriptions/ID/resourceGroups/NAME or"
            " /providers/Microsoft.Management/managementGroups/ID",
        )
    return scope


def is_subscription(scope: str) -> bool:
    """Whether there are cost-details reports for the scope."""
    return bool(_SUBSCRIPTION.match(scope))


def query_lines(
    settings: AzureSettings, window: Window
) -> Iterator[tuple[str, pa.Table, list[str]]]:
    """Dataset, its lines as text columns, and where they come from."""
    scope, client = scope_of(settings), client_of(settings)
    for kind, metric in METRICS.items():
        rows = list(_pages(client, scope, _definition(metric, window)))
        yield kind, _table(rows), [f"{metric} of {scope}, {len(rows)} pages of the Query API"]


def report_files(settings: AzureSettings, window: Window, folder: Path) -> dict[str, list[Path]]:
    """Cost-details reports of the window's months, downloaded: dataset → CSV files."""
    scope, client = scope_of(settings), client_of(settings)
    found: dict[str, list[Path]] = {}
    for kind, metric in METRICS.items():
        for start, end in _months(window):
            for link in _report(client, scope, metric, start, end):
                path = folder / f"{kind}-{start:%Y%m}-{len(found.get(kind, []))}.csv"
                _download(link, path)
                found.setdefault(kind, []).append(path)
    return found


def check(settings: AzureSettings) -> str:
    """One small question, for `burn doctor`."""
    scope, client = scope_of(settings), client_of(settings)
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    body = _definition("ActualCost", Window(end - timedelta(days=1), end))
    body["dataset"].pop("grouping")
    next(iter(_pages(client, scope, body)), None)
    return f"{scope} may be queried"


def _definition(metric: str, window: Window) -> dict[str, Any]:
    last = window.end - timedelta(seconds=1)
    return {
        "type": metric,
        "timeframe": "Custom",
        "timePeriod": {
            "from": f"{window.start:%Y-%m-%dT00:00:00Z}",
            "to": f"{last:%Y-%m-%dT23:59:59Z}",
        },
        "dataset": {
            "granularity": "Daily",
            "aggregation": {
                "totalCost": {"name": "Cost", "function": "Sum"},
                "quantity": {"name": "UsageQuantity", "function": "Sum"},
            },
            "grouping": [{"type": "Dimension", "name": name} for name in GROUPS],
        },
    }


def _pages(
    client: CostManagementClient, scope: str, body: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Each page's `properties`; the same question is posted to every next link."""
    from azure.core.rest import HttpRequest
    from azure.mgmt.costmanagement.models import QueryDefinition

    what = f"the cost query of {scope}"

    def follow(link: str) -> dict[str, Any]:
        answer = client.send_request(HttpRequest("POST", link, json=body))
        answer.raise_for_status()
        return dict(answer.json()["properties"])

    def first() -> dict[str, Any]:
        found = client.query.usage(scope, QueryDefinition(body))
        return dict(found.as_dict()["properties"]) if found else {"columns": [], "rows": []}

    page = repeated(first, what)
    for _ in range(PAGES):
        yield page
        link = page.get("nextLink")
        if not link:
            return
        if not str(link).startswith(_origin(client)):
            raise DataError(f"{what} points to another server", hint="check management_url")
        page = repeated(lambda at=str(link): follow(at), what)  # type: ignore[misc]
    raise DataError(f"{what} does not end after {PAGES} pages", hint="choose a shorter --window")


def _origin(client: CostManagementClient) -> str:
    return str(client._config.base_url).rstrip("/")


def _table(pages: list[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa

    names = [str(column["name"]) for column in (pages[0]["columns"] if pages else [])]
    columns: dict[str, Any] = {}
    for at, name in enumerate(names):
        values = [None if r[at] is None else str(r[at]) for page in pages for r in page["rows"]]
        columns[NAMES.get(name, name)] = pa.array(values, pa.string())
    return pa.table(columns)


def _months(window: Window) -> Iterator[tuple[datetime, datetime]]:
    """A report holds at most one month."""
    at = window.start.replace(hour=0)
    while at < window.end:
        after = (at.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield at, min(after, window.end) - timedelta(seconds=1)
        at = after


def _report(
    client: CostManagementClient, scope: str, metric: str, start: datetime, end: datetime
) -> list[str]:
    """Where the parts of a report can be downloaded; none when there is no data."""
    from azure.mgmt.costmanagement.models import GenerateCostDetailsReportRequestDefinition

    period = {"start": f"{start:%Y-%m-%d}", "end": f"{end:%Y-%m-%d}"}
    asked = GenerateCostDetailsReportRequestDefinition({"metric": metric, "timePeriod": period})
    what = f"the {metric} report of {scope}"

    def ask() -> Any:
        return client.generate_cost_details_report.begin_create_operation(scope, asked).result()

    done = repeated(ask, what)
    status = str(getattr(done.status, "value", done.status)) if done else "NoDataFound"
    if status == "NoDataFound":
        return []
    if status != "Completed" or done.manifest is None:
        raise AccessError(f"{what} ended as {status}", hint="ask again, or read an export")
    return [str(blob.blob_link) for blob in done.manifest.blobs or []]


def _download(link: str, path: Path) -> None:
    """The link is signed: it is in no message."""
    import httpx

    try:
        with httpx.stream("GET", link, timeout=60.0) as answer, path.open("wb") as sink:
            answer.raise_for_status()
            for block in answer.iter_bytes():
                sink.write(block)
    except httpx.HTTPError as error:
        raise AccessError(
            f"a cost-details report cannot be downloaded: {type(error).__name__}",
            hint="the link is valid for some hours only; repeat the command",
        ) from error
