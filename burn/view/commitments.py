"""What a report says of the commitments on its bill, a row each, in words and in cents a month."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api.find import MONTH_HOURS
from burn.api.money import cents, figure
from burn.findings.commitments import ON_DEMAND, how

if TYPE_CHECKING:
    from burn.api import Report

UNKNOWN = "not on the bill"
HEADS = ("used", "cost", "of it here", "on demand", "ends")
"""Of columns: see `Held`."""


@dataclass(frozen=True, slots=True)
class Held:
    """One commitment; amounts are cents a month at the window's use.

    Attributes:
        label: the end of its id, which tells it apart for people, or its name.
        what: kind, what it covers, its term, how it is paid, as far as the bill says.
        ends: its last day, or that the bill does not say.
        utilised: part of it that covered usage, 0 to 1; None: it cost nothing.
        cost: what it cost, unused included, in scope.
        cluster: what the cluster's nodes had of it.
        on_demand: what they would cost without it; None: not known.
    """

    label: str
    what: str
    ends: str
    utilised: float | None
    cost: int
    cluster: int
    on_demand: int | None


@dataclass(frozen=True, slots=True)
class Commitments:
    """All of a report.

    Attributes:
        rows: the next to end first.
        open: cents a month of the cluster's nodes that no commitment covers, spot apart.
        coverage: part of what those and the covered would cost on demand that is covered; None: not
            known of some.
    """

    rows: tuple[Held, ...]
    open: int
    coverage: float | None


def commitments(report: Report) -> Commitments | None:
    """None: the report has no bill, or was kept by a burn that did not know."""
    frame = report.commitments
    if frame is None:
        return None
    month = MONTH_HOURS / report.info.window.hours
    of_none = frame["kind"] == ON_DEMAND
    held, rest = frame[~of_none], frame.loc[of_none, "cluster_cost"].sum()
    without = held["on_demand_cost"]
    whole = float(without.sum() + rest)
    known = not without.isna().any() and whole > 0
    return Commitments(
        rows=tuple(_held(row, month) for row in held.to_dict("records")),
        open=cents(float(rest) * month),
        coverage=float(without.sum()) / whole if known else None,
    )


def sentence(found: Commitments) -> str:
    """How much of the cluster's nodes is covered, without a full stop."""
    if not found.rows:
        return "No commitment is on the bill"
    if found.coverage is None:
        return "What part of the cluster's nodes is covered is not known: the bill does not say what they cost on demand"
    return f"{found.coverage:.0%} of what the cluster's nodes other than spot would cost on demand is covered"


def cells(one: Held) -> list[str]:
    """Under `HEADS`."""
    return [
        "" if one.utilised is None else f"{one.utilised:.1%}",
        figure(one.cost),
        figure(one.cluster),
        "not known" if one.on_demand is None else figure(one.on_demand),
        one.ends,
    ]


def _held(row: Mapping[Any, Any], month: float) -> Held:
    cost = row["used_cost"] + row["unused_cost"]
    own = str(row["commitment_discount_id"])
    # An ARN ends in what tells it apart; what is no resource id has no such end.
    label = own.rpartition("/")[2] if own.startswith(("arn:", "/")) else own
    return Held(
        label=row["name"] or label,
        what=_what(row),
        ends=UNKNOWN if row["end"] != row["end"] else f"{row['end']:%Y-%m-%d}",
        utilised=row["used_cost"] / cost if cost > 0 else None,
        cost=cents(cost * month),
        cluster=cents(row["cluster_cost"] * month),
        on_demand=(
            None
            if row["on_demand_cost"] != row["on_demand_cost"]
            else cents(row["on_demand_cost"] * month)
        ),
    )


def _what(row: Mapping[Any, Any]) -> str:
    """`savings plan for any family, 1 year, nothing upfront`."""
    covers = {"any": " for any family", "family": f" for {row['family']}"}.get(row["bound"], "")
    where = f" in {row['region']}" if row["region"] else ""
    bought = how(row["months"], row["upfront"]) or "its term is not on the bill"
    if math.isnan(row["months"]) and row["upfront"]:
        bought = f"its term is not on the bill, {bought}"
    kind = row["kind"] or "commitment"
    kind = f"{kind} commitment" if kind.endswith("-based") else kind
    return f"{kind}{covers}{where}, {bought}"
