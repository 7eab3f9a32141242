"""Reads a bill: the files' own counts, control, then the one query, then the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from burn.api import Bill, ControlTotal, DataError, Window, schemas
from burn.api.bills.checks.repeats import require_single
from burn.api.bills.checks.uneven import uneven
from burn.api.bills.engine.source import Source
from burn.api.bills.queries.keyset import KeySet
from burn.api.bills.queries.rows import bill_frame
from burn_aws.bill.charges.held import held
from burn_aws.bill.charges.prepaid import fees_query, prepaid_of
from burn_aws.bill.checks.accounted import counts, fates
from burn_aws.bill.checks.control import control_query, counted, discounts_query
from burn_aws.bill.checks.file_systems import CHILD, file_systems_note, file_systems_query
from burn_aws.bill.checks.gaps import column_of, notes_on_gaps
from burn_aws.bill.checks.invoices import invoices
from burn_aws.bill.checks.months import (
    Month,
    months_of,
    notes_on,
    require_sound,
    shape_of,
)
from burn_aws.bill.checks.repeats import facts_of
from burn_aws.bill.checks.untagged import (
    InCluster,
    nameless_note,
    nameless_query,
    no_tags_note,
    untagged_notes,
    untagged_query,
)
from burn_aws.bill.cluster.hosts import carried, hosts_query, is_host
from burn_aws.bill.cluster.name import cluster_query, named
from burn_aws.bill.cluster.namesakes import apart
from burn_aws.bill.cluster.split import split_frame, split_query
from burn_aws.bill.final import final_until, note_on_open
from burn_aws.bill.lines.facts import Shape
from burn_aws.bill.lines.services import service_names
from burn_aws.bill.lines.table import Table, ask
from burn_aws.bill.lines.tags import Tags, style_of, style_query
from burn_aws.bill.query import bill_query
from burn_aws.files.choose import doubts
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pandas as pd


def read_bill(
    source: Source,
    scope: AwsScope,
    window: Window,
    keys: Sequence[str],
    *,
    node_disks: Sequence[str] = (),
    author: str = "burn-aws",
) -> Bill:
    """The bill in the window, aggregated inside the engine.

    Args:
        source: where the lines are.
        scope: accounts, and what makes a line the cluster's.
        window: charges that overlap it; a charge that crosses its border counts in part.
        keys: resource keys of observed assets (`burn_aws.keys`).
        node_disks: resource keys of volumes known to be nodes' root volumes.
        author: distribution and version, for the frame's errors.

    Raises:
        DataError: unknown format, missing columns, mixed currencies, a month read twice, no lines.
    """
    table = Table.of(source)
    files = counts(table, window)
    discounts = discounts_query(table, window)
    control = counted(ask(source, control_query(table, scope, window)).to_pylist(), table, window)
    months = months_of(
        control,
        None if discounts is None else ask(source, discounts),
    )
    if not months:
        raise DataError(
            f"the bill has no line in {window}",
            hint="check the window, provider.aws.accounts and where the bill is",
        )
    currency = require_sound(months, table.format.name)
    lacking = [*notes_on_gaps(control, table), *uneven(source, files)]
    lacking += require_single(source, facts_of(table, scope, window))
    tags = Tags(table, tag_style(table))
    observed = KeySet.make(source.engine, keys, node_disks)
    named_by = []
    if not scope.cluster:
        scope, note = named(scope, _clusters(tags, scope, window, observed))
        named_by = [note]
    shape = shape_of(months)
    if any(int(row["block_fees"]) for row in control):
        shape = replace(shape, prepaid=prepaid_of(ask(source, fees_query(table, window))))
    rows = _rows(tags, scope, window, observed, shape)
    rows, namesakes = apart(rows, scope)
    rows, elsewhere = _hosted(rows, table, scope, window)
    rows["service_name"] = service_names(rows["service_name"])
    lacking += _loose(rows, tags, scope, window)
    if children := sum(key.startswith(CHILD) for key in keys):
        found = ask(source, file_systems_query(table, scope, window)).to_pylist()
        inside = set(rows.loc[rows["in_cluster"], "resource_key"])
        lacking += file_systems_note(children, found, inside)
    splits = split_query(table, scope, window)
    return Bill(
        rows=schemas.BILL.validate(rows, author=author),
        control=ControlTotal(
            lines=sum(month.lines for month in months),
            billed=sum((month.total for month in months), Decimal(0)),
            currency=currency,
            files=files,
            accounted=fates(control, months, files, table),
            invoices=invoices(control, months, currency),
            unread=source.unread,
        ),
        final_until=final_until(months if table.has("invoice") else (), window),
        origin=source.origin,
        notes=(
            *named_by,
            *namesakes,
            *doubts(source.origin),
            *note_on_open(months),
            *notes_on(months, table),
            *lacking,
            *elsewhere,
            *_notes(rows, months, table),
        ),
        namespace_split=None if splits is None else split_frame(ask(source, splits)),
        commitments=held(table, window, author=author) if _covered(rows) else None,
        bytes_scanned=source.engine.bytes_scanned,
    )


def _covered(rows: pd.DataFrame) -> bool:
    """Whether a commitment is on the bill, so that what is said of it is worth reading."""
    return bool((rows["commitment_discount_id"] != "").any())


def _rows(
    tags: Tags, scope: AwsScope, window: Window, observed: KeySet, shape: Shape
) -> pd.DataFrame:
    source = tags.table.source
    sql = bill_query(tags, scope, window, observed.relation, shape, detail=observed.later)
    return bill_frame(observed.finish(ask(source, sql)))


def _hosted(
    rows: pd.DataFrame, table: Table, scope: AwsScope, window: Window
) -> tuple[pd.DataFrame, list[str]]:
    """Rows with the cluster's hosts carried by the nodes on them, else a note on the hosts."""
    ours = set(rows.loc[rows["in_cluster"] & is_host(rows), "resource_key"])
    rows, free = carried(rows)
    if not free:
        return rows, []
    hosts = ask(table.source, hosts_query(table, scope, window)).to_pylist()
    others = [row for row in hosts if row["host"] not in ours]
    named = ", ".join(f"{row['host']} ({float(row['cost']):,.2f})" for row in others[:5])
    what = f"such as {named}" if others else "which are on no line in scope"
    return rows, [
        f"{free} nodes run on Dedicated Hosts, {what}: AWS bills the"
        " host and not the instances on it; state the cluster's hosts in"
        " provider.aws.cluster_resources, and their cost is the nodes'"
    ]


