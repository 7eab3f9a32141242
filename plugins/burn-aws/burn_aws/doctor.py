"""What `burn doctor` looks at on AWS: one check a thing, each with its own next step."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Check
from burn.api.bills.checks.census import census
from burn.api.bills.doctor import looked, price_list
from burn.api.bills.files.local import Files
from burn.api.bills.months import told
from burn_aws.bill.checks.inspect import columns, lines_of
from burn_aws.bill.source import BillSource
from burn_aws.client.athena import AthenaClient
from burn_aws.client.ec2 import attached_volumes
from burn_aws.client.pricing import PriceList
from burn_aws.client.session import AwsSession
from burn_aws.engines.athena import parse_url
from burn_aws.files.choose import known_months
from burn_aws.settings import AwsSettings


def checks(settings: AwsSettings, session: AwsSession, store: BillSource) -> Iterator[Check]:
    """Cheap calls only: of a bill in files, heads and one file are read; in Athena, no data."""
    athena = bool(settings.athena)
    if athena or settings.describe or any(url.startswith("s3://") for url in settings.places):
        yield looked("AWS credentials", session.caller)
    if athena:
        yield looked("Athena workgroup", lambda: _workgroup(settings, session))
        yield looked("bill", lambda: f"{settings.athena}: {columns(store.open(None))}")
    else:
        yield looked("bill", lambda: _months(store))
        yield looked("bill columns", lambda: _columns(store))
    if settings.price_list == "auto":
        yield price_list("AWS price list", lambda: _prices(session))
    if settings.describe:
        yield looked("EC2 volumes", lambda: _volumes(session))


def _workgroup(settings: AwsSettings, session: AwsSession) -> str:
    group = AthenaClient(session, settings, parse_url(settings.athena)[0]).workgroup()
    configuration = group.get("Configuration", {})
    output = configuration.get("ResultConfiguration", {}).get("OutputLocation", "")
    limit = configuration.get("BytesScannedCutoffPerQuery")
    where = settings.athena_output or output or "results managed by Athena"
    return f"{settings.athena_workgroup}: {where}" + (f", at most {limit:,} bytes" if limit else "")


def _months(store: BillSource) -> str:
    return "; ".join(_place(store, place) for place in store.stores())


def _place(store: BillSource, place: Files) -> str:
    months = known_months(place.entries(), place.read)
    choice = store.choice(place)
    size = sum(entry.size for entry in choice.entries)
    when = told(months) if months else "months not named by the paths"
    listed = "named by manifests" if choice.sure else "without manifests"
    return f"{place.root}: {when}; {len(choice.entries)} files {listed}, {size:,} bytes"


def _columns(store: BillSource) -> str:
    """The export of all files that a run would open, as the run recognises them."""
    source = store.headers()
    census(source)
    return f"{lines_of(store.specimen())}; {len(set(source.files.values()))} files fit together"


def _prices(session: AwsSession) -> str:
    PriceList(session).check()
    return "reachable"


def _volumes(session: AwsSession) -> str:
    attached_volumes(session, ["i-00000000000000000"])
    return "may be described"
