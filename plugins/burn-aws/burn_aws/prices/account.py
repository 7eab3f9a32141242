"""Public rates of the whole account: what the bill says others pay for the same product.

Asked only when an observed asset is not on the bill itself. Shared tenancy only.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from burn.api import Window
from burn.api.bills.engine.dialect import to_dialect
from burn.api.bills.engine.source import Source
from burn_aws.bill.lines.facts import in_scope
from burn_aws.bill.lines.table import Table
from burn_aws.client.pricing import Price, Product
from burn_aws.scope import AwsScope

if TYPE_CHECKING:
    from collections.abc import Iterable

_INSTANCE = re.compile(r"(?:^|-)(?:BoxUsage|SpotUsage):([a-z0-9-]+\.[a-z0-9-]+)$")
_DISK = re.compile(r"(?:^|-)EBS:VolumeUsage(?:\.([a-z0-9]+))?$")
_FARGATE = re.compile(r"Fargate-(vCPU-Hours:perCPU|GB-Hours)$")
_DISK_TYPES = {None: "standard", "piops": "io1"}
_SYSTEMS = {"RunInstances": "linux", "RunInstances:0002": "windows"}
"""Operation codes of a licence-free Linux and of Windows; others carry other licences."""
_BALANCERS = {
    "LoadBalancing": "classic",
    "LoadBalancing:Application": "application",
    "LoadBalancing:Network": "network",
}
TOLERANCE = 0.01
"""Rates of one product further apart than this are two products: nothing is learned."""


def account_rates(source: Source, scope: AwsScope, window: Window) -> dict[Product, Price]:
    """Rates by product, from usage of the window at public prices.

    Empty for an export without AWS's usage types (plain FOCUS).
    """
    table = Table.of(source)
    public = "public" if table.format.family == "cur" else "list"
    if not (table.has("usage_type") and table.has("operation") and table.has(public)):
        return {}
    usage_type, cost, usage = table.text("usage_type"), table.money(public), table.money("usage")
    region = f"COALESCE(NULLIF({table.text('region')}, ''), {table.text('region_old')})"
    kinds = " OR ".join(
        f"{usage_type} LIKE '{like}'"
        for like in (
            *("%BoxUsage:%", "%SpotUsage:%", "%EBS:VolumeUsage%"),
            *("%LoadBalancerUsage", "%Fargate-%-Hours%"),
        )
    )
    sql = (
        f"SELECT usage_type, operation, region, currency, CAST(SUM(cost) AS DOUBLE) AS cost, "
        f"CAST(SUM(usage) AS DOUBLE) AS usage FROM (SELECT {usage_type} AS usage_type, "
        f"{table.text('operation')} AS operation, {region} AS region, "
        f"{table.text('currency')} AS currency, {cost} AS cost, {usage} AS usage "
        f"FROM {source.relation} WHERE {in_scope(table, scope, window)} AND ({kinds})) AS lines "
        "WHERE cost > 0 AND usage > 0 GROUP BY 1, 2, 3, 4"
    )
    return rates_of(source.engine.query(to_dialect(sql, source.engine.dialect)).to_pylist())


def rates_of(rows: Iterable[dict[str, Any]]) -> dict[Product, Price]:
    """Products and their one rate; products with several rates are left out."""
    found: dict[Product, list[tuple[float, str]]] = {}
    memory: dict[str, list[float]] = {}
    for row in rows:
        rate, region = float(row["cost"]) / float(row["usage"]), str(row["region"])
        usage_type = str(row["usage_type"])
        fargate = _FARGATE.search(usage_type)
        if fargate and fargate[1] == "GB-Hours":
            memory.setdefault(region, []).append(rate)
        elif product := _product(usage_type, str(row["operation"]), region):
            found.setdefault(product, []).append((rate, str(row["currency"])))
    prices = {}
    for product, rates in found.items():
        numbers = [rate for rate, _ in rates]
        gib = memory.get(product.region, []) if product.service == "fargate" else [0.0]
        if _agree(numbers) and _agree(gib) and len({money for _, money in rates}) == 1:
            prices[product] = Price(max(numbers), rates[0][1], max(gib))
    return prices


def _agree(rates: list[float]) -> bool:
    return bool(rates) and max(rates) - min(rates) <= TOLERANCE * max(rates)


def _product(usage_type: str, operation: str, region: str) -> Product | None:
    if instance := _INSTANCE.search(usage_type):
        system = _SYSTEMS.get(re.sub(r":SV\d+$", "", operation))
        return Product("ec2", instance[1], region, system) if system else None
    if disk := _DISK.search(usage_type):
        kind = _DISK_TYPES.get(disk[1], disk[1] or "")
        return Product("ebs", kind, region, "linux")
    if usage_type.endswith("Fargate-vCPU-Hours:perCPU"):
        return Product("fargate", "", region, "linux")
    is_hour = usage_type.rpartition("-")[2] == "LoadBalancerUsage" and "TS-" not in usage_type
    if is_hour and operation in _BALANCERS:
        return Product("balancer", _BALANCERS[operation], region, "linux")
    return None