def _loose(rows: pd.DataFrame, tags: Tags, scope: AwsScope, window: Window) -> list[str]:
    """Notes on lines without a resource, or without the cluster's tag, that others like them have."""
    source = tags.table.source
    nameless = ask(source, nameless_query(tags.table, scope, window)).to_pylist()
    notes = nameless_note(nameless, tags.table)
    cluster = InCluster.of(rows)
    if not (cluster.by_tag or scope.cluster):
        return notes
    keys = KeySet.make(source.engine, cluster.keys)
    can_ask = cluster.keys and not keys.later
    sql = untagged_query(tags, scope, window, keys.relation) if can_ask else None
    found = ask(source, sql).to_pylist() if sql else []
    if cluster.by_tag or any(int(row["tagged"]) for row in found):
        return notes + untagged_notes(found, cluster, tags, scope)
    return notes + no_tags_note(tags, scope)


def _clusters(tags: Tags, scope: AwsScope, window: Window, observed: KeySet) -> list[str]:
    sql = cluster_query(tags, scope, window, observed.relation)
    if sql is None or observed.later:
        return []
    return [str(name) for name in ask(tags.table.source, sql).column("cluster").to_pylist()]


def tag_style(table: Table) -> frozenset[str]:
    """How the bill spells its tags' keys, from a few lines."""
    sql = style_query(table)
    if sql is None or len(table.source.parts) > 1:  # a few lines are all of one part
        return Tags(table).style
    samples = ask(table.source, sql).column("tags").to_pylist()
    return style_of(samples, as_json=Tags(table).is_json)


def _notes(rows: pd.DataFrame, months: Sequence[Month], table: Table) -> list[str]:
    notes = []
    kinds = sorted(rows.loc[rows["x_cost_class"] == "unknown", "x_charge_kind"].unique())
    if kinds:
        notes.append(
            f"line types burn does not know, kept as accounting/unknown: {', '.join(kinds)}"
        )
    loose = rows[(rows["x_cost_class"] == "negotiated") & ~rows["in_cluster"]]
    amount = loose["effective_cost"].sum()
    if amount and not any(month.net_lines for month in months):
        notes.append(
            f"{amount:,.2f} of discounts are on lines that name no resource and stay outside the"
            f" cluster; net costs (`{column_of(table, 'net_unblended')}`) would show the cluster's"
            " part"
        )
    return notes
