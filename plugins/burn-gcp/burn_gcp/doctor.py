"""What `burn doctor` looks at on Google Cloud: one check a thing, each with its own next step."""

from __future__ import annotations

from collections.abc import Iterator

from burn.api import Check, DataError
from burn.api.bills.checks.census import census
from burn.api.bills.doctor import looked, price_list
from burn.api.bills.engine.source import Source
from burn.api.bills.files.local import Files
from burn_gcp.bill.lines.formats import DETAILED
from burn_gcp.bill.lines.table import Table
from burn_gcp.bill.source import BillSource
from burn_gcp.client.session import GcpSession
from burn_gcp.engines.bigquery import BigQueryEngine, table_of
from burn_gcp.settings import GcpSettings

HINT = "see docs/how-to/connect-gcp.md"


def checks(settings: GcpSettings, session: GcpSession, store: BillSource) -> Iterator[Check]:
    """Cheap calls only: metadata, a dry run, one price, heads of files; no bill data is read from BigQuery."""
    remote = store.in_bigquery or settings.describe
    remote |= any(url.startswith("gs://") for url in settings.places)
    if remote and not settings.endpoint_url:
        yield looked("Google Cloud credentials", lambda: f"project {session.credentials[1]}", HINT)
    if store.in_bigquery:
        yield looked("BigQuery table", lambda: _table(settings, session), HINT)
        yield looked("BigQuery jobs", lambda: _dry_run(settings, session), HINT)
    else:
        yield looked("bill files", lambda: _files(store), HINT)
        yield looked("bill", lambda: _format(store), HINT)
    if settings.price_list == "auto":
        yield price_list("Billing Catalog", lambda: _catalog(session))
    if settings.describe:
        yield looked("Compute API", lambda: _compute(settings, session), HINT)


def _table(settings: GcpSettings, session: GcpSession) -> str:
    source = BigQueryEngine(session, settings).open(table_of(settings.table))
    cut = f", partitioned by {source.partitions[0]}" if source.partitions else ", not partitioned"
    return f"{settings.table}: {_readable(source)}{cut}"


def _dry_run(settings: GcpSettings, session: GcpSession) -> str:
    from burn.api.bills.engine.dialect import to_dialect
    from burn_gcp.client.bigquery import BigQueryClient

    engine = BigQueryEngine(session, settings)
    source = engine.open(table_of(settings.table))
    sql = f"SELECT COUNT(*) AS lines FROM {source.relation}"  # noqa: S608 (a quoted name)
    size = BigQueryClient(session, settings).estimate(to_dialect(sql, "bigquery"))
    cap = settings.maximum_bytes_billed
    limit = f"at most {cap:,} bytes a query" if cap else "no limit of bytes is set"
    return f"may be run ({size:,} bytes to count lines); {limit}"


def _files(store: BillSource) -> str:
    return "; ".join(_place(store, place) for place in store.stores())


def _place(store: BillSource, place: Files) -> str:
    found = store.chosen(place)
    return f"{place.root}: {len(found)} files, {store.size(found):,} bytes"


def _format(store: BillSource) -> str:
    source = store.headers()
    census(source)
    return f"{_readable(source)}, {len(source.columns)} columns"


def _readable(source: Source) -> str:
    """Which export it is, if a run can use it."""
    found = Table.of(source).format
    if not found.resources:
        raise DataError(
            f"the bill is a {found.name}, which names no resources: a run on a cluster of machines"
            " stops (one on Autopilot alone does not)",
            hint=DETAILED,
        )
    return found.name + (f"; {found.poorer}" if found.poorer else "")


def _compute(settings: GcpSettings, session: GcpSession) -> str:
    from burn_gcp.client.compute import KINDS, listed

    # A run asks the nodes' projects, which only the metrics know; these stand for them.
    projects = settings.projects or (session.credentials[1],)
    for project in projects:
        for kind in KINDS:
            listed(session, project, kind, first=True)
    return f"forwarding rules, addresses and disks of {', '.join(projects)} may be listed"


def _catalog(session: GcpSession) -> str:
    from burn_gcp.client.catalog import reachable

    reachable(session)
    return "reachable"
