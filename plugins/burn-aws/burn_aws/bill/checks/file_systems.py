"""Volumes whose handles name no file system: FSx for OpenZFS child volumes (`fsvol-…`).

FSx bills the file system that such a volume is in, and neither the handle nor the bill says which
one that is. The file systems outside the cluster are named, to be stated.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Iterable

from burn.api import Window
from burn_aws.bill.lines.facts import in_scope
from burn_aws.bill.lines.table import Table
from burn_aws.keys import resource_key_sql
from burn_aws.scope import AwsScope

CHILD = "fsvol-"
_NAMED = 5


def file_systems_query(table: Table, scope: AwsScope, window: Window) -> str:
    """FSx file systems in scope and what they cost, the dearest first."""
    resource = table.text("resource_id")
    cost = table.money("unblended" if table.format.family == "cur" else "effective")
    return (
        f"SELECT {resource_key_sql(resource)} AS name, SUM({cost}) AS cost "
        f"FROM {table.source.relation} WHERE {in_scope(table, scope, window)} "
        f"AND {resource} LIKE 'arn:%:fsx:%' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50"
    )


def file_systems_note(
    children: int, found: Iterable[dict[str, object]], inside: set[str]
) -> list[str]:
    """What is said of child volumes.

    Args:
        children: how many volumes have such a handle.
        found: the answer to `file_systems_query`.
        inside: keys of the cluster's resources.
    """
    others = [row for row in found if row["name"] not in inside]
    if not others:
        return []
    named = ", ".join(f"{row['name']} ({float(str(row['cost'])):,.2f})" for row in others[:_NAMED])
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return [
        f"{children} volumes are child volumes of FSx for OpenZFS, whose handles name no file"
        f" system; FSx file systems outside the cluster are {named}{more}: state the cluster's in"
        " provider.aws.cluster_resources"
    ]
