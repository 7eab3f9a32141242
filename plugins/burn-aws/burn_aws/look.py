"""Bills that the account exports, for `burn init`: Data Exports, then legacy reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from burn.api import AccessError, BurnError, Seen
from burn_aws.client.errors import translated
from burn_aws.client.session import AwsSession
from burn_aws.settings import AwsSettings

HOME = "us-east-1"
"""The region that answers for all of an account's exports."""
_READ = (
    ("COST_AND_USAGE_REPORT", "CUR 2.0"),
    ("FOCUS_1_0_AWS", "FOCUS"),
    ("FOCUS_1_2_AWS", "FOCUS"),
)
"""Tables that are a bill, in the order of what they tell; exports of other tables are none."""


def look(settings: AwsSettings) -> Iterator[Seen]:
    """Each export with its folder in S3, the most telling first.

    Raises:
        AccessError: no credentials, no permission, or no export.
    """
    session = AwsSession(settings)
    who = session.caller()
    exports, refused = _tried(lambda: _data_exports(session))
    reports, refused_too = _tried(lambda: _legacy(session))
    if found := [*exports, *reports]:
        yield from found
        return
    if refused or refused_too:
        raise refused or refused_too  # type: ignore[misc]
    raise AccessError(
        f"{who} sees no export of a bill",
        hint="create a standard export of CUR 2.0 with resource ids under Data Exports, in the"
        " account that pays",
    )


def _tried(look_there: Any) -> tuple[list[Seen], BurnError | None]:
    """One of the two may be forbidden, or unknown to an emulator."""
    try:
        return list(look_there()), None
    except BurnError as error:
        return [], error


def _data_exports(session: AwsSession) -> Iterator[Seen]:
    client = session.client("bcm-data-exports", HOME)
    with translated("bcm-data-exports:ListExports", "the list of Data Exports"):
        pages = list(client.get_paginator("list_exports").paginate())
    found = []
    for arn in (one["ExportArn"] for page in pages for one in page.get("Exports", ())):
        with translated("bcm-data-exports:GetExport", "a Data Export"):
            export = client.get_export(ExportArn=arn)["Export"]
        table = re.search(r"\bFROM\s+(\w+)", export["DataQuery"]["QueryStatement"], re.IGNORECASE)
        known = [n for n, (name, _) in enumerate(_READ) if table and name == table[1].upper()]
        if known:
            place = export["DestinationConfigurations"]["S3Destination"]
            url = _url(place["S3Bucket"], place.get("S3Prefix", ""), export["Name"])
            found.append((known[0], url, _READ[known[0]][1]))
    for _, url, kind in sorted(found):
        yield Seen(what=f"a {kind} export at {url}", settings={"bill": url})


def _legacy(session: AwsSession) -> Iterator[Seen]:
    client = session.client("cur", HOME)
    with translated("cur:DescribeReportDefinitions", "the list of Cost and Usage Reports"):
        pages = list(client.get_paginator("describe_report_definitions").paginate())
    for one in (one for page in pages for one in page.get("ReportDefinitions", ())):
        url = _url(one["S3Bucket"], one.get("S3Prefix", ""), one["ReportName"])
        lacks = (
            ""
            if "RESOURCES" in one.get("AdditionalSchemaElements", ())
            else ", without resource ids"
        )
        yield Seen(what=f"a legacy report at {url}{lacks}", settings={"bill": url})


def _url(bucket: str, prefix: str, name: str) -> str:
    return "s3://" + "/".join(part.strip("/") for part in (bucket, prefix, name) if part) + "/"
