"""FOCUS columns of an AWS export as the facts of a line.

AWS's FOCUS rows are settled already: a covered line is billed at 0 and carries its amortised
cost, purchases of commitments carry none, discounts are in the costs, and an unused part of a
commitment is a row of its own (FOCUS 1.0 and 1.2; AWS: FOCUS with AWS columns).
"""

from __future__ import annotations

from burn.api.bills.queries.sql import MONEY, literal
from burn_aws.bill.lines.table import Table

_CODES = {
    "Amazon Elastic Compute Cloud": "AmazonEC2",
    "Amazon Elastic Kubernetes Service": "AmazonEKS",
    "Amazon Elastic Container Service for Kubernetes": "AmazonEKS",
    "Elastic Load Balancing": "AWSELB",
    "Amazon Virtual Private Cloud": "AmazonVPC",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "AWS Data Transfer": "AWSDataTransfer",
}

_COVERED = (
    "(line_type LIKE 'Usage%' AND (commitment <> '' OR pricing IN ('Committed', 'Commitment-Based') "
    "OR line_type IN ('Usage/Used', 'Usage/Unused')))"
)
"""Under a commitment, told by any of its signs: id, pricing category, status."""


def focus_facts(table: Table) -> dict[str, str]:
    """Select items over the relation: alias → SQL."""
    arms = " ".join(f"WHEN {literal(name)} THEN {literal(code)}" for name, code in _CODES.items())
    code = f"CASE {table.text('service')} {arms} ELSE '' END"
    usage_type = _guessed_usage_type(table)
    if table.has("product_code"):
        code = f"COALESCE(NULLIF({table.text('product_code')}, ''), {code})"
    if table.has("usage_type"):
        usage_type = f"COALESCE(NULLIF({table.text('usage_type')}, ''), {usage_type})"
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
        "commitment": f"COALESCE(NULLIF({table.text('commitment')}, ''), {_prepaid(table)}, '')",
        "usage": table.money("usage"),
        "listed": table.money("list"),
        "contracted": table.money("contracted"),
        "effective": table.money("effective"),
        "billed": table.money("billed"),
        "category": table.text("category"),
        "pricing": table.text("pricing"),
        "frequency": table.text("frequency"),
    }


def _prepaid(table: Table) -> str:
    """The capacity reservation that pays for a row: bought ahead, or used at no price of its own."""
    if not table.has("reservation"):
        return "NULL"
    free = f"COALESCE({table.money('list')}, 0) = 0 AND {table.money('effective')} <> 0"
    category = table.text("category")
    return (
        f"CASE WHEN {category} = 'Purchase' OR ({category} = 'Usage' AND {free}) "
        f"THEN NULLIF({table.text('reservation')}, '') END"
    )


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


def focus_costs() -> dict[str, str]:
    """The five costs, over the facts.

    AWS nets the effective cost of a covered or a spot line of discounts and does not say the
    cost before, so the public cost of these is the effective one.
    """
    zero = f"CAST(0 AS {MONEY})"
    model = f"CASE WHEN {_COVERED} OR pricing = 'Dynamic' THEN effective ELSE listed END"
    return {
        "list_cost": f"COALESCE(listed, {zero})",
        "public_cost": f"COALESCE({model}, {zero})",
        "contracted_cost": f"COALESCE(contracted, listed, {zero})",
        "effective_cost": f"COALESCE(effective, {zero})",
        "billed_cost": f"COALESCE(billed, {zero})",
    }


def focus_line_facts() -> dict[str, str]:
    """Charge and pricing category: the former is in the line type made in `focus_facts`."""
    category = "SPLIT_PART(line_type, '/', 1)"
    known = "'Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'"
    return {
        "category": f"CASE WHEN {category} IN ({known}) THEN {category} ELSE 'Adjustment' END",
        "pricing": f"CASE WHEN {_COVERED} THEN 'Committed' "
        "WHEN pricing IN ('', 'Standard', 'Dynamic', 'Committed') THEN pricing ELSE 'Other' END",
    }
