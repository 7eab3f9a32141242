"""Lines that lack what others of their kind have: the resource, or the cluster's tag.

AWS leaves the resource empty on usage that is of none (data dictionary, line_item_resource_id), and
a tag is on the bill from the day it was activated. Such lines stay outside the cluster, and how
much money that is must not go unsaid.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api import Window
from burn.api.bills.checks.gaps import untagged
from burn.api.bills.queries.rows import BY_ID
from burn.api.bills.queries.sql import MONEY, literal
from burn_aws.bill.charges.costs import USAGE
from burn_aws.bill.checks.gaps import column_of
from burn_aws.bill.cluster.match import BY_TAG, OWNER_TAG, tagged_sql, tags_wanted
from burn_aws.bill.lines.facts import in_scope
from burn_aws.bill.lines.table import Table
from burn_aws.bill.lines.tags import Tags
from burn_aws.keys import resource_key_sql
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
LOOKED_AT = 500
"""Nodes, and other resources, whose tags are looked at."""


def nameless_query(table: Table, scope: AwsScope, window: Window) -> str:
    """By product and usage type of which some lines name a resource: lines and cost of the others."""
    code = "product_code" if table.has("product_code") else "service"
    facts = {
        "product": table.text(code),
        "usage_type": table.text("usage_type"),
        "nameless": _nameless(table),
        "cost": _cost(table),
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    lines = (
        f"SELECT {items} FROM {table.source.relation} "
        f"WHERE {in_scope(table, scope, window)} AND {_usage(table)}"
    )
    some = "SUM(CASE WHEN nameless THEN 1 ELSE 0 END)"
    return (
        f"SELECT product, usage_type, {some} AS x_lines, "
        f"SUM(CASE WHEN nameless THEN cost ELSE CAST(0 AS {MONEY}) END) AS amount "
        f"FROM ({lines}) AS usage WHERE cost <> 0 GROUP BY 1, 2 "
        f"HAVING {some} > 0 AND {some} < COUNT(*) ORDER BY 4 DESC, 1, 2"
    )


def _nameless(table: Table) -> str:
    """Whether a line names no resource, or its machine or volume by what is no id of one."""
    key, kind = table.text("resource_id"), table.text("usage_type")
    forms = (("%BoxUsage:%", "%i-%"), ("%SpotUsage:%", "%i-%"), ("%EBS:VolumeUsage%", "%vol-%"))
    odd = " OR ".join(
        f"({kind} LIKE {literal(usage)} AND {key} NOT LIKE {literal(form)})"
        for usage, form in forms
    )
    ours = f"{table.text('product_code')} IN ('AmazonEC2', '')"
    return f"{key} = '' OR ({ours} AND ({odd}))"


def nameless_note(rows: Sequence[dict[str, Any]], table: Table) -> list[str]:
    """What the rows of a `nameless_query` say."""
    if not rows:
        return []
    count = sum(int(row["x_lines"]) for row in rows)
    amount = sum(float(row["amount"]) for row in rows)
    kinds = ", ".join(f"{row['usage_type'] or row['product']}" for row in rows[:NAMED])
    more = ", …" if len(rows) > NAMED else ""
    return [
        f"`{column_of(table, 'resource_id')}` names no resource on {count:,} usage lines ({amount:,.2f}) of"
        f" kinds that name one elsewhere ({kinds}{more}): what of them is the cluster's"
        " stays outside"
    ]


def untagged_query(tags: Tags, scope: AwsScope, window: Window, keys: str) -> str | None:
    """By resource, of these: lines with a tag of the cluster, with its owner's, and without any.

    None: no column can hold the tag.

    Args:
        tags: the table, and how it spells tags.
        scope: what makes a line the cluster's.
        window: charges that overlap it.
        keys: relation with their `resource_key`.
    """
    table, tagged = tags.table, tagged_sql(tags, scope)
    if tagged is None:
        return None
    facts = {
        "resource_id": table.text("resource_id"),
        "cost": _cost(table),
        **tags.items(tags_wanted(scope)),
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    where = f"{in_scope(table, scope, window)} AND {_usage(table)}"
    lines = f"SELECT {items} FROM {table.source.relation} WHERE {where}"
    key = resource_key_sql("resource_id")
    known = f"{key} IN (SELECT resource_key FROM {keys} AS known)"
    owner = tags.value(OWNER_TAG.format(cluster=scope.cluster))
    owned = f"COALESCE({owner}, '') <> ''" if owner else "FALSE"
    each = (
        f"SELECT {key} AS resource_key, cost, {tagged} AS is_tagged, {owned} AS is_owned "
        f"FROM ({lines}) AS lines "
        f"WHERE cost <> 0 AND {known}"
    )
    return (
        "SELECT resource_key, SUM(CASE WHEN is_tagged THEN 1 ELSE 0 END) AS tagged, "
        "SUM(CASE WHEN is_owned THEN 1 ELSE 0 END) AS owned, "
        "SUM(CASE WHEN is_tagged THEN 0 ELSE 1 END) AS x_lines, "
        f"SUM(CASE WHEN is_tagged THEN CAST(0 AS {MONEY}) ELSE cost END) AS amount "
        f"FROM ({each}) AS each_line GROUP BY 1"
    )


def untagged_notes(
    rows: Sequence[dict[str, Any]], cluster: InCluster, tags: Tags, scope: AwsScope
) -> list[str]:
    """What the rows of an `untagged_query` say of resources that a tag tells, and of nodes."""
    notes = []
    bare = [row for row in rows if int(row["x_lines"])]
    tied = [row for row in bare if row["resource_key"] in cluster.by_tag]
    if tied:
        lines, amount = (sum(float(row[name]) for row in tied) for name in ("x_lines", "amount"))
        notes += untagged(int(lines), amount, *_spelled(tags, scope))
    nodes = [row for row in rows if row["resource_key"] in cluster.nodes]
    lacking = [row for row in nodes if not int(row["tagged"])]
    if lacking:
        notes.append(
            f"{len(lacking):,} of {len(nodes):,} nodes have no tag of the cluster on the bill"
            f" ({_told(tags, scope)}): what a tag alone ties to it (disks, snapshots and nodes"
            " that the metrics do not show) may stay outside; is it activated as a cost allocation"
            " tag?"
        )
    if scope.cluster and rows and not any(int(row["owned"]) for row in rows):
        notes.append(
            f"no line of the cluster has {_told(tags, scope)}, only other tags of it: what that tag"
            " alone ties to it (disks, snapshots, gateways) stays outside"
        )
    return notes


@dataclass(frozen=True, slots=True)
class InCluster:
    """Keys of what is the cluster's, of a large cluster some: a query must hold them.

    Attributes:
        by_tag: known by a tag alone.
        nodes: known by id.
        others: known by id.
    """

    by_tag: frozenset[str]
    nodes: frozenset[str]
    others: frozenset[str]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> InCluster:
        """Of a bill's rows."""

        def keys(mask: pd.Series[bool]) -> frozenset[str]:
            return frozenset(sorted(set(rows.loc[mask, "resource_key"]) - {""})[:LOOKED_AT])

        by_id, are_nodes = rows["match_method"] == BY_ID, rows["x_cost_class"] == "node"
        by_tag = frozenset(set(rows.loc[rows["match_method"] == BY_TAG, "resource_key"]) - {""})
        return cls(by_tag, keys(by_id & are_nodes), keys(by_id & ~are_nodes))

    @property
    def keys(self) -> list[str]:
        """All of them."""
        return sorted(self.by_tag | self.nodes | self.others)


