"""What a commitment of this bill is worth, and what the unused ones could still cover."""

from __future__ import annotations

import math

from burn.api.find import FindRequest


def discount_of(request: FindRequest) -> tuple[float, bool]:
    """Of the bill's own commitments on nodes, 0 to 1, else an assumed one; and whether it was learned.

    Covered usage that cost nothing teaches nothing: its price is elsewhere on the bill.
    """
    rows = request.inside[
        (request.inside["x_cost_class"] == "node")
        & (request.inside["pricing_category"] == "Committed")
    ]
    listed, paid = float(rows["list_cost"].sum()), float(rows["x_public_cost"].sum())
    learned = 0 < paid < listed
    return (1 - paid / listed if learned else request.thresholds.assumed_discount), learned


def unused(request: FindRequest) -> float:
    """What commitments cost in the window that covered nothing, the whole account's."""
    idle = request.bill["x_cost_class"] == "unused_commitment"
    return float(request.bill.loc[idle, "effective_cost"].sum())


def at_on_demand(committed: float, discount: float) -> float:
    """On-demand cost that so much of a commitment covers: what costs 0.75 of 1 covers 1."""
    if committed <= 0:
        return 0.0
    return committed / (1 - discount) if discount < 1 else math.inf
