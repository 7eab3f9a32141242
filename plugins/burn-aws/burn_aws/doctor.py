"""What `burn doctor` looks at on AWS: one check a thing, each with its own next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from burn.api import BurnError, Check
from burn.api.bills.census import census
from burn.api.bills.files import Files
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
        yield _look("AWS credentials", session.caller)
    if athena:
        yield _look("Athena workgroup", lambda: _workgroup(settings, session))
        yield _look("bill", lambda: f"{settings.athena}: {columns(store.open(None))}")
    else:
        yield _look("bill", lambda: _months(store))
        yield _look("bill columns", lambda: _columns(store))
    if settings.price_list == "auto":
        yield _price_list(session)
    if settings.describe:
        yield _look("EC2 volumes", lambda: _volumes(session))


def _look(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, detail=look())
    except BurnError as error:
        return Check(name=name, ok=False, detail=error.message, hint=error.hint or "")


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


def _price_list(session: AwsSession) -> Check:
    # Not a failure: the bill teaches most prices, and the dated table labels the rest.
    try:
        PriceList(session).check()
    except BurnError as error:
        return Check(
            name="AWS price list",
            ok=True,
            detail=f"not used: {error.message}",
            hint=error.hint or "",
        )
    return Check(name="AWS price list", ok=True, detail="reachable")


def _volumes(session: AwsSession) -> str:
    attached_volumes(session, ["i-00000000000000000"])
    return "may be described"
