"""The `lines` query: one row per bill line in scope, the same columns whatever the format."""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see typed.py)
from __future__ import annotations

from burn.api import Window
from burn_aws.bill import span
from burn_aws.bill.rules import case
from burn_aws.bill.typed import MONEY, NO_MONEY, Table, literal
from burn_aws.scope import AwsScope

COSTS = ("list_cost", "public_cost", "contracted_cost", "effective_cost", "billed_cost")
_CODES = {
    "Amazon Elastic Compute Cloud": "AmazonEC2",
    "Amazon Elastic Kubernetes Service": "AmazonEKS",
    "Amazon Elastic Container Service for Kubernetes": "AmazonEKS",
    "Elastic Load Balancing": "AWSELB",
    "Amazon Virtual Private Cloud": "AmazonVPC",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "AWS Data Transfer": "AWSDataTransfer",
}


def in_scope(table: Table, scope: AwsScope, window: Window) -> str:
    """The predicate of every query: partitions, accounts, provider, and the window."""
    tests = [span.partition_predicate(table, span.months(window))]
    if scope.accounts:
        listed = ", ".join(literal(account) for account in scope.accounts)
        tests.append(f"{table.text('account')} IN ({listed})")
    if table.has("provider"):
        tests.append(f"{table.text('provider')} IN ('', 'AWS', 'Amazon Web Services')")
    tests.append(span.overlaps(window, table.at("start"), table.at("end")))
    return " AND ".join(test for test in tests if test != "TRUE")


def lines(table: Table, scope: AwsScope, window: Window, net: frozenset[str], extra: str) -> str:
    """SELECT over the relation: names, times and the five costs of every line in scope.

    Args:
        table: source and format.
        scope: accounts.
        window: see `span.overlaps`.
        net: billing months (`YYYY-MM`) whose lines are net of discounts; see `control.Month`.
        extra: further select items, e.g. tags, already SQL over the relation.
    """
    facts = _cur(table, net) if table.format.family == "cur" else _focus(table)
    names = {
        "start_at": table.at("start"),
        "end_at": table.at("end"),
        "account": table.text("account"),
        "region": f"COALESCE(NULLIF({table.text('region')}, ''), {table.text('region_old')})",
        "service": service(table),
        "resource_id": table.text("resource_id"),
        "currency": table.text("currency"),
        **facts,
    }
    items = ", ".join(f"{sql} AS {name}" for name, sql in names.items())
    inner = (
        f"SELECT {items}{extra} FROM {table.source.relation} WHERE {in_scope(table, scope, window)}"
    )
    costs = _cur_costs() if table.format.family == "cur" else _focus_costs()
    keep = ", ".join(f"{sql} AS {name}" for name, sql in costs.items())
    return f"SELECT *, {keep} FROM ({inner}) AS facts"


def service(table: Table) -> str:
    """What a person calls the service: the product's name, else its code."""
    if table.format.family == "focus":
        return table.text("service")
    name = table.text("service")
    if not table.has("service") and table.format.product_map:
        from burn_aws.bill.tags import map_value

        name = f"COALESCE({map_value(table, table.format.product_map, 'product_name')}, '')"
    return f"COALESCE(NULLIF({name}, ''), {table.text('product_code')})"


def billing_month(table: Table) -> str:
    """The billing month as `YYYY-MM`."""
    from burn_aws.bill.typed import is_text, quoted

    column = table.format.columns["month"]
    if is_text(table.source.columns[column]):
        return f"SUBSTR({quoted(column)}, 1, 7)"
    return f"STRFTIME(CAST({quoted(column)} AS TIMESTAMP), '%Y-%m')"


def _cur(table: Table, net: frozenset[str]) -> dict[str, str]:
    usage_type = table.text("usage_type")
    has_net = table.has("net_unblended")
    listed = ", ".join(literal(month) for month in sorted(net))
    is_net = f"{billing_month(table)} IN ({listed})" if has_net and net else "FALSE"
    basis = f"CASE WHEN {is_net} THEN COALESCE({table.money('net_unblended')}, {table.money('unblended')}) ELSE {table.money('unblended')} END"
    discounted = f"CASE WHEN {table.money('net_unblended')} IS NULL THEN {table.money('unblended')} ELSE CAST(0 AS {MONEY}) END"
    unused = f"({table.money('sp_total')} - {table.money('sp_used')})"
    return {
        "line_type": table.text("line_type"),
        "product_code": table.text("product_code"),
        "usage_type": usage_type,
        "operation": table.text("operation"),
        "billing_entity": table.text("billing_entity"),
        "commitment": f"COALESCE(NULLIF({table.text('sp_arn')}, ''), {table.text('ri_arn')})",
        "usage": table.money("usage"),
        "u": table.money("unblended"),
        "nu": table.money("net_unblended") if has_net else NO_MONEY,
        "p": f"NULLIF({table.money('public')}, 0)",
        "spe": table.money("sp_effective"),
        "rie": table.money("ri_effective"),
        "net_spe": f"COALESCE({table.money('sp_net_effective')}, {table.money('sp_effective')})",
        "net_rie": f"COALESCE({table.money('ri_net_effective')}, {table.money('ri_effective')})",
        "sp_unused": _net_of_plan(table, unused),
        "ri_unused": _sum_net(table),
        "spot": f"{usage_type} LIKE '%SpotUsage%'",
        "basis": basis if has_net and net else table.money("unblended"),
        "discounted": discounted if has_net else table.money("unblended"),
    }


