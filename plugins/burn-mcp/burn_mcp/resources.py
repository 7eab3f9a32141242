"""Resources: a kept report whole, as the files that burn writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import mcp_types as types

from burn.api import UsageError

if TYPE_CHECKING:
    from burn.api import Desk

KINDS = {
    "report.json": ("application/json", "The whole report as JSON"),
    "ledger.csv": ("text/csv", "The ledger from the report to the bill, a row a subject"),
    "report.html": ("text/html", "The report as a page to send"),
}
_URI = re.compile(r"burn://run/([^/]+)/([a-z.]+)")
_NEWEST = 10


def listed(desk: Desk) -> types.ListResourcesResult:
    """Those of the newest reports."""
    found = [row["about"] for row in desk.ask("reports", {"limit": _NEWEST})["rows"]]
    return types.ListResourcesResult(
        resources=[
            types.Resource(
                uri=f"burn://run/{one['run']}/{name}",
                name=f"{one['run']}/{name}",
                title=f"{title}: {one['cluster']}, {one['window']}, {one['state']}",
                mime_type=kind,
            )
            for one in found
            for name, (kind, title) in KINDS.items()
        ]
    )


def templates() -> types.ListResourceTemplatesResult:
    """Those of any report; `latest` is the newest."""
    return types.ListResourceTemplatesResult(
        resource_templates=[
            types.ResourceTemplate(
                uri_template=f"burn://run/{{run}}/{name}",
                name=name,
                description=title,
                mime_type=kind,
            )
            for name, (kind, title) in KINDS.items()
        ]
    )


def read(desk: Desk, uri: str) -> types.ReadResourceResult:
    """One of them.

    Raises:
        UsageError: there is no such.
        AccessError: some of the report is hidden from the person.
    """
    found = _URI.fullmatch(uri)
    if not found or found[2] not in KINDS:
        raise UsageError("there is no such resource", hint="list the resources or their templates")
    text = desk.document(found[1], found[2])
    contents = types.TextResourceContents(uri=uri, mime_type=KINDS[found[2]][0], text=text)
    return types.ReadResourceResult(contents=[contents])
