"""Amounts as exact decimals that add up: millionths of a currency's unit, as `--format json` has them.

A report's amounts are binary. Each one becomes a decimal once, so that all of a landing add up to that
landing; sums of them are exact from there, however they are grouped, and no answer rounds again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from burn.api.money import spread
from burn.api.vocabulary import BASES
from burn.ledger.totals import TO_CLUSTER

MILLION = 1_000_000
NOTHING = Decimal("0.000000")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount that can be looked up.

    Attributes:
        amount: exact, to a millionth.
        basis: at which cost: list, effective or billed.
        window: of which time, `START..END`, half-open, UTC.
        cite: `burn explain CITE` gives the same amount again, and what it is made of.
    """

    amount: Decimal
    currency: str
    basis: str
    window: str
    cite: str


def decimal(millionths: int) -> Decimal:
    """A number of millionths."""
    return Decimal(millionths).scaleb(-6)


def one(amount: float | Decimal) -> Decimal:
    """A single amount, to the nearest millionth."""
    return decimal(round(amount * MILLION))


def exact(amounts: Sequence[float], total: Decimal) -> list[Decimal]:
    """A decimal for each amount; they add up to the total where the amounts do."""
    return [decimal(part) for part in spread(amounts, int(total.scaleb(6)), MILLION)]


def added(amounts: Iterable[Decimal]) -> Decimal:
    """Their sum; `0` of none."""
    return sum(amounts, NOTHING)


def basis_of(group: str) -> str:
    """At which cost a group of the ledger leads on: the report's is list, the cluster's effective."""
    listed, effective, billed = BASES
    if group == TO_CLUSTER[0]:
        return listed
    return effective if group in (*TO_CLUSTER, "outside") else billed
