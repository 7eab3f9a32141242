"""The one query that reads a bill: lines → placed → summed by day → classed → day × resource × class.

Written in DuckDB's dialect; `to_dialect` makes the same text Athena's. Rows outside the cluster
lose their resource and SKU in the engine, so that the result stays small however large the bill.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn.api import Window, schemas
from burn_aws.bill import span
from burn_aws.bill.classes import line_class, quantity, usage_class
from burn_aws.bill.facts import COSTS, lines
from burn_aws.bill.place import BY_TAG, extra_items, placed
from burn_aws.bill.typed import MONEY, Table, literal
from burn_aws.scope import AwsScope

_RAW = (
    *("day", "rk", "match_method", "kind", "of_claim", "line_type", "category", "pricing"),
    *("commitment", "account", "region", "service", "product_code", "usage_type"),
    *("billing_entity", "currency"),
)
KEYS = (
    *("day", "resource_key", "in_cluster", "match_method", "service_name", "sub_account_id"),
    *("region_id", "sku", "charge_category", "pricing_category", "commitment_discount_id"),
    *("commitment_discount_type", "x_charge_kind", "x_cost_class", "billing_currency"),
)


def bill_query(
    table: Table,
    scope: AwsScope,
    window: Window,
    keys: str,
    *,
    net: frozenset[str] = frozenset(),
    detail: bool = False,
) -> str:
    """Day × resource × class for the cluster, day × service × class for the rest.

    Args:
        table: source and format.
        scope: accounts, and what makes a line the cluster's.
        window: charges that overlap it.
        keys: relation of resource keys, see `place.placed`.
        net: billing months whose lines are net of discounts.
        detail: keep the resource of outside rows that could be an asset, for matching later.
    """
    return (
        f"WITH lines AS ({lines(table, scope, window, net, extra_items(table, scope))}), "
        f"placed AS ({placed(scope, keys)}), "
        f"summed AS ({_summed(window, detail)}), "
        f"classed AS ({_classed(table.format.family)}) {_final()}"
    )


def _summed(window: Window, detail: bool) -> str:
    """Money by day and by everything the class depends on; few groups outside the cluster."""
    kept = "match_method <> ''"
    if detail:
        kept += " OR REGEXP_MATCHES(rk, '^(i-|vol-|loadbalancer/|[0-9a-f]{8}-[0-9a-f]{4}-)')"
    inside = f"CASE WHEN {kept} THEN rk ELSE '' END"
    day = f"DATE_TRUNC('day', GREATEST(start_at, {span.instant(window.start)}))"
    timed = f"SELECT *, {span.whole(window)} AS whole, {span.share(window)} AS share FROM placed"
    sums = ", ".join(f"SUM({span.within(cost)}) AS {cost}" for cost in COSTS)
    named = {"day": day, "rk": inside, "of_claim": "match_method <> '' AND of_claim"}
    items = ", ".join(f"{named.get(name, name)} AS {name}" for name in _RAW)
    numbers = ", ".join(str(at + 1) for at in range(len(_RAW)))
    return (
        f"SELECT {items}, MAX(CASE WHEN match_method <> '' THEN name_tag END) AS resource_name, "
        f"COUNT(*) AS x_lines, SUM({span.within('usage')}) AS usage, {sums} "
        f"FROM ({timed}) AS timed GROUP BY {numbers}"
    )


def _classed(family: str) -> str:
    disk = (
        "CASE WHEN usage_class = 'volume' AND (kind = 'node_disk' OR "
        f"(match_method = {literal(BY_TAG)} AND NOT of_claim)) THEN 'node_disk' ELSE usage_class END"
    )
    first = (
        f"SELECT *, {usage_class()} AS usage_class, {line_class(family)} AS line_class FROM summed"
    )
    second = f"SELECT *, COALESCE(line_class, {disk}) AS cost_class, 24 * DAY(LAST_DAY(day)) AS hours_in_month FROM ({first}) AS first_pass"
    accounting = ", ".join(literal(name) for name in schemas.ACCOUNTING_CLASSES)
    cash = f"cost_class IN ({accounting})"
    costs = ", ".join(
        f"CASE WHEN {cash} THEN billed_cost ELSE {cost} END AS {cost}" for cost in COSTS
    )
    amount = f"CAST(CAST({quantity()} AS DOUBLE) AS {MONEY})"
    keep = ", ".join(name for name in _RAW if name != "pricing")
    pricing = f"CASE WHEN {cash} OR cost_class = 'negotiated' THEN '' ELSE pricing END"
    kind = (
        "CASE WHEN commitment LIKE '%:savingsplan%' THEN 'savings plan' "
        "WHEN commitment <> '' THEN 'reservation' ELSE '' END"
    )
    return (
        f"SELECT {keep}, resource_name, x_lines, cost_class, {pricing} AS pricing, "
        f"{kind} AS commitment_type, {amount} AS quantity, {costs} FROM ({second}) AS second_pass"
    )


def _final() -> str:
    inside = "match_method <> ''"
    named = {
        "resource_key": "rk",
        "in_cluster": inside,
        "service_name": "service",
        "sub_account_id": "account",
        "region_id": "region",
        "sku": f"CASE WHEN {inside} THEN usage_type ELSE '' END",
        "charge_category": "category",
        "pricing_category": "pricing",
        "commitment_discount_id": "commitment",
        "commitment_discount_type": "commitment_type",
        "x_charge_kind": "line_type",
        "x_cost_class": "cost_class",
        "billing_currency": "currency",
    }
    items = ", ".join(f"{named.get(name, name)} AS {name}" for name in KEYS)
    numbers = ", ".join(str(at + 1) for at in range(len(KEYS)))
    outputs = {cost: cost for cost in COSTS} | {"quantity": "quantity", "x_lines": "x_lines"}
    sums = ", ".join(
        f"SUM({inner}) AS {'x_public_cost' if name == 'public_cost' else name}"
        for name, inner in outputs.items()
    )
    return f"SELECT {items}, MAX(resource_name) AS resource_name, {sums} FROM classed GROUP BY {numbers}"