def _sum_net(table: Table) -> str:
    parts = [
        f"COALESCE({table.money(f'ri_net_unused_{part}')}, {table.money(f'ri_unused_{part}')}, "
        f"CAST(0 AS {MONEY}))"
        for part in ("upfront", "recurring")
    ]
    return " + ".join(parts).join("()")


def _net_of_plan(table: Table, unused: str) -> str:
    """Unused commitment; under a discount scaled by the plan's own net ÷ gross of the hour."""
    if not table.has("sp_net_recurring") and not table.has("sp_net_upfront"):
        return unused

    def both(prefix: str) -> str:
        zero = f"CAST(0 AS {MONEY})"
        return (
            f"CAST(COALESCE({table.money(prefix + 'recurring')}, {zero}) + "
            f"COALESCE({table.money(prefix + 'upfront')}, {zero}) AS DOUBLE)"
        )

    known = (
        f"COALESCE({table.money('sp_net_recurring')}, {table.money('sp_net_upfront')}) IS NOT NULL"
    )
    ratio = f"{both('sp_net_')} / NULLIF({both('sp_')}, 0)"
    scaled = f"CAST(CAST({unused} AS DOUBLE) * {ratio} AS {MONEY})"
    return f"CASE WHEN {known} THEN COALESCE({scaled}, {unused}) ELSE {unused} END"


def _cur_costs() -> dict[str, str]:
    fields = ("list", "public", "contracted", "effective", "billed")
    zero = f"CAST(0 AS {MONEY})"
    costs = {f"{f}_cost": f"COALESCE({case(f)}, {zero})" for f in fields}
    return {**costs, "category": case("category"), "pricing": case("pricing")}


def _focus(table: Table) -> dict[str, str]:
    code, usage_type = table.text("product_code"), table.text("usage_type")
    if not table.has("product_code"):
        arms = " ".join(
            f"WHEN {literal(name)} THEN {literal(code)}" for name, code in _CODES.items()
        )
        code = f"CASE {table.text('service')} {arms} ELSE '' END"
    if not table.has("usage_type"):
        usage_type = _guessed_usage_type(table)
    suffix = (
        f"CASE WHEN {table.text('charge_class')} = 'Correction' THEN '/Correction' "
        f"WHEN {table.text('category')} = 'Usage' AND {table.text('status')} <> '' "
        f"THEN CONCAT('/', {table.text('status')}) ELSE '' END"
    )
    other = f"CASE WHEN {table.text('issuer')} LIKE '%Marketplace%' OR ({table.text('publisher')} <> '' AND {table.text('publisher')} NOT LIKE '%Amazon%' AND {table.text('publisher')} NOT LIKE '%AWS%') THEN 'AWS Marketplace' ELSE 'AWS' END"
    return {
        "line_type": f"CONCAT({table.text('category')}, {suffix})",
        "product_code": code,
        "usage_type": usage_type,
        "operation": table.text("operation"),
        "billing_entity": other,
        "commitment": table.text("commitment"),
        "usage": table.money("usage"),
        "listed": table.money("list"),
        "contracted": table.money("contracted"),
        "effective": table.money("effective"),
        "billed": table.money("billed"),
        "category": table.text("category"),
        "pricing": table.text("pricing"),
    }


def _guessed_usage_type(table: Table) -> str:
    """FOCUS without AWS's own columns: what the resource id and the unit give away."""
    unit, what = f"LOWER({table.text('unit')})", f"LOWER({table.text('description')})"
    key = table.text("resource_id")
    return (
        f"CASE WHEN {what} LIKE '%data transfer%' THEN 'DataTransfer' "
        f"WHEN {key} LIKE '%i-%' AND {unit} IN ('hrs', 'hours') AND {what} LIKE '%instance%' THEN 'BoxUsage:' "
        f"WHEN {key} LIKE '%vol-%' AND {unit} IN ('gb-mo', 'gb-months') THEN 'EBS:VolumeUsage' "
        f"WHEN {unit} LIKE 'lcu%' THEN 'LCUUsage' "
        f"WHEN {key} LIKE '%loadbalancer/%' AND {unit} IN ('hrs', 'hours') THEN 'LoadBalancerUsage' "
        "ELSE '' END"
    )


def _focus_costs() -> dict[str, str]:
    zero = f"CAST(0 AS {MONEY})"
    model = (
        "CASE WHEN category = 'Usage' AND (commitment <> '' OR pricing IN ('Dynamic', 'Committed')) "
        "THEN effective ELSE listed END"
    )
    return {
        "list_cost": f"COALESCE(listed, {zero})",
        "public_cost": f"COALESCE({model}, {zero})",
        "contracted_cost": f"COALESCE(contracted, listed, {zero})",
        "effective_cost": f"COALESCE(effective, {zero})",
        "billed_cost": f"COALESCE(billed, {zero})",
    }
