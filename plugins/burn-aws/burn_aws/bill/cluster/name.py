"""The cluster's name, read from its nodes' tags when nobody gave one."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from burn.api import Window
from burn.api.bills.queries.sql import literal
from burn_aws.bill.cluster.match import CLUSTER_TAGS
from burn_aws.bill.lines.facts import in_scope
from burn_aws.bill.lines.tags import Tags
from burn_aws.scope import AwsScope

_TELLING = CLUSTER_TAGS[:4]
"""Tags that EKS and eksctl put on nodes themselves; the others a person may have chosen."""


def cluster_query(tags: Tags, scope: AwsScope, window: Window, keys: str) -> str | None:
    """Distinct cluster names on the lines of observed nodes; None when no such tag is billed.

    Args:
        tags: how the bill spells tags.
        scope: accounts.
        window: charges that overlap it.
        keys: relation of resource keys of observed assets.
    """
    items = tags.items(_TELLING)
    values = [value for tag in _TELLING if (value := tags.value(tag))]
    if not values:
        return None
    table = tags.table
    kept = ", ".join(f"{sql} AS {alias}" for alias, sql in items.items())
    rows = (
        f"SELECT {table.text('resource_id')} AS resource_id, {kept} FROM {table.source.relation} "
        f"WHERE {in_scope(table, scope, window)} AND {table.text('resource_id')} LIKE 'i-%'"
    )
    name = "COALESCE(" + ", ".join([*values, literal("")]) + ")"
    return (
        f"SELECT DISTINCT {name} AS cluster FROM ({rows}) AS nodes "
        f"JOIN {keys} AS keys ON nodes.resource_id = keys.resource_key "
        f"WHERE {name} <> '' ORDER BY 1 LIMIT 5"
    )


def named(scope: AwsScope, found: Sequence[str]) -> tuple[AwsScope, str]:
    """The scope with the one name found, and the sentence that says so."""
    if len(found) == 1:
        return (
            replace(scope, cluster=found[0]),
            f"no cluster was named; `{found[0]}` is what its nodes' tags say",
        )
    several = f" (its nodes' tags say {', '.join(found)})" if found else ""
    return scope, (
        f"no cluster was named{several}: only resource ids tie charges to it; what is the"
        " cluster's by tag alone shows as outside. Name it with --cluster"
    )
