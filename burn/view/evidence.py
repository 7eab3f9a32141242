"""What stands behind a driver's amount, in one short line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from burn.api import schemas
from burn.api.money import count
from burn.text.clean import clean

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Observed and billed amount in one unit; None where the ledger states none."""

    unit: str
    observed: float | None
    billed: float | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ledger rows of one driver, counted.

    Attributes:
        subjects: distinct assets by kind, e.g. (("node", 4),), then whatever else there is.
        lines: bill lines.
        quantities: by unit, largest first.
        confidence: the lowest that any of the amount rests on.
        methods: how subjects were tied to the cluster, sorted.
    """

    subjects: tuple[tuple[str, int], ...]
    lines: int
    quantities: tuple[Quantity, ...]
    confidence: str
    methods: tuple[str, ...]

    def __str__(self) -> str:
        """`3 nodes · 1,204 bill lines · 2,210.0 hours observed, 2,232.0 billed · …`."""
        parts = [", ".join(count(number, noun) for noun, number in self.subjects)]
        if self.lines:
            parts.append(count(self.lines, "bill line"))
        parts += [text for q in self.quantities if (text := _quantity(q))]
        if self.methods:
            parts.append(f"matched by {', '.join(self.methods)}")
        parts.append(f"confidence {self.confidence}")
        return " · ".join(parts)


def evidence(rows: pd.DataFrame, noun: str = "resource") -> Evidence:
    """Count ledger rows (schema `ledger`), all of one driver or service.

    Args:
        rows: some of the ledger.
        noun: what a subject that is no observed asset is called.
    """
    with_unit = rows[rows["unit"].astype(str) != ""]
    sums = with_unit.groupby(with_unit["unit"].astype(str))[["observed", "billed"]].sum(min_count=1)
    size = sums.fillna(0.0).max(axis="columns")
    order = sorted(sums.index, key=lambda unit: (-size[unit], unit))
    counted = rows[rows["amount"].abs() > 0]
    found = set(counted["confidence"].astype(str) if len(counted) else rows["confidence"])
    methods = {clean(str(method)) for method in rows["method"].unique()} - {""}
    return Evidence(
        subjects=_subjects(rows["subject"], noun),
        lines=int(rows["lines"].sum()),
        quantities=tuple(
            Quantity(u, _some(sums.at[u, "observed"]), _some(sums.at[u, "billed"])) for u in order
        ),
        confidence=max(found, key=CONFIDENCES.index, default="high"),
        methods=tuple(sorted(methods)),
    )


def _subjects(column: pd.Series[Any], noun: str) -> tuple[tuple[str, int], ...]:
    """Distinct subjects by the kind an asset id begins with, in the kinds' order."""
    names = column.astype(str).drop_duplicates()
    kinds = names.str.split("/", n=1).str[0]
    kinds = kinds.where(kinds.isin(schemas.ASSET_KINDS) & names.str.contains("/"), noun)
    found = kinds.value_counts()
    order = (*schemas.ASSET_KINDS, noun)
    return tuple((kind.replace("_", " "), int(found[kind])) for kind in order if kind in found)


def _some(value: Any) -> float | None:
    return None if math.isnan(value) else float(value)


def _quantity(quantity: Quantity) -> str:
    observed, billed, unit = quantity.observed, quantity.billed, quantity.unit
    if observed is not None and billed is not None:
        return f"{observed:,.1f} {unit} observed, {billed:,.1f} billed"
    if observed is not None:
        return f"{observed:,.1f} {unit} observed"
    return f"{billed:,.1f} {unit} billed" if billed is not None else ""
