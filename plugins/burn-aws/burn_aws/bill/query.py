"""The one query that reads a bill: lines → placed → summed by day → classed → day × resource × class.

Written in DuckDB's dialect; `to_dialect` makes the same text Athena's. Rows outside the cluster
lose their resource and SKU in the engine, so that the result stays small however large the bill.
Names are classed after the first sum: a few thousand groups instead of every line.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from collections.abc import Sequence

from burn.api import Window, schemas
from burn.api.bills.queries import span, terms
from burn.api.bills.queries.rows import COSTS, KEYS
from burn.api.bills.queries.sql import MONEY, literal
from burn_aws.bill.charges.classes import line_class, quantity, usage_class
from burn_aws.bill.cluster.match import BY_TAG, NODE_DISK, method_of, placed, tags_wanted
from burn_aws.bill.lines.facts import Shape, line_facts, lines
from burn_aws.bill.lines.table import Table
from burn_aws.bill.lines.tags import Tags
from burn_aws.keys import resource_key_sql
from burn_aws.scope import AwsScope

_RAW = (
    *("day", "resource_id", "place", "line_type", "commitment", "account", "region", "service"),
    *("product_code", "usage_type", "billing_entity", "x_hours"),
)
"""What the first sum keeps of a line; FOCUS has the pricing category besides."""


def bill_query(
    tags: Tags,
    scope: AwsScope,
    window: Window,
    keys: str,
    shape: Shape | None = None,
    *,
    detail: bool = False,
) -> str:
    """Day × resource × class for the cluster, day × service × class for the rest.

    Args:
        tags: the table, and how it spells tags.
        scope: accounts, and what makes a line the cluster's.
        window: charges that overlap it.
        keys: relation of resource keys, see `match.placed`.
        shape: what the bill holds, see `facts.Shape`.
        detail: keep the resource of outside rows that could be an asset, for matching later.
    """
    shape = shape or Shape()
    kept = tags.items(tags_wanted(scope))
    raw = _RAW if tags.table.format.family == "cur" else (*_RAW, "pricing")
    return (
        f"WITH lines AS ({lines(tags.table, scope, window, shape, kept)}), "
        f"placed AS ({placed(tags, scope, keys, names=detail)}), "
        f"summed AS ({_summed(raw, window, shape, detail)}), "
        f"classed AS ({_classed(raw, tags.table, shape, detail)}) {_final(shape.currency)}"
    )


def _summed(raw: Sequence[str], window: Window, shape: Shape, detail: bool) -> str:
    """Money by day and by everything the class depends on; few groups outside the cluster."""
    kept = "place <> ''"
    if detail:
        asset = (
            "^(i-|vol-|fs-|[0-9a-f]{8}-[0-9a-f]{4}-)|loadbalancer/|:pod/"
            "|file-system/|:volume/fs-|^arn:[^:]*:s3:"
        )
        kept += f" OR REGEXP_MATCHES(resource_id, '{asset}')"
    from_at = (
        terms.counted_from(window)
        if shape.crossing
        else f"GREATEST(start_at, {span.instant(window.start)})"
    )
    named = {
        "day": f"DATE_TRUNC('day', {from_at})",
        "x_hours": span.hours(window, from_at),
        "resource_id": f"CASE WHEN {kept} THEN resource_id ELSE '' END",
    }
    timed = "placed"
    if shape.crossing:
        parts = ", ".join(f"{sql} AS {name}" for name, sql in terms.shares(window).items())
        timed = f"(SELECT *, {parts} FROM placed)"
    amounts = {"usage": "usage"} | {cost: cost for cost in COSTS}
    sums = ", ".join(
        f"SUM({span.within(amount, crossing=shape.crossing, share=part_of(name))}) AS {name}"
        for name, amount in amounts.items()
    )
    items = ", ".join(f"{named.get(name, name)} AS {name}" for name in raw)
    return (
        f"SELECT {items}, MAX(name_tag) AS resource_name, MAX(tied_to) AS x_tied_to, COUNT(*) AS x_lines, {sums} "
        f"FROM {timed} AS timed GROUP BY {_numbers(len(raw))}"
    )


def part_of(cost: str) -> str:
    """Which part of a line counts: of cash by its charge, of all else by time."""
    return "cash" if cost == "billed_cost" else "share"


def _classed(raw: Sequence[str], table: Table, shape: Shape, detail: bool) -> str:
    """The class decides the quantity, and that accounting is at what was billed."""
    disk = (
        f"CASE WHEN usage_class = 'volume' AND place IN ({literal(NODE_DISK)}, {literal(BY_TAG)}) "
        "THEN 'node_disk' ELSE usage_class END"
    )
    family = table.format.family
    facts = line_facts(family, shape.line_types)
    first = (
        f"SELECT *, {usage_class()} AS usage_class, {line_class(family)} AS line_class, "
        f"{facts['category']} AS category, {facts['pricing']} AS model FROM summed"
    )
    second = (
        f"SELECT *, COALESCE(line_class, {disk}) AS cost_class, "
        f"24 * DAY(LAST_DAY(day)) AS hours_in_month FROM ({first}) AS first_pass"
    )
    cash = f"cost_class IN ({', '.join(map(literal, schemas.ACCOUNTING_CLASSES))})"
    third = f"SELECT *, {cash} AS is_cash FROM ({second}) AS second_pass"
    costs = ", ".join(
        f"CASE WHEN is_cash THEN billed_cost ELSE {cost} END AS {cost}" for cost in COSTS
    )
    amount = f"CAST(CAST({quantity(detail)} AS DOUBLE) AS {MONEY})"
    pricing = "CASE WHEN is_cash OR cost_class = 'negotiated' THEN '' ELSE model END"
    return (
        f"SELECT {', '.join(name for name in raw if name != 'pricing')}, category, resource_name, x_tied_to, x_lines, cost_class, "
        f"{pricing} AS pricing, {amount} AS quantity, {costs} FROM ({third}) AS third_pass"
    )


def _final(currency: str) -> str:
    inside = "place <> ''"
    named = {
        "resource_key": resource_key_sql("resource_id"),
        "in_cluster": inside,
        "match_method": method_of("place"),
        "service_name": "service",
        "sub_account_id": "account",
        "region_id": "region",
        "sku": f"CASE WHEN {inside} OR resource_id <> '' THEN usage_type ELSE '' END",
        "charge_category": "category",
        "pricing_category": "pricing",
        "commitment_discount_id": "commitment",
        "commitment_discount_type": (
            "CASE WHEN commitment LIKE '%:savingsplan%' THEN 'savings plan' "
            "WHEN commitment <> '' THEN 'reservation' ELSE '' END"
        ),
        "x_charge_kind": "line_type",
        "x_cost_class": "cost_class",
        "billing_currency": literal(currency),
    }
    items = ", ".join(f"{named.get(name, name)} AS {name}" for name in KEYS)
    outputs = {"x_public_cost" if c == "public_cost" else c: c for c in COSTS}
    outputs |= {"quantity": "quantity", "x_lines": "x_lines"}
    sums = ", ".join(f"SUM({inner}) AS {name}" for name, inner in outputs.items())
    return (
        f"SELECT {items}, x_hours, MAX(resource_name) AS resource_name, MAX(x_tied_to) AS x_tied_to, {sums} "
        f"FROM classed GROUP BY {_numbers(len(KEYS) + 1)}"
    )


def _numbers(count: int) -> str:
    return ", ".join(str(at + 1) for at in range(count))
