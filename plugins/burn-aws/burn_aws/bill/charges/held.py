"""What an export says of the commitments on it: what was bought, for how long, until when.

A CUR says the end of a Savings Plan on its lines, that of a reservation on its `RIFee` lines alone,
and how long and how it is paid on the lines of what it covers. FOCUS says none of that.
Source: AWS Data Exports user guide, columns of `savingsPlan`, `reservation` and `pricing`.
"""

# ruff: noqa: S608 (identifiers are quoted and values are literals, see bill/lines/table.py)
from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api import Window
from burn.api.bills.commitments import only, terms_frame
from burn.api.bills.queries import span
from burn.api.bills.queries.sql import literal
from burn_aws.bill.lines.partitions import partition_predicate
from burn_aws.bill.lines.table import Table, ask

if TYPE_CHECKING:
    from burn.api import CommitmentTermsFrame

ANY, FAMILY = "ComputeSavingsPlans", "EC2InstanceSavingsPlans"
"""Offerings of Savings Plans; others cover no machine of a cluster."""


def held(table: Table, window: Window, *, author: str) -> CommitmentTermsFrame:
    """The frame of the bill's commitments, whichever account bought them."""
    return terms_frame(ask(table.source, held_query(table, window)).to_pylist(), author=author)


def held_query(table: Table, window: Window) -> str:
    """One row a commitment that a line in the window names."""
    facts = _focus(table) if table.format.family == "focus" else _cur(table)
    items = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
    names = [name for name in facts if name != "commitment_discount_id"]
    kept = ", ".join(f"{only(name)} AS {name}" for name in names)
    where = [
        partition_predicate(table, span.months(window)),
        span.overlaps(window, table.at("start"), table.at("end")),
    ]
    return (
        f"SELECT commitment_discount_id, {kept} FROM (SELECT {items} "
        f"FROM {table.source.relation} WHERE {' AND '.join(where)}) AS facts "
        "WHERE commitment_discount_id <> '' GROUP BY commitment_discount_id"
    )


def _cur(table: Table) -> dict[str, str]:
    plan, reserved = table.text("sp_arn"), table.text("ri_arn")
    sold = table.text("sp_offering")
    machine = f"{reserved} <> '' AND {table.text('product_code')} = 'AmazonEC2'"
    # `USE2-BoxUsage:m5.xlarge`, and `HeavyUsage:` on the fee.
    family = f"SPLIT_PART(SPLIT_PART({table.text('usage_type')}, ':', 2), '.', 1)"

    def either(of_plan: str, of_reservation: str) -> str:
        return f"CASE WHEN {plan} <> '' THEN {of_plan} ELSE {of_reservation} END"

    return {
        "commitment_discount_id": f"COALESCE(NULLIF({plan}, ''), {reserved})",
        "offering": either(sold, table.text("ri_offering")),
        "bound": (
            f"CASE WHEN {sold} = {literal(ANY)} THEN 'any' WHEN {sold} = {literal(FAMILY)} "
            f"OR ({plan} = '' AND {machine}) THEN 'family' ELSE '' END"
        ),
        "family": either(table.text("sp_family"), f"CASE WHEN {machine} THEN {family} ELSE '' END"),
        "region": either(table.text("sp_region"), table.first("region", "region_old")),
        "term": either(table.text("sp_term"), table.text("ri_term")),
        "payment": either(table.text("sp_payment"), table.text("ri_payment")),
        "starts": either(table.text("sp_start"), table.text("ri_start")),
        "ends": either(table.text("sp_end"), table.text("ri_end")),
    }


def _focus(table: Table) -> dict[str, str]:
    return {
        "commitment_discount_id": table.text("commitment"),
        "name": table.text("commitment_name"),
        "offering": table.text("offering"),
    }
