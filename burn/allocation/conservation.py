"""Money is conserved: what a step was given is what it gives back, to the cent and beyond."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from burn.api import AllocationFrame, AllocationPolicy, ContractError
from burn.ledger.costs import Costs
from burn.plugin.chosen import Chosen

if TYPE_CHECKING:
    import pandas as pd

RELATIVE = 1e-9
"""Of the gross amount. A cent in ten million: no bill's cents can get lost in it."""
ABSOLUTE = 1e-9
_CENT = 0.01


def money(amounts: pd.Series[float]) -> float:
    """The exact sum, rounded once: the same in any row order."""
    return math.fsum(amounts.to_numpy())


def gap(before: pd.Series[float], after: pd.Series[float]) -> float | None:
    """What was invented (positive) or lost (negative); None within the tolerance."""
    missed = math.fsum([money(after), -money(before)])
    gross = money(before.abs())
    return missed if not abs(missed) <= max(ABSOLUTE, RELATIVE * gross) else None


class Sum(NamedTuple):
    """What the rows of one basis and day add up to, exactly, and without their signs."""

    net: float = 0.0
    gross: float = 0.0


Sums = Mapping[tuple[str, "pd.Timestamp"], Sum]
"""By basis and day."""


def sums_of(rows: pd.DataFrame) -> Sums:
    """The sums of a frame of schema `allocation`."""
    groups = rows.groupby(["basis", "day"], observed=True, sort=True)["cost"]
    found: dict[tuple[str, pd.Timestamp], Sum] = {}
    for (basis, day), amounts in groups:
        net = money(amounts)
        found[str(basis), cast("pd.Timestamp", day)] = Sum(
            net, money(amounts.abs()) if amounts.min() < 0 else net
        )
    return found


def require_conserved(
    before: Sums, after: Sums, policy: Chosen[AllocationPolicy], currency: str
) -> None:
    """Stop a policy that lost or invented money, or moved it to another day or basis.

    Moving money between owners never makes the gross amount larger: a policy that adds an
    amount to one owner and takes it from another has made up both.

    Args:
        before: of what the policy was given.
        after: of what it made of it.

    Raises:
        ContractError: names the policy, its author, the amount, the day and the basis.
    """
    name = f"policy `{policy.name}` ({policy.author})"
    for position, column in enumerate(("basis", "day")):
        strange = {key[position] for key in after} - {key[position] for key in before}
        if strange:
            raise ContractError(
                f"{name} returned rows of another {column}: {_short(min(strange))}",
                hint="a policy moves cost between owners, never between days or bases",
            )
    for basis, day in sorted({*before, *after}):
        was, now = before.get((basis, day), Sum()), after.get((basis, day), Sum())
        missed = math.fsum([now.net, -was.net])
        if not abs(missed) <= max(ABSOLUTE, RELATIVE * was.gross):
            raise ContractError(
                f"{name} {'invented' if missed > 0 else 'lost'} {amount(missed)} {currency}"
                f" on {_short(day)} (basis {basis})",
                hint="report it to the plugin's author, or leave the policy out of `run.policies`",
            )
        made_up = now.gross - was.gross
        if made_up > max(_CENT, RELATIVE * was.gross):
            raise ContractError(
                f"{name} made {amount(made_up)} {currency} of opposite amounts that cancel out"
                f" on {_short(day)} (basis {basis})",
                hint="a policy shares out the amounts it is given, and adds none of its own",
            )


def amount(value: float) -> str:
    """An amount for a message: cents, or three digits where cents would show nothing."""
    value = abs(value)
    return f"{value:,.2f}" if value >= 0.005 else f"{value:.3g}"


def _short(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if hasattr(value, "year") else f"`{value}`"


def require_all(costs: Costs, bases: Sequence[str], out: AllocationFrame, currency: str) -> None:
    """Nothing fell between the days: the window's cost is all there, in each basis.

    Raises:
        ContractError: some of it is not.
    """
    import pandas as pd

    for basis in bases:
        given = pd.concat(
            [f.loc[f["basis"] == basis, "cost"] for f in (costs.assets, costs.shared)]
        )
        missed = gap(given, out.loc[out["basis"] == basis, "cost"])
        if missed is not None:
            raise ContractError(
                f"allocation at {basis} cost misses {amount(missed)} {currency} of the cluster's"
                " cost: some of it lies outside the window's days",
                hint="this is a defect in burn or the billing provider; report it",
            )