def no_tags_note(tags: Tags, scope: AwsScope) -> list[str]:
    """That no line has the cluster's tag, so that only what the metrics show is found."""
    return [
        f"no line has a tag that names the cluster ({_told(tags, scope)}): what only a tag ties"
        " to it (disks, snapshots and balancers that the metrics do not show) stays outside"
    ]


def _spelled(tags: Tags, scope: AwsScope) -> tuple[str, str]:
    """The owner's tag, and the column of tags."""
    own = tags.table.format.family == "focus"
    where = tags.column or ("Tags" if own else "resource_tags")
    return OWNER_TAG.format(cluster=scope.cluster), where


def _told(tags: Tags, scope: AwsScope) -> str:
    return "`{}` in `{}`".format(*_spelled(tags, scope))


def _usage(table: Table) -> str:
    if table.format.family == "focus":
        return f"{table.text('category')} = 'Usage'"
    return f"{table.text('line_type')} IN ({', '.join(map(literal, USAGE))})"


def _cost(table: Table) -> str:
    """What a line would cost at list price, else what it cost."""
    list_price, own = (
        ("list", "effective") if table.format.family == "focus" else ("public", "unblended")
    )
    zero = f"CAST(0 AS {MONEY})"
    return f"COALESCE(NULLIF({table.money(list_price)}, 0), {table.money(own)}, {zero})"
