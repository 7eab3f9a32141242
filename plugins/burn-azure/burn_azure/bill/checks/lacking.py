"""Columns an export does not have: which of them a figure needs, and what is poorer without others.

Each agreement and version has its own columns. One without which an amount would be wrong is
required; of the others a note says what cannot be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

Kind = Literal["cost", "usage", "query", "focus"]
"""Cost details; those of usage alone, as pay-as-you-go had them; daily sums of the API; FOCUS."""

_NAMES = ("date", "account", "resource_id", "region", "category", "subcategory", "meter")
_ROLES = ("charge", "pricing", "publisher_type")
_COMMITMENTS = (*_ROLES, "frequency", "reservation", "benefit")
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "cost": (
        *(*_NAMES, "quantity", "unit", "cost", "currency", "effective_price"),
        *(*_ROLES, "reservation|benefit", "tags"),
    ),
    "usage": ("date", "account", "resource_id", "category", "cost"),
    "query": (*_NAMES, "quantity", "cost", "currency", *_ROLES, "benefit"),
    "focus": (
        *(*_NAMES, "end", "service", "quantity", "unit", "cost", "effective", "currency"),
        *("charge", "charge_class|charge_kind", "status|charge_kind", "pricing"),
        *("benefit", "benefit_type", "publisher_type", "tags"),
    ),
}
"""Facts without which a figure would be wrong; `|`: one of them."""
POORER: dict[str, str] = {
    "info": "no instances of scale sets, which are split by hours, and no VM sizes",
    "product": "licences and support plans are told by their meters alone",
    "family": "support plans are told by their category alone",
    "consumed_service": "charges without a meter category name no service",
    "unit_price": "what was negotiated on covered usage shows under rate/commitment",
    "contracted": "what was negotiated on covered usage shows under rate/commitment",
    "month": "a line is taken to be on the invoice of the month of its date",
}
"""Facts that can be absent, and what is not seen without them."""
_USAGE: dict[str, str] = {
    "charge": "all lines are taken to be usage on demand",
    "meter": "charges are told by category and resource alone",
    "subcategory": "Windows is not told from Linux",
    "quantity": "hours of nodes and disks are not known",
    "unit": "disks are taken to be charged by the month",
    "effective_price": "prices are taken to be per unit",
    "tags": "nothing is tied to the cluster by tags",
    "region": "prices are not told by region",
}
"""The same of exports of usage alone, which some have less of."""


def kind_of(found: Collection[str], known: Collection[str]) -> Kind:
    """The kind of a table of costs.

    Args:
        found: facts that it has.
        known: its column names, squashed.
    """
    if {"usagedate", "usagequantity", "cost"} <= set(known) and "unit" not in found:
        return "query"
    return "cost" if any(fact in found for fact in _COMMITMENTS) else "usage"


def required(kind: Kind, found: Collection[str]) -> list[str]:
    """Facts that the export lacks and needs."""
    choices = [fact.split("|") for fact in REQUIRED[kind]]
    return [one[0] for one in choices if not any(fact in found for fact in one)]


def poorer(
    kind: Kind, found: Collection[str], wanted: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Fact that the export lacks and can do without, and what is not seen.

    Args:
        kind: what the table is.
        found: facts that it has.
        wanted: facts that its family can have.
    """
    if kind == "query":  # its own note says what queries do not have
        return
    told = POORER | _USAGE if kind == "usage" else POORER
    for fact, why in told.items():
        if fact in wanted and fact not in found:
            yield fact, why
